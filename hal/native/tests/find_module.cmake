# Finds the natives by the module in a folder, as a build of nanoCLR does, and checks that what it names exists.
#
#   cmake -P find_module.cmake FOLDER
set(CMAKE_MODULE_PATH ${CMAKE_ARGV3})
set(VGPIO_PORT_SOURCES ${CMAKE_CURRENT_LIST_DIR}/fake/fake_port.c)
set(VGPIO_PORT_INCLUDES ${CMAKE_CURRENT_LIST_DIR}/fake)
find_package(INTEROP-VirtioGpio.Hal.Native REQUIRED)

foreach(file IN LISTS VirtioGpio.Hal.Native_SOURCES VirtioGpio.Hal.Native_INCLUDE_DIRS)
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "${file} does not exist")
  endif()
endforeach()
