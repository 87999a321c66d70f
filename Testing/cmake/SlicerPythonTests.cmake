# slicer_add_python_unittest(SCRIPT x.py [SLICER_ARGS ...] [TESTNAME_PREFIX p]) and
# slicer_add_python_test(SCRIPT x.py [SLICER_ARGS ...] [TESTNAME_PREFIX p] [SCRIPT_ARGS ...]): ctest entries with
# Slicer's names, run by Testing/harness over the modules of the build tree.

# add_test for `python -m harness COMMAND NAME ...`.
function(_slicer_add_harness_test test command name)
  add_test(NAME ${test} COMMAND ${Python3_EXECUTABLE} -m harness ${command} ${name}
    --modules ${CMAKE_BINARY_DIR}/${Slicer_QTSCRIPTEDMODULES_LIB_DIR} ${ARGN})
  set_tests_properties(${test} PROPERTIES
    RUN_SERIAL TRUE
    ENVIRONMENT "PYTHONPATH=${Slicer_HARNESS_PARENT};QT_QPA_PLATFORM=offscreen"
    )
endfunction()

# Parse the arguments of both macros; sets TEST_* and `stem` for the caller.
macro(_slicer_parse_python_test)
  cmake_parse_arguments(TEST "" "SCRIPT;TESTNAME_PREFIX" "SLICER_ARGS;SCRIPT_ARGS" ${ARGN})
  if(TEST_UNPARSED_ARGUMENTS OR NOT TEST_SCRIPT)
    message(FATAL_ERROR "a Python test needs SCRIPT, and knows no '${TEST_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${TEST_SCRIPT})
    message(FATAL_ERROR "there is no test script '${TEST_SCRIPT}' in ${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  get_filename_component(stem ${TEST_SCRIPT} NAME_WE)
endmacro()

function(slicer_add_python_unittest)
  _slicer_parse_python_test(${ARGN})
  _slicer_add_harness_test(py_${TEST_TESTNAME_PREFIX}${stem} unittest ${stem} --path ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()

function(slicer_add_python_test)
  _slicer_parse_python_test(${ARGN})
  _slicer_add_harness_test(py_${TEST_TESTNAME_PREFIX}${stem} script ${CMAKE_CURRENT_SOURCE_DIR}/${TEST_SCRIPT}
    --arguments ${TEST_SCRIPT_ARGS})
endfunction()
