// What flashed code names of the core library is in nanoFramework's, and on the desktop, where the mscorlib facade of .NET supplies it.

using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class CoreReferenceTests
{
    public static IEnumerable<string> FlashedAssemblies => IlGateTests.FlashedAssemblies;

    [TestMethod]
    [DynamicData(nameof(FlashedAssemblies))]
    public void CoreReference_OfAFlashedAssembly_IsInBothCoreLibraries(string name)
    {
        Found.None(CoreReferences.Problems(Flashed.Assemblies[name]));
    }

    [TestMethod]
    [DataRow("char M(char c) => c.ToLower();", "System.Char System.Char::ToLower() is not in the desktop's runtime")]
    [DataRow("bool M() => BitConverter.IsLittleEndian;", "System.Boolean System.BitConverter::get_IsLittleEndian() is not in the desktop's runtime")]
    [DataRow("long M(DateTime t) => t.ToUnixTimeSeconds();", "System.Int64 System.DateTime::ToUnixTimeSeconds() is not in the desktop's runtime")]
    [DataRow("Type M() => typeof(System.Diagnostics.Debug);", "System.Diagnostics.Debug is not in the desktop's runtime")]
    [DataRow("void M(Thread t) => t.Suspend();", "System.Void System.Threading.Thread::Suspend() is obsolete in the desktop's runtime")]
    public void Code_NamingWhatTheDesktopLacks_IsRefused(string member, string problem)
    {
        string[] problems = CoreReferences.Problems(Snippet.Compile($"class A {{ {member} }}")).ToArray();
        CollectionAssert.AreEqual(new[] { "snippet: " + problem }, problems);
    }

    [TestMethod]
    public void Code_NamingWhatNanoFrameworkLacks_IsRefused()
    {
        string[] problems = CoreReferences.Problems(Snippet.CompileWithExtraException("class A { OverflowException f; }", "OverflowException")).ToArray();
        CollectionAssert.AreEqual(new[] { "snippet: System.OverflowException is not in nanoFramework's core library" }, problems);
    }

    [TestMethod]
    public void Code_NamingWhatBothHave_IsAccepted()
    {
        Found.None(CoreReferences.Problems(Snippet.Compile("class A { int M(string s, int[] a) => s.Length + a.Length + new ArgumentException(s).Message.Length; }")));
    }
}
