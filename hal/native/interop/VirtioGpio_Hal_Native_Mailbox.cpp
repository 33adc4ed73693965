// VirtioGpio_Hal_Native_Mailbox: arguments of Mailbox's methods, and the two ways to sleep.
//
// Spec:    nanoFramework interop: Arg0 is the object. A method that answers CLR_E_THREAD_WAITING is called again from its top.
// Trusts:  the CLR for the kind of each argument, nothing for its value.
// Thread:  the CLR's thread.
// Memory:  no allocation.

#include "VirtioGpio_Hal_Native.h"
#include "vgpio_core.h"

typedef Library_VirtioGpio_Hal_Native_VirtioGpio_Hal_Mailbox Mailbox;

#if VGPIO_COOPERATIVE_WAIT

// The CLR's scheduler sleeps, so that is what has to be woken. Nothing in nanoCLR 1.17 raises the event of storage or waits for it.
#include <nanoHAL_v2.h>

extern "C" void vgpio_port_wake(void)
{
    Events_Set(SYSTEM_EVENT_FLAG_STORAGE_IO);
}

HRESULT Mailbox::Wait___I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    CLR_RT_HeapBlock ticks;
    CLR_INT64 *expiry;
    CLR_INT32 milliseconds = stack.Arg1().NumericByRef().s4;
    uint32_t bits = 0;
    bool is_in_time = true;

    if (!vgpio_start()) {
        NANOCLR_SET_AND_LEAVE(CLR_E_INVALID_OPERATION);
    }

    ticks.SetInteger(milliseconds < 0 ? (CLR_INT64)-1 : (CLR_INT64)milliseconds * TIME_CONVERSION__TO_MILLISECONDS);
    NANOCLR_CHECK_HRESULT(stack.SetupTimeoutFromTicks(ticks, expiry));

    // Bits that are set before this call are taken by it; bits that are set after it end the wait.
    while ((bits = vgpio_wait(0)) == 0 && is_in_time) {
        NANOCLR_CHECK_HRESULT(g_CLR_RT_ExecutionEngine.WaitEvents(stack.m_owningThread, *expiry, Event_StorageIo, is_in_time));
    }

    stack.PopValue();
    stack.SetResult_I4((CLR_INT32)bits);

    NANOCLR_NOCLEANUP();
}

#else

HRESULT Mailbox::Wait___I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    if (!vgpio_start()) {
        NANOCLR_SET_AND_LEAVE(CLR_E_INVALID_OPERATION);
    }

    stack.SetResult_I4((CLR_INT32)vgpio_wait(stack.Arg1().NumericByRef().s4));

    NANOCLR_NOCLEANUP();
}

#endif

HRESULT Mailbox::Notify___VOID__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    if (!vgpio_start()) {
        NANOCLR_SET_AND_LEAVE(CLR_E_INVALID_OPERATION);
    }

    vgpio_notify(stack.Arg1().NumericByRef().s4);

    NANOCLR_NOCLEANUP();
}

HRESULT Mailbox::Wake___VOID__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    if (!vgpio_start()) {
        NANOCLR_SET_AND_LEAVE(CLR_E_INVALID_OPERATION);
    }

    vgpio_ring((uint32_t)stack.Arg1().NumericByRef().s4);

    NANOCLR_NOCLEANUP();
}

// The low word of the CLR's own uptime.
HRESULT Mailbox::Now___I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_I4((CLR_INT32)(CLR_RT_ExecutionEngine::GetUptime() / TIME_CONVERSION__TO_MILLISECONDS));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Mailbox::IsBlocking___BOOLEAN(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_Boolean(!VGPIO_COOPERATIVE_WAIT);

    NANOCLR_NOCLEANUP_NOLABEL();
}
