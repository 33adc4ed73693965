// trap_tests: what the other suites on this core rest on: an access that is not aligned ends the program.
//
// Spec:    ARMv7-M Architecture Reference Manual, "Configuration and Control Register".
// Trusts:  -
// Thread:  one.
// Memory:  static.

#include "check.h"
#include "fake_port.h"
#include "mps2.h"

static void expect_unaligned(void)
{
    CHECK((MPS2_FAULT & MPS2_FAULT_UNALIGNED) != 0);
    exit(0);
}

static void access_word(uintptr_t address)
{
    mps2_on_fault = expect_unaligned;
    (void)*(volatile uint32_t *)address;
    CHECK(!"an access that is not aligned traps");
}

TEST(Word_AtOddAddress_Traps)
{
    access_word((uintptr_t)fake_memory + 1);
}

TEST(Word_AtHalfOfOne_Traps)
{
    access_word((uintptr_t)fake_memory + 2);
}

TEST(HalfWord_AtOddAddress_Traps)
{
    mps2_on_fault = expect_unaligned;
    *(volatile uint16_t *)((uintptr_t)fake_memory + 1) = 7;
    CHECK(!"an access that is not aligned traps");
}

TEST(Byte_AtOddAddress_IsAllowed)
{
    *(volatile uint8_t *)((uintptr_t)fake_memory + 1) = 7;
    CHECK_EQUAL(7, fake_memory[1]);
}
