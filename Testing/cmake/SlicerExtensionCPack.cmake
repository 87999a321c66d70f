# Prepares `cpack`: one archive with what `install` installs, named after the extension.

if(NOT EXTENSION_NAME)
  message(FATAL_ERROR "Slicer_EXTENSION_CPACK is included after Slicer_EXTENSION_GENERATE_CONFIG")
endif()
foreach(part README LICENSE)
  if(NOT EXISTS "${EXTENSION_${part}_FILE}")
    message(FATAL_ERROR "EXTENSION_${part}_FILE is not set to a file of the repository: Slicer's own would be packed")
  endif()
endforeach()

set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_NAME ${EXTENSION_NAME})
set(CPACK_PACKAGE_VERSION ${Slicer_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${EXTENSION_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_README ${EXTENSION_README_FILE})
set(CPACK_RESOURCE_FILE_LICENSE ${EXTENSION_LICENSE_FILE})
include(CPack)
