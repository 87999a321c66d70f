# slicerMacroBuildScriptedModule(NAME n SCRIPTS ... RESOURCES ... [WITH_GENERIC_TESTS] [WITH_SUBDIR] [VERBOSE])
# Copies the named files into the build tree and installs them; sub-folders keep their relative path.

# Absolute path of a listed file in `result`; ".py" may be left out of a script's name.
function(_slicer_listed_file kind name result)
  if(IS_ABSOLUTE "${name}" OR "${name}" MATCHES "(^|/)\\.\\.(/|$)")
    message(FATAL_ERROR "slicerMacroBuildScriptedModule(${kind}): '${name}' leaves the folder of the module")
  endif()
  if(kind STREQUAL "SCRIPTS" AND NOT name MATCHES "\\.py$")
    string(APPEND name ".py")
  endif()
  if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name} OR IS_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/${name})
    message(FATAL_ERROR "slicerMacroBuildScriptedModule(${kind}): there is no file '${name}'")
  endif()
  set(${result} ${name} PARENT_SCOPE)
endfunction()

# Copy one file at build time, install it with the rest.
function(_slicer_place_file name subdir)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  set(copy ${CMAKE_BINARY_DIR}/${Slicer_QTSCRIPTEDMODULES_LIB_DIR}${subdir}/${name})
  add_custom_command(
    OUTPUT ${copy}
    COMMAND ${CMAKE_COMMAND} -E copy ${source} ${copy}
    DEPENDS ${source}
    VERBATIM
    )
  get_filename_component(folder "${subdir}/${name}" DIRECTORY)
  install(FILES ${source} DESTINATION ${Slicer_INSTALL_QTSCRIPTEDMODULES_LIB_DIR}${folder})
  set(_slicer_copies ${_slicer_copies} ${copy} PARENT_SCOPE)
endfunction()

function(slicerMacroBuildScriptedModule)
  cmake_parse_arguments(MODULE "WITH_GENERIC_TESTS;WITH_SUBDIR;VERBOSE" "NAME" "SCRIPTS;RESOURCES" ${ARGN})
  if(MODULE_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "slicerMacroBuildScriptedModule: unknown arguments '${MODULE_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT MODULE_NAME)
    message(FATAL_ERROR "slicerMacroBuildScriptedModule: NAME is missing")
  endif()
  set(subdir "")
  if(MODULE_WITH_SUBDIR)
    get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
    set(subdir "/${folder}")
  endif()

  set(listed)
  set(_slicer_copies)
  foreach(kind SCRIPTS RESOURCES)
    foreach(name ${MODULE_${kind}})
      _slicer_listed_file(${kind} ${name} file)
      if(file IN_LIST listed)
        message(FATAL_ERROR "slicerMacroBuildScriptedModule: '${file}' is listed twice")
      endif()
      list(APPEND listed ${file})
      _slicer_place_file(${file} "${subdir}")
    endforeach()
  endforeach()
  add_custom_target(${MODULE_NAME} ALL DEPENDS ${_slicer_copies})
  # Finds syntax errors; one process for all files, since starting one takes longer than compiling.
  set(scripts ${_slicer_copies})
  list(FILTER scripts INCLUDE REGEX "\\.py$")
  if(scripts)
    add_custom_command(
      TARGET ${MODULE_NAME} POST_BUILD
      COMMAND ${Python3_EXECUTABLE} -m py_compile ${scripts}
      VERBATIM
      )
  endif()

  if(BUILD_TESTING AND MODULE_WITH_GENERIC_TESTS)
    _slicer_add_harness_test(py_nomainwindow_qSlicer${MODULE_NAME}ModuleGenericTest generic ${MODULE_NAME})
  endif()
endfunction()
