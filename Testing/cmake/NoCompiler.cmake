# Toolchain file: project() asks for a C and a C++ compiler, which a Python extension never uses. With this file it
# takes any program for one and does not try it, so that the tests run on machines without compilers.

foreach(language C CXX)
  set(CMAKE_${language}_COMPILER ${CMAKE_COMMAND})
  set(CMAKE_${language}_COMPILER_FORCED TRUE)
endforeach()
