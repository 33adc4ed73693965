// VirtioGpio_Hal_Native: the table by which nanoCLR finds the natives: a slot for each method of the assembly, in its order.
//
// Spec:    nanoFramework interop. A managed method has an empty slot. A test of tests/House compares all of it with the assembly.
// Trusts:  -
// Thread:  -
// Memory:  constants.

#include "VirtioGpio_Hal_Native.h"

typedef Library_VirtioGpio_Hal_Native_VirtioGpio_Hal_Mailbox Mailbox;
typedef Library_VirtioGpio_Hal_Native_VirtioGpio_Hal_Pads Pads;
typedef Library_VirtioGpio_Hal_Native_VirtioGpio_Hal_SharedMemory SharedMemory;

// clang-format off
static const CLR_RT_MethodHandler method_lookup[] =
{
    Mailbox::Wait___I4__I4,
    Mailbox::Notify___VOID__I4,
    Mailbox::Wake___VOID__I4,
    Mailbox::Now___I4,
    Mailbox::IsBlocking___BOOLEAN,
    NULL,
    Pads::Open___BOOLEAN__I4,
    Pads::MakeInput___BOOLEAN__I4__I4,
    Pads::Drive___BOOLEAN__I4__I4__I4,
    Pads::Sense___I4__I4,
    Pads::Watch___BOOLEAN__I4__I4__I4,
    Pads::Rearm___BOOLEAN__I4,
    Pads::TakeEdges___I4,
    NULL,
    SharedMemory::SelfTest___I4__I4,
    SharedMemory::Poll___I4__SZARRAY_U4__SZARRAY_I4__I4__SZARRAY_I4,
    SharedMemory::ReadWords___VOID__U4__SZARRAY_I4__I4,
    SharedMemory::Read___VOID__U4__SZARRAY_U1__I4__I4,
    SharedMemory::Write___BOOLEAN__SZARRAY_U4__U4__SZARRAY_U1__I4__I4,
    SharedMemory::Store___VOID__U4__I4__I4,
    SharedMemory::Publish___I4__SZARRAY_U4__I4__I4__I4__U4__I4__I4,
    NULL,
};

const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_VirtioGpio_Hal_Native =
{
    "VirtioGpio.Hal.Native",
    0x999B8EDD,
    method_lookup,
    { 1, 0, 0, 0 }
};
// clang-format on
