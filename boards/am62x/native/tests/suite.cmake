# The tests of the AM62x's port, for hal/native/tests: against a fake register file, and linked for the Cortex-M4F.

set(AM62X ${CMAKE_CURRENT_LIST_DIR}/..)
add_suite(am62x_tests ${CMAKE_CURRENT_LIST_DIR}/am62x_tests.c "${MEMORY_SANITIZERS}"
  ${CMAKE_CURRENT_LIST_DIR}/fake_am62x.c ${AM62X}/vgpio_port_am62x.c ${AM62X}/vgpio_pins_am62x.c ${AM62X}/am62x_map.c)
target_compile_definitions(am62x_tests PRIVATE AM62X_FAKE_REGISTERS)

add_test(NAME cross.Am62x_NativesAndPort_LinkIntoTheMemoryMap
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/link ${CMAKE_CURRENT_BINARY_DIR}/am62x)
set_tests_properties(cross.Am62x_NativesAndPort_LinkIntoTheMemoryMap PROPERTIES SKIP_RETURN_CODE 77)
