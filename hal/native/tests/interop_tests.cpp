// interop_tests: what the natives make of a CLR's arguments, called by the slots of their table.
//
// Spec:    hal/VirtioGpio.Hal.Native; an array that is null, a negative count or offset, an array that is too short.
// Trusts:  -
// Thread:  one.
// Memory:  static; arrays end where they end, so that the sanitizer sees a byte too many.

#include "check.h"
#include "fake_port.h"
#include "VirtioGpio_Hal_Native.h"

#include <initializer_list>
#include <vector>

namespace
{
enum Slot {
    WAIT = 0,
    NOTIFY,
    WAKE,
    NOW,
    IS_BLOCKING,
    OPEN = 6,
    MAKE_INPUT,
    DRIVE,
    SENSE,
    WATCH,
    REARM,
    TAKE_EDGES,
    SELF_TEST = 14,
    POLL,
    READ_WORDS,
    READ,
    WRITE,
    STORE,
    PUBLISH,
    SLOTS = 22
};

// One argument: a number, or an array.
struct Argument {
    CLR_RT_HeapBlock block;

    Argument(int32_t number) : block()
    {
        block.number.s4 = number;
    }
    Argument(uint32_t number) : block()
    {
        block.number.u4 = number;
    }
    Argument(CLR_RT_HeapBlock_Array *array) : block()
    {
        block.array = array;
    }
};

template <typename T> struct Array {
    std::vector<T> elements;
    CLR_RT_HeapBlock_Array array;

    Array(std::initializer_list<T> values) : elements(values), array()
    {
        array.m_numOfElements = (CLR_UINT32)elements.size();
        array.elements = reinterpret_cast<CLR_UINT8 *>(elements.data());
    }

    operator Argument()
    {
        return Argument(&array);
    }
};

CLR_RT_HeapBlock_Array *const no_array = NULL;
CLR_INT32 result;

HRESULT call(Slot slot, std::initializer_list<Argument> arguments)
{
    CLR_RT_StackFrame stack = {};
    int n = 1;
    for (const Argument &argument : arguments) {
        stack.arguments[n++] = argument.block;
    }

    stack.result = 0x55555555;
    HRESULT hr = g_CLR_AssemblyNative_VirtioGpio_Hal_Native.m_pNativeMethods[slot](stack);
    result = stack.result;
    return hr;
}
} // namespace

TEST(Table_Slots_AreEmptyForConstructorsOnly)
{
    for (int slot = 0; slot < SLOTS; slot++) {
        CHECK_EQUAL(slot == 5 || slot == 13 || slot == 21,
                    g_CLR_AssemblyNative_VirtioGpio_Hal_Native.m_pNativeMethods[slot] == NULL);
    }
}

static CLR_INT64 uptime;

CLR_INT64 CLR_RT_ExecutionEngine::GetUptime()
{
    return uptime;
}

TEST(Now_Uptime_IsItsMillisecondsAndWraps)
{
    uptime = 12349999;
    CHECK(call(NOW, {}) == S_OK && result == 1234);
    uptime = (INT64_C(0x100000000) + 5) * 10000;
    CHECK(call(NOW, {}) == S_OK && result == 5);
    uptime = INT64_C(0x80000000) * 10000;
    CHECK(call(NOW, {}) == S_OK && result == INT32_MIN);
}

TEST(SelfTest_Probe_IsComplemented)
{
    CHECK_EQUAL(S_OK, call(SELF_TEST, {0x12345678}));
    CHECK_EQUAL(~0x12345678, result);
}

TEST(Port_ThatDoesNotStart_IsAnInvalidOperation)
{
    Array<uint8_t> bytes = {1, 2, 3, 4};
    fake_starts = false;
    CHECK_EQUAL(CLR_E_INVALID_OPERATION, call(SELF_TEST, {1}));
    CHECK_EQUAL(CLR_E_INVALID_OPERATION, call(WAIT, {0}));
    CHECK_EQUAL(CLR_E_INVALID_OPERATION, call(READ, {FAKE_ADDRESS, bytes, 0, 4}));
    CHECK_EQUAL(S_OK, call(OPEN, {1}));
    CHECK_EQUAL(0, result);
}

TEST(Array_ThatIsNull_IsAnArgumentNull)
{
    Array<uint32_t> addresses = {FAKE_ADDRESS};
    Array<int32_t> numbers = {4};
    fake_reset();
    CHECK_EQUAL(CLR_E_ARGUMENT_NULL, call(POLL, {no_array, numbers, 1, numbers}));
    CHECK_EQUAL(CLR_E_ARGUMENT_NULL, call(POLL, {addresses, no_array, 1, numbers}));
    CHECK_EQUAL(CLR_E_ARGUMENT_NULL, call(POLL, {addresses, numbers, 1, no_array}));
    CHECK_EQUAL(CLR_E_ARGUMENT_NULL, call(READ_WORDS, {FAKE_ADDRESS, no_array, 0}));
    CHECK_EQUAL(CLR_E_ARGUMENT_NULL, call(READ, {FAKE_ADDRESS, no_array, 0, 0}));
    CHECK_EQUAL(CLR_E_ARGUMENT_NULL, call(WRITE, {no_array, FAKE_ADDRESS, no_array, 0, 0}));
    CHECK_EQUAL(CLR_E_ARGUMENT_NULL, call(PUBLISH, {no_array, 0, 1, 1, FAKE_ADDRESS, 0, 0}));
}

TEST(ReadAndWrite_OutsideOfTheArray_AreOutOfRange)
{
    static const int32_t bad[][2] = {
        {0, 9}, {8, 1}, {9, 0}, {-1, 1}, {0, -1}, {4, 5}, {INT32_MAX, 1}, {1, INT32_MAX}, {INT32_MIN, INT32_MIN}};
    Array<uint8_t> bytes = {1, 2, 3, 4, 5, 6, 7, 8};
    fake_reset();
    for (const int32_t *slice : bad) {
        CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(READ, {FAKE_ADDRESS, bytes, slice[0], slice[1]}));
        CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(WRITE, {no_array, FAKE_ADDRESS, bytes, slice[0], slice[1]}));
    }

    CHECK_EQUAL(S_OK, call(WRITE, {no_array, FAKE_ADDRESS + 1, bytes, 3, 5}));
    CHECK(fake_memory[0] == 0xA5 && fake_memory[1] == 4 && fake_memory[5] == 8 && fake_memory[6] == 0xA5);
    CHECK_EQUAL(S_OK, call(READ, {FAKE_ADDRESS + 1, bytes, 0, 3}));
    CHECK(bytes.elements[0] == 4 && bytes.elements[2] == 6 && bytes.elements[3] == 4);
    CHECK_EQUAL(S_OK, call(READ, {FAKE_ADDRESS, bytes, 8, 0}));
}

TEST(Memory_OutsideOfThePorts_IsOutOfRange)
{
    Array<uint8_t> bytes = {1, 2, 3, 4};
    Array<int32_t> words = {1};
    Array<uint32_t> addresses = {FAKE_ADDRESS - 4};
    Array<int32_t> sizes = {4};
    Array<uint32_t> ring = {FAKE_ADDRESS + 40, 7, FAKE_ADDRESS + 41, 0xC5, FAKE_ADDRESS + 32, FAKE_ADDRESS, 4};
    fake_reset();
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(READ, {FAKE_ADDRESS - 1, bytes, 0, 4}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(WRITE, {no_array, UINT32_MAX, bytes, 0, 4}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(READ_WORDS, {UINT32_MAX - 2, words, 1}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(POLL, {addresses, sizes, 1, words}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(STORE, {0u, 1, 4}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(STORE, {FAKE_ADDRESS, 1, 3}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(PUBLISH, {ring, 0, 1, 1, 0u, 0, 1}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(PUBLISH, {ring, 0, 1, 1, 0u, 0, 3}));
    ring.elements[VGPIO_RING_STATUS_ADDRESS] = 0;
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(PUBLISH, {ring, 0, 1, 1, 0u, 0, 0}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(WRITE, {ring, FAKE_ADDRESS, bytes, 0, 4}));
}

TEST(Words_MoreThanTheArrayHolds_AreOutOfRange)
{
    Array<int32_t> words = {1, 2};
    Array<uint32_t> addresses = {FAKE_ADDRESS, FAKE_ADDRESS + 4};
    Array<int32_t> sizes = {4, 4};
    Array<int32_t> one = {4};
    fake_reset();
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(READ_WORDS, {FAKE_ADDRESS, words, 3}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(READ_WORDS, {FAKE_ADDRESS, words, -1}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(POLL, {addresses, one, 2, words}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(POLL, {addresses, sizes, 2, one}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(POLL, {addresses, sizes, 3, words}));
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(POLL, {addresses, sizes, -1, words}));
    CHECK_EQUAL(S_OK, call(POLL, {addresses, sizes, 2, words}));
    CHECK_EQUAL(3, result);
    CHECK_EQUAL((int32_t)0xA5A5A5A5, words.elements[1]);
    CHECK_EQUAL(S_OK, call(READ_WORDS, {FAKE_ADDRESS, words, 2}));
}

TEST(Ring_WithTooFewWords_IsOutOfRange)
{
    Array<uint8_t> bytes = {1, 2, 3, 4};
    Array<uint32_t> three = {FAKE_ADDRESS + 40, 0xA5, FAKE_ADDRESS + 41};
    Array<uint32_t> four = {FAKE_ADDRESS + 40, 0xA5, FAKE_ADDRESS + 41, 0xA5};
    Array<uint32_t> six = {FAKE_ADDRESS + 40, 0xA5, FAKE_ADDRESS + 41, 0xA5, FAKE_ADDRESS + 32, FAKE_ADDRESS};
    fake_reset();
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(WRITE, {three, FAKE_ADDRESS, bytes, 0, 4}));
    CHECK_EQUAL(0xA5, fake_memory[0]);
    CHECK_EQUAL(S_OK, call(WRITE, {four, FAKE_ADDRESS, bytes, 0, 4}));
    CHECK(result == 1 && fake_memory[0] == 1);
    CHECK_EQUAL(CLR_E_OUT_OF_RANGE, call(PUBLISH, {six, 0, 1, 1, 0u, 0, 0}));
}

TEST(StoreAndPublish_Arguments_ComeInTheirOrder)
{
    Array<uint32_t> ring = {FAKE_ADDRESS + 40, 7, FAKE_ADDRESS + 41, 0xC5, FAKE_ADDRESS + 32, FAKE_ADDRESS, 4};
    fake_reset();
    CHECK_EQUAL(S_OK, call(STORE, {FAKE_ADDRESS + 40, 0x1122C507, 2}));
    CHECK(fake_memory[40] == 7 && fake_memory[41] == 0xC5 && fake_memory[42] == 0xA5);
    CHECK_EQUAL(S_OK, call(PUBLISH, {ring, 2, 0x11, 0x22, FAKE_ADDRESS + 51, 0x5544, 2}));
    CHECK(fake_memory[20] == 0x11 && fake_memory[24] == 0x22 && fake_memory[2] == 3 && fake_memory[3] == 0);
    CHECK(fake_memory[50] == 0xA5 && fake_memory[51] == 0x44 && fake_memory[52] == 0x55 && fake_memory[53] == 0xA5);
    CHECK_EQUAL((int32_t)0xA5A50001, result);
}

TEST(PublishAndWrite_RingIsAnother_AnswerStaleAndFalse)
{
    Array<uint8_t> bytes = {1, 2, 3, 4};
    Array<uint32_t> ring = {FAKE_ADDRESS + 40, 7, FAKE_ADDRESS + 41, 0xA5, FAKE_ADDRESS + 32, FAKE_ADDRESS, 4};
    fake_reset();
    CHECK_EQUAL(S_OK, call(PUBLISH, {ring, 2, 0x11, 0x22, FAKE_ADDRESS + 51, 0x5544, 2}));
    CHECK_EQUAL(-1, result);
    CHECK_EQUAL(S_OK, call(WRITE, {ring, FAKE_ADDRESS, bytes, 0, 4}));
    CHECK_EQUAL(0, result);
    CHECK(fake_memory[0] == 0xA5 && fake_memory[2] == 0xA5 && fake_memory[20] == 0xA5 && fake_memory[51] == 0xA5);
}

TEST(Mailbox_Arguments_ReachThePort)
{
    fake_reset();
    CHECK_EQUAL(S_OK, call(WAKE, {1 << 30}));
    CHECK_EQUAL(S_OK, call(WAIT, {-1}));
    CHECK_EQUAL(1 << 30, result);
    CHECK_EQUAL(S_OK, call(NOTIFY, {7}));
    CHECK_EQUAL(7, fake_notified);
}

TEST(Mailbox_OfAPortWhoseWaitSleeps_IsBlocking)
{
    fake_reset();
    CHECK_EQUAL(S_OK, call(IS_BLOCKING, {}));
    CHECK_EQUAL(1, result);
}

TEST(Pads_Arguments_ReachThePort)
{
    fake_reset();
    CHECK(call(OPEN, {5}) == S_OK && result == 1);
    CHECK(call(MAKE_INPUT, {5, 2}) == S_OK && result == 1);
    CHECK(call(WATCH, {5, 255, 4}) == S_OK && result == 0);
    CHECK(call(WATCH, {5, 255, 2}) == S_OK && result == 1);
    CHECK(call(REARM, {5}) == S_OK && result == 1);
    CHECK(call(REARM, {6}) == S_OK && result == 0);
    CHECK(call(WATCH, {5, 255, 0}) == S_OK && result == 1);
    CHECK(call(DRIVE, {5, 3, 1}) == S_OK && result == 1);
    CHECK(call(SENSE, {5}) == S_OK && result == 1);
    CHECK(call(OPEN, {-1}) == S_OK && result == 0);
    CHECK(call(SENSE, {-1}) == S_OK && result < 0);
    CHECK(strcmp(fake_log, "open5 input5=2 watch5,2,255,2 rearm5 unwatch5,255 drive5=3,1 read5 ") == 0);
    vgpio_pin_changed(255, 3);
    CHECK(call(TAKE_EDGES, {}) == S_OK && result == (255 << 2 | 3));
    CHECK(call(TAKE_EDGES, {}) == S_OK && result < 0);
}
