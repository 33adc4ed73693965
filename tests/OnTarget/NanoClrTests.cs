// What would be deployed passes on a real interpreter, where there is one.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.OnTarget;

[TestClass]
public sealed class NanoClrTests
{
    private const string Variable = "VGPIO_TEST_NANOCLR";

    // In the order in which they need each other; the last has the program.
    private static readonly string[] assemblies =
    [
        "mscorlib",
        "nanoFramework.Runtime.Events",
        "System.Device.Gpio",
        "nanoFramework.TestFramework",
        "VirtioGpio.Hal.Native",
        "VirtioGpio.Hal",
        "VirtioGpio.Firmware",
        "NFUnitTest",
        "nanoFramework.UnitTestLauncher",
    ];

    private static readonly TimeSpan patience = TimeSpan.FromMinutes(5);

    [TestMethod]
    public void Test_OnARealInterpreter_Passes()
    {
        string program = Environment.GetEnvironmentVariable(Variable) ?? "";
        if (program.Length == 0)
        {
            Assert.Inconclusive($"{Variable} is not set: a nanoCLR for this machine without this project's natives, the .pe files of NFUnitTest beside it");
        }

        string[] results = Run(program).Where(line => line.StartsWith("Test ", StringComparison.Ordinal)).ToArray();

        string[] passed = results.Where(line => line.StartsWith("Test passed,", StringComparison.Ordinal)).ToArray();
        Assert.AreEqual("", string.Join('\n', results.Except(passed)));
        Assert.HasCount(Launcher.Tests.Count, passed, $"the interpreter ended after {results.LastOrDefault()}");
        Numbers.Say($"{passed.Length} test runs on a real nanoCLR: 0 failures");
    }

    private static string[] Run(string program)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(program))!;
        ProcessStartInfo start = new(program, assemblies.Select(name => Path.Combine(folder, name + ".pe"))) { RedirectStandardOutput = true };
        using Process interpreter = Process.Start(start)!;
        using Timer watch = new(_ => interpreter.Kill(), null, patience, Timeout.InfiniteTimeSpan);
        string[] said = interpreter.StandardOutput.ReadToEnd().Split('\n');
        interpreter.WaitForExit();
        return said;
    }
}
