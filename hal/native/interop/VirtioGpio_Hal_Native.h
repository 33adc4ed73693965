// VirtioGpio_Hal_Native: the natives of the assembly VirtioGpio.Hal.Native, as nanoCLR calls them.
//
// Spec:    nanoFramework interop; hal/VirtioGpio.Hal.Native declares the same methods in C#.
// Trusts:  the CLR for the kind of each argument, nothing for its value.
// Thread:  the CLR's thread.
// Memory:  no allocation.

#ifndef VIRTIOGPIO_HAL_NATIVE_H
#define VIRTIOGPIO_HAL_NATIVE_H

#include <nanoCLR_Interop.h>
#include <nanoCLR_Runtime.h>
#include <nanoCLR_Checks.h>

struct Library_VirtioGpio_Hal_Native_VirtioGpio_Hal_Mailbox {
    NANOCLR_NATIVE_DECLARE(Wait___I4__I4);
    NANOCLR_NATIVE_DECLARE(Notify___VOID__I4);
    NANOCLR_NATIVE_DECLARE(Wake___VOID__I4);
    NANOCLR_NATIVE_DECLARE(Now___I4);
    NANOCLR_NATIVE_DECLARE(IsBlocking___BOOLEAN);
};

struct Library_VirtioGpio_Hal_Native_VirtioGpio_Hal_Pads {
    NANOCLR_NATIVE_DECLARE(Open___BOOLEAN__I4);
    NANOCLR_NATIVE_DECLARE(MakeInput___BOOLEAN__I4__I4);
    NANOCLR_NATIVE_DECLARE(Drive___BOOLEAN__I4__I4__I4);
    NANOCLR_NATIVE_DECLARE(Sense___I4__I4);
    NANOCLR_NATIVE_DECLARE(Watch___BOOLEAN__I4__I4__I4);
    NANOCLR_NATIVE_DECLARE(Rearm___BOOLEAN__I4);
    NANOCLR_NATIVE_DECLARE(TakeEdges___I4);
};

struct Library_VirtioGpio_Hal_Native_VirtioGpio_Hal_SharedMemory {
    NANOCLR_NATIVE_DECLARE(SelfTest___I4__I4);
    NANOCLR_NATIVE_DECLARE(Poll___I4__SZARRAY_U4__SZARRAY_I4__I4__SZARRAY_I4);
    NANOCLR_NATIVE_DECLARE(ReadWords___VOID__U4__SZARRAY_I4__I4);
    NANOCLR_NATIVE_DECLARE(Read___VOID__U4__SZARRAY_U1__I4__I4);
    NANOCLR_NATIVE_DECLARE(Write___BOOLEAN__SZARRAY_U4__U4__SZARRAY_U1__I4__I4);
    NANOCLR_NATIVE_DECLARE(Store___VOID__U4__I4__I4);
    NANOCLR_NATIVE_DECLARE(Publish___I4__SZARRAY_U4__I4__I4__I4__U4__I4__I4);
};

extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_VirtioGpio_Hal_Native;

#endif
