# The suites without threads on a Cortex-M4, in QEMU. Without compiler or QEMU the tests are there all the same, and are skipped.

set(MPS2 ${CMAKE_CURRENT_LIST_DIR})
find_program(ARM_GCC arm-none-eabi-gcc)
# As a target of nanoCLR for this core is compiled. uint32_t is a long here, so the desktop checks the formats.
set(MPS2_FLAGS -std=c11 -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -O2 -ffreestanding -fno-tree-loop-distribute-patterns
  -Wall -Wextra -Werror -Wshadow -Wundef -Wcast-qual -Wpointer-arith -Wno-format ${FOR_C})
set(MPS2_SOURCES check.c ${MPS2}/mps2.c ${MPS2}/mps2_semaphore.c ${MPS2}/library.c ${FAKE_RING} fake/fake_port.c ${CORE})

# add_mps2_program(NAME SOURCE FLAGS...): builds NAME.elf.
function(add_mps2_program name source)
  if(ARM_GCC)
    set(program ${CMAKE_CURRENT_BINARY_DIR}/${name}.elf)
    file(GLOB headers *.h fake/*.h ${MPS2}/*.h ${MPS2}/*/*.h ${NATIVE}/core/*.h ${NATIVE}/port/*.h)
    add_custom_command(OUTPUT ${program}
      COMMAND ${ARM_GCC} ${MPS2_FLAGS} ${ARGN} -I ${MPS2} -isystem ${MPS2}/include -I . -I fake -I ${NATIVE}/core -I ${NATIVE}/port
        ${source} ${MPS2_SOURCES} -nostdlib -lgcc -T ${MPS2}/mps2.ld -Wl,--fatal-warnings -o ${program}
      WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
      DEPENDS ${source} ${MPS2_SOURCES} ${MPS2}/mps2.ld ${headers})
    add_custom_target(${name} ALL DEPENDS ${program})
  endif()
endfunction()

# add_mps2_suite(NAME SOURCE FLAGS...): a program, and a test for each TEST() of SOURCE.
function(add_mps2_suite name source)
  add_mps2_program(${name} ${source} ${ARGN})
  add_tests(${name} ${source} ${MPS2}/run ${CMAKE_CURRENT_BINARY_DIR}/${name}.elf)
endfunction()

# An unaligned access traps, as it does in memory that is mapped as a device. Elsewhere a Cortex-M4 allows it and the compiler makes
# use of that; it does not in these programs, so each access that traps is one of the source.
foreach(suite memory number publish guard doorbell edges pads)
  add_mps2_suite(${suite}_mps2_tests ${suite}_tests.c -mno-unaligned-access -DMPS2_TRAPS_UNALIGNED)
endforeach()
add_mps2_suite(trap_mps2_tests ${MPS2}/trap_tests.c -mno-unaligned-access -DMPS2_TRAPS_UNALIGNED)

# Here the machine code of the core is the one of a target.
set(SWEEPS -I ${MPS2}/interrupts)
list(APPEND MPS2_SOURCES ${MPS2}/sweep.c)
add_mps2_suite(interrupt_mps2_tests ${MPS2}/interrupt_tests.c ${SWEEPS})
add_mps2_suite(mask_mps2_tests ${MPS2}/mask_tests.c ${SWEEPS})

# Changed copies, and what notices each.
function(add_mps2_copy name source flag test)
  if(NOT TARGET ${name})
    add_mps2_program(${name} ${source} ${SWEEPS} -D${flag})
  endif()
  add_test(NAME ${name}.${test}_Notices COMMAND ${MPS2}/run ${CMAKE_CURRENT_BINARY_DIR}/${name}.elf ${test})
  set_tests_properties(${name}.${test}_Notices PROPERTIES SKIP_RETURN_CODE 77 PASS_REGULAR_EXPRESSION "(_tests|_semaphore)\\.c:[0-9]+: ")
endfunction()
foreach(test DoorbellsTake_InterruptedAnywhere_LosesNoBitAndNoWakeup EdgesTake_InterruptedAnywhere_LosesNoEdgeAndGivesNoneTwice)
  add_mps2_copy(atomics_in_two_mps2 ${MPS2}/interrupt_tests.c MPS2_ATOMICS_IN_TWO ${test})
endforeach()
foreach(test Publish_InterruptedAnywhere_WritesNothingIntoTheNextRing Write_InterruptedAnywhere_WritesNothingIntoTheNextRing)
  add_mps2_copy(unmasked_mps2 ${MPS2}/mask_tests.c MPS2_MASKS_NOTHING ${test})
endforeach()
