# The tests of the emulated board's port, for hal/native/tests: each with a board process of its own.

set(PORT ${CMAKE_CURRENT_LIST_DIR}/..)
set(LAUNCHER ${CMAKE_CURRENT_LIST_DIR}/with-board)
add_suite(board_tests ${CMAKE_CURRENT_LIST_DIR}/board_tests.c "${MEMORY_SANITIZERS}"
  ${CORE} ${PORT}/vgpio_port_emulated.c ${PORT}/vgpio_pins_emulated.c)
unset(LAUNCHER)
