// No flashed assembly holds what compiles and then breaks the metadata processor or the interpreter, and each rule finds its breach.

using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class IlGateTests
{
    public static IEnumerable<string> FlashedAssemblies => Flashed.Projects.Select(project => project.Name);

    [TestMethod]
    [DynamicData(nameof(FlashedAssemblies))]
    public void Assembly_ThatIsFlashed_PassesTheGate(string name)
    {
        Found.None(IlGate.Inspect(Flashed.Assemblies[name]).Select(finding => finding.ToString()));
    }

    [TestMethod]
    [DynamicData(nameof(FlashedAssemblies))]
    public void Assembly_ThatIsFlashed_FitsTablesOf64KiB(string name)
    {
        // The metadata processor numbers the bytes of the code, and those of all strings, by 16 bits.
        const int Limit = 65535;
        MethodDefinition[] methods = [.. Flashed.Assemblies[name].MainModule.GetTypes().SelectMany(type => type.Methods)];
        IEnumerable<string> literals = methods.Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .Select(instruction => instruction.Operand as string).OfType<string>();
        IEnumerable<string> names = Flashed.Assemblies[name].MainModule.GetTypes()
            .SelectMany(type => type.Fields.Select(field => field.Name).Append(type.Name).Append(type.Namespace))
            .Concat(methods.Select(method => method.Name));
        Assert.IsLessThan(Limit, methods.Where(method => method.HasBody).Sum(method => method.Body.CodeSize));
        Assert.IsLessThan(Limit, literals.Concat(names).Distinct().Sum(text => Encoding.UTF8.GetByteCount(text) + 1));
    }

    [TestMethod]
    [DataRow(IlGate.Generics, "class A<T> { }")]
    [DataRow(IlGate.Generics, "class A { void M<T>() { } }")]
    [DataRow(IlGate.Generics, "delegate T D<T>(); class A { D<int> f; }")]
    [DataRow(IlGate.Generics, "class B<T> { } class A { void M() { new B<int>(); } }")]
    [DataRow(IlGate.MultiDimensional, "class A { int[,] f; }")]
    [DataRow(IlGate.MultiDimensional, "class A { void M() { object o = new byte[2, 2]; } }")]
    [DataRow(IlGate.Pointer, "class A { unsafe void M(byte* p) { } }")]
    [DataRow(IlGate.Pointer, "unsafe class A { delegate*<int, void> f; }")]
    [DataRow(IlGate.Fixed, "class A { unsafe int M(byte[] b) { fixed (byte* p = b) { return p[0]; } } }")]
    [DataRow(IlGate.StackAlloc, "class A { unsafe int M() { int* p = stackalloc int[4]; return p[1]; } }")]
    [DataRow(IlGate.Calli, "class A { unsafe void M(delegate*<int, void> f) { f(1); } }")]
    [DataRow(IlGate.Checked, "class A { int M(int a) => checked(a + 1); }")]
    [DataRow(IlGate.Checked, "class A { byte M(int a) => checked((byte)a); }")]
    [DataRow(IlGate.StaticConstructor, "class B { internal static int F; } class A { static int f = B.F; }")]
    [DataRow(IlGate.StaticConstructor, "class B { } class A { static object f = new B(); }")]
    [DataRow(IlGate.StaticConstructor, "class A { static int f = M(); static int M() => 1; }")]
    [DataRow(IlGate.StaticConstructor, "class A { static int n; static A f = new A(); A() { n++; } }")]
    [DataRow(IlGate.ShiftedNatives, "class A { [MethodImpl(MethodImplOptions.InternalCall)] extern void M(); } class B { }")]
    [DataRow(
        IlGate.ShiftedNatives,
        "namespace System.Runtime.CompilerServices { class A { [MethodImpl(MethodImplOptions.InternalCall)] extern void M(); } }")]
    public void Code_ThatBreaksARule_IsRefused(string rule, string code)
    {
        AssertRefused(rule, Snippet.Compile(code));
    }

    [TestMethod]
    public void CompilersAttribute_AmongNatives_IsRefused()
    {
        const string code = "class A { [MethodImpl(MethodImplOptions.InternalCall)] extern void M(); }";
        Assert.IsEmpty(IlGate.Inspect(Snippet.Compile(code)));
        AssertRefused(IlGate.ShiftedNatives, Snippet.Compile(code, LanguageVersion.CSharp13));
    }

    [TestMethod]
    public void ExceptionType_ThatNanoFrameworkLacks_IsRefused()
    {
        const string code = "class A { void M() { try { M(); } catch (OverflowException) { } } }";
        AssertRefused(IlGate.MissingType, Snippet.CompileWithExtraException(code, "OverflowException"));
    }

    [TestMethod]
    public void InterfaceMethod_WithABody_IsRefused()
    {
        // The core library does not let the compiler do it; another one would.
        AssemblyDefinition assembly = Snippet.Compile("interface I { void M(); }");
        MethodDefinition method = assembly.MainModule.GetType("I").Methods.Single();
        Assert.IsEmpty(IlGate.Inspect(assembly));
        method.IsAbstract = false;
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Ret));
        AssertRefused(IlGate.DefaultInterfaceMethod, assembly);
    }

    [TestMethod]
    [DataRow("class A { static readonly int[] f = { 1, 2, 3 }; static readonly string[] s = { null, \"x\" }; }")]
    [DataRow("class A { static readonly object o = new object(); }")]
    [DataRow("class A { static readonly A f = new A(); }")]
    [DataRow("class A { int[][] f; void M(ref int r) { try { r++; } catch (ArgumentException) { throw; } finally { r--; } } }")]
    [DataRow("delegate void D(); class A { void M() { D d = () => { }; d(); } }")]
    public void Code_ThatNanoFrameworkRuns_IsLetThrough(string code)
    {
        Found.None(IlGate.Inspect(Snippet.Compile(code)).Select(finding => finding.ToString()));
    }

    private static void AssertRefused(string rule, AssemblyDefinition assembly)
    {
        CollectionAssert.Contains(IlGate.Inspect(assembly).Select(finding => finding.Rule).ToArray(), rule);
    }
}
