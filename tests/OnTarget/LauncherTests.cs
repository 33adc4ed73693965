// What would be deployed passes here, and whatever of Unit and Spec is not deployed says why.

using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.OnTarget;

[TestClass]
public sealed class LauncherTests
{
    // The file without its ending, and the reason.
    private static readonly Dictionary<string, string> desktopOnly = new()
    {
        ["AdoptionTests"] = "keeps its books in the desktop's collections",
        ["AdoptionTrafficTests"] = "keeps its books in the desktop's collections",
        ["ChainTests"] = "is in C# 12; what is deployed is held at C# 10",
        ["AggregatedPinsTests"] = "puts sources beside the ports, for which the board of the device has no place",
        ["As6200Tests"] = "tests a chip of the emulated board",
        ["Cost"] = "reads the desktop's count of allocated bytes",
        ["CostTests"] = "reads the desktop's count of allocated bytes",
        ["GpioBoardTests"] = "the code of a deployed assembly fits in 64 KiB: this is about boards that are refused",
        ["GpioBoardLimitTests"] = "more lines than a device has memory for, and a zero in a string",
        ["GpioControllerPinsTests"] = "needs pins that a test can move under the stock System.Device.Gpio",
        ["Interleaved"] = "rewrites the stock port, which the device has no means for",
        ["PinCallTests"] = "keeps its books in the desktop's collections",
        ["PoolBoardTests"] = "wires the board's memory, which the board of the device has in one place",
        ["PortComparisonTests"] = "needs pins that a test can move under the stock System.Device.Gpio",
        ["Am62xBoardTests"] = "a test assembly cannot refer to a program: the launcher would start its Main",
        ["EmulatedBoardBTests"] = "a test assembly cannot refer to a program: the launcher would start its Main",
        ["ResourceTableToolTests"] = "runs a tool of the desktop",
        ["SleepBoardTests"] = "the code of a deployed assembly fits in 64 KiB",
        ["SleepStateTests"] = "the code of a deployed assembly fits in 64 KiB",
        ["SleepTimerTests"] = "the code of a deployed assembly fits in 64 KiB",
        ["RecorderTests"] = "tests the emulated board",
        ["ScenarioTests"] = "tests what plays on the emulated board",
        ["WaveformFileTests"] = "tests the emulated board",
        ["StatusChangeTests"] = "takes generic delegates, which crash the interpreter",
        ["TableTests"] = "writes words through a Span",
        ["TraceBoardTests"] = "the code of a deployed assembly fits in 64 KiB: this is about boards that are refused",
        ["TraceTextTests"] = "looks into the firmware's constants by reflection",
        ["TemplateBoardTests"] = "a test assembly cannot refer to a program: the launcher would start its Main",
        ["WaveformTests"] = "keeps its books in the desktop's collections",
    };

    public static IEnumerable<string> Deployed => Launcher.Tests.Keys;

    [TestMethod]
    [DynamicData(nameof(Deployed))]
    public void Test_ThatIsDeployed_Passes(string name) => Launcher.Tests[name].Run();

    [TestMethod]
    public void TestClass_OfUnitOrSpec_IsDeployedOrSaysWhyNot()
    {
        string[] deployed = Launcher.Tests.Values.Select(test => test.Method.DeclaringType!.Name).Distinct().ToArray();
        string[] missing = Sources()
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => deployed.Contains(name) == desktopOnly.ContainsKey(name))
            .ToArray();
        Assert.IsEmpty(missing, string.Join(", ", missing));

        int all = TestsIn(Sources());
        int stay = TestsIn(Sources().Where(file => desktopOnly.ContainsKey(Path.GetFileNameWithoutExtension(file))));
        int twice = Launcher.Tests.Values.Select(test => test.Method).Distinct().Count();
        Numbers.Say($"{twice} of {all} tests of Unit and Spec are built twice, {Launcher.Tests.Count} runs with their rows");
        Assert.AreEqual(all - stay, twice);
    }

    private static int TestsIn(IEnumerable<string> files) =>
        files.Sum(file => Regex.Count(File.ReadAllText(file), @"^    \[TestMethod\]", RegexOptions.Multiline));

    private static IEnumerable<string> Sources() =>
        new[] { "Unit", "Spec" }.SelectMany(suite => Directory.GetFiles(Path.Combine(Project.Root, "tests", suite), "*.cs"));
}
