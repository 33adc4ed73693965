# Finds the natives of VirtioGpio.Hal.Native for a build of nanoCLR that names the assembly in NF_INTEROP_ASSEMBLIES.
#
# This file is where it belongs in hal/native, or in nanoFramework's CMake/Modules; then hal/native is at
# InteropAssemblies/VirtioGpio.Hal.Native. The port's own files are these:
#
#   VGPIO_PORT_SOURCES   a list of files; by default vgpio_port.c or vgpio_port.cpp in the target's folder
#   VGPIO_PORT_INCLUDES  a list of folders, for vgpio_port_config.h; by default the target's folder
#   VGPIO_OWN_PINS       ON: the port has its pins itself; by default they are CPU_GPIO's

find_path(VGPIO_FOLDER core/vgpio_core.h
  PATHS ${CMAKE_CURRENT_LIST_DIR}/.. ${CMAKE_CURRENT_LIST_DIR}/../../InteropAssemblies/VirtioGpio.Hal.Native
  NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH
  DOC "the folder hal/native")
option(VGPIO_OWN_PINS "the port has its pins itself")

if(NOT VGPIO_PORT_SOURCES)
  file(GLOB VGPIO_PORT_SOURCES ${TARGET_BASE_LOCATION}/vgpio_port.c ${TARGET_BASE_LOCATION}/vgpio_port.cpp)
  set(VGPIO_PORT_INCLUDES ${TARGET_BASE_LOCATION})
endif()
if(NOT VGPIO_PORT_SOURCES)
  message(FATAL_ERROR "VirtioGpio.Hal.Native: the target has no vgpio_port.c; see ${VGPIO_FOLDER}/README.md")
endif()

set(VirtioGpio.Hal.Native_INCLUDE_DIRS
  ${VGPIO_FOLDER}/interop
  ${VGPIO_FOLDER}/core
  ${VGPIO_FOLDER}/port
  ${VGPIO_PORT_INCLUDES})

set(VirtioGpio.Hal.Native_SOURCES
  ${VGPIO_FOLDER}/interop/VirtioGpio_Hal_Native.cpp
  ${VGPIO_FOLDER}/interop/VirtioGpio_Hal_Native_Mailbox.cpp
  ${VGPIO_FOLDER}/interop/VirtioGpio_Hal_Native_Pads.cpp
  ${VGPIO_FOLDER}/interop/VirtioGpio_Hal_Native_SharedMemory.cpp
  ${VGPIO_FOLDER}/core/vgpio_doorbell.c
  ${VGPIO_FOLDER}/core/vgpio_edges.c
  ${VGPIO_FOLDER}/core/vgpio_memory.c
  ${VGPIO_FOLDER}/core/vgpio_pads.c
  ${VGPIO_FOLDER}/core/vgpio_publish.c
  ${VGPIO_FOLDER}/core/vgpio_start.c
  ${VGPIO_PORT_SOURCES})
if(NOT VGPIO_OWN_PINS)
  list(APPEND VirtioGpio.Hal.Native_SOURCES ${VGPIO_FOLDER}/port/cpu_gpio/vgpio_pins_cpu_gpio.cpp)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(INTEROP-VirtioGpio.Hal.Native DEFAULT_MSG
  VGPIO_FOLDER VirtioGpio.Hal.Native_INCLUDE_DIRS VirtioGpio.Hal.Native_SOURCES)
