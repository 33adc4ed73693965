# Proofs of the core, and changed copies that cannot be proved. Without the tools the tests are skipped.

set(PROVE ${CMAKE_CURRENT_LIST_DIR}/prove)

# add_proof(TEST FILE)
function(add_proof test file)
  add_test(NAME proof.${test} COMMAND ${PROVE} ${CMAKE_CURRENT_BINARY_DIR}/proof/${test} ${file})
  set_tests_properties(proof.${test} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

# add_no_proof(TEST FILE FUNCTION CHANGE): the change is for sed.
function(add_no_proof test file function change)
  add_test(NAME proof.${test} COMMAND ${PROVE} ${CMAKE_CURRENT_BINARY_DIR}/proof/${test} ${file} ${function} ${change})
  set_tests_properties(proof.${test} PROPERTIES SKIP_RETURN_CODE 77
    PASS_REGULAR_EXPRESSION "proved of ${file}.c, ${function}: [0-9]+ of [1-9][0-9]* goals")
endfunction()

add_proof(Memory_AnyArgument_StaysWithinThePortsRanges vgpio_memory)
add_proof(Publish_AnyArgument_StaysWithinThePortsRanges vgpio_publish)
add_proof(Doorbell_InterruptedAnywhere_LosesNoBit vgpio_doorbell)
add_proof(Edges_InterruptedAnywhere_LoseNoBit vgpio_edges)

add_no_proof(Locate_BoundOneTooFar_IsNotProved vgpio_memory vgpio_locate "s/offset < range->length/offset <= range->length/")
add_no_proof(Read_LastWordTooLong_IsNotProved vgpio_memory copy_from "s/count >= 4/count >= 3/")
add_no_proof(Guard_CanaryNotLocated_IsNotProved vgpio_publish locate_guard "s/ && guard->canary != NULL//")
add_no_proof(Doorbells_BitsOfTheSecondTakingDropped_IsNotProved vgpio_doorbell vgpio_doorbells_take
  "s/return bits . VGPIO_EXCHANGE(&ringing, 0)/VGPIO_EXCHANGE(\\&ringing, 0)$<SEMICOLON> return bits/")
add_no_proof(Edges_NeighboursCleared_IsNotProved vgpio_edges take "s/(&fell\\[slot . SLOTS_A_WORD\\], ~bit)/(\\&fell[slot \\/ SLOTS_A_WORD], 0)/")
