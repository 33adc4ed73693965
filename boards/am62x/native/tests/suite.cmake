# The tests of the AM62x's port, for hal/native/tests: against a fake register file, and linked for the Cortex-M4F.

set(AM62X ${CMAKE_CURRENT_LIST_DIR}/..)
foreach(suite am62x am62x_pins)
  add_suite(${suite}_tests ${CMAKE_CURRENT_LIST_DIR}/${suite}_tests.c "${MEMORY_SANITIZERS}"
    ${CMAKE_CURRENT_LIST_DIR}/fake_am62x.c ${CMAKE_CURRENT_LIST_DIR}/fake_am62x_target.c
    ${AM62X}/vgpio_port_am62x.c ${AM62X}/vgpio_pins_am62x.c ${AM62X}/am62x_map.c)
  target_compile_definitions(${suite}_tests PRIVATE AM62X_FAKE_REGISTERS)
endforeach()

add_test(NAME cross.Am62x_NativesAndPort_LinkIntoTheMemoryMap
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/link ${CMAKE_CURRENT_BINARY_DIR}/am62x)
set_tests_properties(cross.Am62x_NativesAndPort_LinkIntoTheMemoryMap PROPERTIES SKIP_RETURN_CODE 77)
