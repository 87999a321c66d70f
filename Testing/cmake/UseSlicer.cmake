# What ${Slicer_USE_FILE} brings: the option BUILD_TESTING and the macros of scripted modules and their tests.

option(BUILD_TESTING "Test the extension" ON)
if(BUILD_TESTING)
  enable_testing()
endif()

find_package(Python3 REQUIRED COMPONENTS Interpreter)
get_filename_component(_harness_parent ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
set(Slicer_HARNESS_PARENT ${_harness_parent} CACHE INTERNAL "Folder that contains the package harness")

include(${CMAKE_CURRENT_LIST_DIR}/SlicerScriptedModule.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/SlicerPythonTests.cmake)
