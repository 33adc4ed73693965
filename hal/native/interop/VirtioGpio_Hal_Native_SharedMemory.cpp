// VirtioGpio_Hal_Native_SharedMemory: arguments of SharedMemory's methods, taken from the CLR's stack and checked.
//
// Spec:    nanoFramework interop: Arg0 is the object. An array without elements to spare, a negative count or offset and an address
//          that is not the port's raise ArgumentOutOfRangeException, no array at all ArgumentNullException.
// Trusts:  the CLR for the kind of each argument, nothing for its value.
// Thread:  the CLR's thread. The collector may move an array, but not before the method returns.
// Memory:  no allocation.

#include "VirtioGpio_Hal_Native.h"
#include "vgpio_core.h"

typedef Library_VirtioGpio_Hal_Native_VirtioGpio_Hal_SharedMemory SharedMemory;

static HRESULT hresult_of(vgpio_result result)
{
    return result == VGPIO_OK ? S_OK : CLR_E_OUT_OF_RANGE;
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

HRESULT SharedMemory::Look___I4__SZARRAY_U4__SZARRAY_I4__I4__SZARRAY_I4(CLR_RT_StackFrame &stack)
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
        hresult_of(vgpio_look((const uint32_t *)addresses->GetFirstElement(), (const int32_t *)sizes->GetFirstElement(), count,
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

HRESULT SharedMemory::Write___VOID__U4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    CLR_UINT32 address = stack.Arg1().NumericByRef().u4;
    CLR_RT_HeapBlock_Array *from = stack.Arg2().DereferenceArray();
    CLR_INT32 offset = stack.Arg3().NumericByRef().s4;
    CLR_INT32 count = stack.Arg4().NumericByRef().s4;

    NANOCLR_CHECK_HRESULT(check_array(from, offset, count));
    NANOCLR_CHECK_HRESULT(check_start());
    NANOCLR_CHECK_HRESULT(hresult_of(vgpio_write(address, from->GetFirstElement() + offset, count)));

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

HRESULT SharedMemory::Publish___I4__U4__I4__I4__U4__I4__U4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    int32_t wish = 0;
    vgpio_publication what;
    what.element_address = stack.Arg1().NumericByRef().u4;
    what.id = stack.Arg2().NumericByRef().s4;
    what.length = stack.Arg3().NumericByRef().s4;
    what.index_address = stack.Arg4().NumericByRef().u4;
    what.index = stack.Arg5().NumericByRef().s4;
    what.wish_address = stack.Arg6().NumericByRef().u4;

    NANOCLR_CHECK_HRESULT(check_start());
    NANOCLR_CHECK_HRESULT(hresult_of(vgpio_publish(&what, &wish)));
    stack.SetResult_I4(wish);

    NANOCLR_NOCLEANUP();
}
