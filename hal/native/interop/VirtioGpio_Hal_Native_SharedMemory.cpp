// VirtioGpio_Hal_Native_SharedMemory: arguments of SharedMemory's methods, taken from the CLR's stack and checked.
//
// Spec:    nanoFramework interop: Arg0 is the object. An array that is too short, a negative count or offset and an address that
//          is not the port's raise ArgumentOutOfRangeException, no array at all ArgumentNullException.
// Trusts:  the CLR for the kind of each argument, nothing for its value.
// Thread:  the CLR's thread. The collector may move an array, but not before the method returns.
// Memory:  no allocation.

#include "VirtioGpio_Hal_Native.h"
#include "vgpio_core.h"

typedef Library_VirtioGpio_Hal_Native_VirtioGpio_Hal_SharedMemory SharedMemory;

// SharedMemory.Stale.
static const CLR_INT32 STALE = -1;

static HRESULT hresult_of(vgpio_result result)
{
    return result == VGPIO_OUT_OF_RANGE ? CLR_E_OUT_OF_RANGE : S_OK;
}

static HRESULT check_start()
{
    return vgpio_start() ? S_OK : CLR_E_INVALID_OPERATION;
}

static HRESULT check_array(CLR_RT_HeapBlock_Array *array, CLR_INT32 offset, CLR_INT32 count)
{
    if (array == NULL) {
        return CLR_E_ARGUMENT_NULL;
    }

    return vgpio_slice_fits(array->m_numOfElements, offset, count) ? S_OK : CLR_E_OUT_OF_RANGE;
}

HRESULT SharedMemory::SelfTest___I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    NANOCLR_CHECK_HRESULT(check_start());
    stack.SetResult_I4(~stack.Arg1().NumericByRef().s4);

    NANOCLR_NOCLEANUP();
}

HRESULT SharedMemory::Poll___I4__SZARRAY_U4__SZARRAY_I4__I4__SZARRAY_I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    CLR_RT_HeapBlock_Array *addresses = stack.Arg1().DereferenceArray();
    CLR_RT_HeapBlock_Array *sizes = stack.Arg2().DereferenceArray();
    CLR_INT32 count = stack.Arg3().NumericByRef().s4;
    CLR_RT_HeapBlock_Array *numbers = stack.Arg4().DereferenceArray();
    CLR_INT32 changed = 0;

    NANOCLR_CHECK_HRESULT(check_array(addresses, 0, count));
    NANOCLR_CHECK_HRESULT(check_array(sizes, 0, count));
    NANOCLR_CHECK_HRESULT(check_array(numbers, 0, count));
    NANOCLR_CHECK_HRESULT(check_start());
    NANOCLR_CHECK_HRESULT(
        hresult_of(vgpio_poll((const uint32_t *)addresses->GetFirstElement(), (const int32_t *)sizes->GetFirstElement(), count,
                              (int32_t *)numbers->GetFirstElement(), (int32_t *)&changed)));
    stack.SetResult_I4(changed);

    NANOCLR_NOCLEANUP();
}

HRESULT SharedMemory::ReadWords___VOID__U4__SZARRAY_I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    CLR_UINT32 address = stack.Arg1().NumericByRef().u4;
    CLR_RT_HeapBlock_Array *into = stack.Arg2().DereferenceArray();
    CLR_INT32 count = stack.Arg3().NumericByRef().s4;

    NANOCLR_CHECK_HRESULT(check_array(into, 0, count));
    NANOCLR_CHECK_HRESULT(check_start());
    NANOCLR_CHECK_HRESULT(hresult_of(vgpio_read_words(address, (int32_t *)into->GetFirstElement(), count)));

    NANOCLR_NOCLEANUP();
}

HRESULT SharedMemory::Read___VOID__U4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    CLR_UINT32 address = stack.Arg1().NumericByRef().u4;
    CLR_RT_HeapBlock_Array *into = stack.Arg2().DereferenceArray();
    CLR_INT32 offset = stack.Arg3().NumericByRef().s4;
    CLR_INT32 count = stack.Arg4().NumericByRef().s4;

    NANOCLR_CHECK_HRESULT(check_array(into, offset, count));
    NANOCLR_CHECK_HRESULT(check_start());
    NANOCLR_CHECK_HRESULT(hresult_of(vgpio_read(address, into->GetFirstElement() + offset, count)));

    NANOCLR_NOCLEANUP();
}

HRESULT SharedMemory::Write___BOOLEAN__SZARRAY_U4__U4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    CLR_RT_HeapBlock_Array *ring = stack.Arg1().DereferenceArray();
    CLR_UINT32 address = stack.Arg2().NumericByRef().u4;
    CLR_RT_HeapBlock_Array *from = stack.Arg3().DereferenceArray();
    CLR_INT32 offset = stack.Arg4().NumericByRef().s4;
    CLR_INT32 count = stack.Arg5().NumericByRef().s4;
    const uint32_t *words = NULL;
    vgpio_result result;

    if (ring != NULL) {
        NANOCLR_CHECK_HRESULT(check_array(ring, 0, VGPIO_RING_GUARD_WORDS));
        words = (const uint32_t *)ring->GetFirstElement();
    }

    NANOCLR_CHECK_HRESULT(check_array(from, offset, count));
    NANOCLR_CHECK_HRESULT(check_start());
    result = vgpio_write(words, address, from->GetFirstElement() + offset, count);
    NANOCLR_CHECK_HRESULT(hresult_of(result));
    stack.SetResult_Boolean(result == VGPIO_OK);

    NANOCLR_NOCLEANUP();
}

HRESULT SharedMemory::Store___VOID__U4__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    NANOCLR_CHECK_HRESULT(check_start());
    NANOCLR_CHECK_HRESULT(
        hresult_of(vgpio_store(stack.Arg1().NumericByRef().u4, stack.Arg2().NumericByRef().s4, stack.Arg3().NumericByRef().s4)));

    NANOCLR_NOCLEANUP();
}

HRESULT SharedMemory::Publish___I4__SZARRAY_U4__I4__I4__I4__U4__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    CLR_RT_HeapBlock_Array *ring = stack.Arg1().DereferenceArray();
    int32_t available = 0;
    vgpio_publication what;
    vgpio_result result;
    what.index = stack.Arg2().NumericByRef().s4;
    what.head = stack.Arg3().NumericByRef().s4;
    what.written = stack.Arg4().NumericByRef().s4;
    what.reply_address = stack.Arg5().NumericByRef().u4;
    what.reply = stack.Arg6().NumericByRef().s4;
    what.reply_size = stack.Arg7().NumericByRef().s4;

    NANOCLR_CHECK_HRESULT(check_array(ring, 0, VGPIO_RING_WORDS));
    what.ring = (const uint32_t *)ring->GetFirstElement();
    NANOCLR_CHECK_HRESULT(check_start());
    result = vgpio_publish(&what, &available);
    NANOCLR_CHECK_HRESULT(hresult_of(result));
    stack.SetResult_I4(result == VGPIO_OK ? available : STALE);

    NANOCLR_NOCLEANUP();
}
