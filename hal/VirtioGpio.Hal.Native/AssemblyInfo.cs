// AssemblyInfo: what nanoCLR needs to know of this assembly.
//
// Spec:    nanoFramework interop.
// Trusts:  -
// Thread:  -
// Memory:  -
//
// The natives stand alone in this assembly and first: the checksum that nanoCLR compares covers names, signatures and order of
// the methods, and any class placed before these would shift every slot of the native table.

using System.Reflection;

[assembly: AssemblyNativeVersion("1.0.0.0")]
