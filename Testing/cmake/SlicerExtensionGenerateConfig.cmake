# Writes <name>Config.cmake, and refuses an extension whose metadata is missing.

foreach(part HOMEPAGE CONTRIBUTORS DESCRIPTION ICONURL SCREENSHOTURLS DEPENDS)
  if("${EXTENSION_${part}}" STREQUAL "")
    message(FATAL_ERROR "EXTENSION_${part} is not set")
  endif()
endforeach()
set(EXTENSION_NAME ${PROJECT_NAME})
file(WRITE ${CMAKE_BINARY_DIR}/${EXTENSION_NAME}Config.cmake "set(${EXTENSION_NAME}_FOUND TRUE)\n")
