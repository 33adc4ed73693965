// VirtioGpio_Hal_Native_Pads: arguments of Pads' methods, taken from the CLR's stack.
//
// Spec:    nanoFramework interop: Arg0 is the object.
// Trusts:  the CLR for the kind of each argument; vgpio_pads checks the values.
// Thread:  the CLR's thread.
// Memory:  no allocation.

#include "VirtioGpio_Hal_Native.h"
#include "vgpio_core.h"

typedef Library_VirtioGpio_Hal_Native_VirtioGpio_Hal_Pads Pads;

HRESULT Pads::Open___BOOLEAN__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_Boolean(vgpio_start() && vgpio_pad_open(stack.Arg1().NumericByRef().s4));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Pads::MakeInput___BOOLEAN__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_Boolean(vgpio_pad_input(stack.Arg1().NumericByRef().s4, stack.Arg2().NumericByRef().s4));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Pads::Drive___BOOLEAN__I4__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_Boolean(
        vgpio_pad_drive(stack.Arg1().NumericByRef().s4, stack.Arg2().NumericByRef().s4, stack.Arg3().NumericByRef().s4));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Pads::Sense___I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_I4(vgpio_pad_sense(stack.Arg1().NumericByRef().s4));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Pads::Watch___BOOLEAN__I4__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_Boolean(
        vgpio_pad_watch(stack.Arg1().NumericByRef().s4, stack.Arg2().NumericByRef().s4, stack.Arg3().NumericByRef().s4));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Pads::Rearm___BOOLEAN__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_Boolean(vgpio_pad_rearm(stack.Arg1().NumericByRef().s4));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Pads::TakeEdges___I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_I4(vgpio_edges_take());

    NANOCLR_NOCLEANUP_NOLABEL();
}
