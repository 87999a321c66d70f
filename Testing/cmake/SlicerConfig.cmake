# Stand-in of the package that `find_package(Slicer)` finds in a Slicer build: configures, builds, installs and packs
# a scripted extension, and runs its tests with Testing/harness. Same macro names and arguments as in Slicer, own code;
# what Slicer lets pass silently (a path that leaves the folder, metadata that is missing) is an error here.

if(NOT PROJECT_NAME)
  message(FATAL_ERROR "find_package(Slicer) comes after project()")
endif()

set(Slicer_VERSION 5.13.0)
set(Slicer_VERSION_MAJOR 5)
set(Slicer_VERSION_MINOR 13)
set(Slicer_USE_PYTHONQT ON)
set(Slicer_QTSCRIPTEDMODULES_LIB_DIR lib/Slicer-5.13/qt-scripted-modules)
set(Slicer_INSTALL_QTSCRIPTEDMODULES_LIB_DIR ${Slicer_QTSCRIPTEDMODULES_LIB_DIR})
set(Slicer_USE_FILE ${CMAKE_CURRENT_LIST_DIR}/UseSlicer.cmake)
set(Slicer_EXTENSION_GENERATE_CONFIG ${CMAKE_CURRENT_LIST_DIR}/SlicerExtensionGenerateConfig.cmake)
set(Slicer_EXTENSION_CPACK ${CMAKE_CURRENT_LIST_DIR}/SlicerExtensionCPack.cmake)
set(Slicer_FOUND TRUE)
