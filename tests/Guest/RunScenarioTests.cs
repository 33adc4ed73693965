// ./run --scenario, --vcd and --picture as a person uses them.

using System;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class RunScenarioTests
{
    [TestInitialize]
    public void NeedsAGuest() => _ = GuestRig.Folder;

    [TestMethod]
    public void Button_OfTheProject_MeetsItsExpectations()
    {
        using Terminal terminal = new("./run --scenario boards/emulated/scenarios/button.scenario --vcd $TMPDIR/run.vcd");

        Assert.AreEqual(0, terminal.WaitForExit(), terminal.Screen);

        Assert.HasCount(4, terminal.Screen.Split("key 116 down"));
        Waveforms waves = Waveforms.Load(Path.Combine(terminal.TemporaryFolder, "run.vcd"));
        Assert.AreEqual("01010101", string.Concat(waves.Of(WaveformRules.LevelOf("user-button")).Select(change => change.Value)), "low until the firmware pulls it up");
        string[] wrong = [.. new WaveformRules(waves).WrongLevels()];
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
        Assert.IsEmpty(terminal.Leftovers());
        Assert.IsEmpty(terminal.RigFolders());
    }

    [TestMethod]
    public void Answer_OfTheProject_IsDrawnFromItsRecording()
    {
        using Terminal terminal = new(
            "./run --scenario boards/emulated/scenarios/answer.scenario --vcd $TMPDIR/run.vcd && ./run --picture $TMPDIR/run.vcd $TMPDIR/run.svg");

        Assert.AreEqual(0, terminal.WaitForExit(), terminal.Screen);

        string folder = terminal.TemporaryFolder;
        Waveforms waves = Waveforms.Load(Path.Combine(folder, "run.vcd"));
        Assert.StartsWith("0101", string.Concat(waves.Of(WaveformRules.Connected).Select(change => change.Value)));
        Assert.AreEqual("010", string.Concat(waves.Of(WaveformRules.LevelOf("status-led")).Select(change => change.Value)), "the LED stays lit while the firmware is dead");
        string[] words = [.. XDocument.Load(Path.Combine(folder, "run.svg")).Descendants().Where(part => part.Name.LocalName == "text").Select(part => part.Value)];
        Assert.IsEmpty(new[] { "imu-int1", "status-led", "event doorbell", "request doorbell", "reply doorbell" }.Except(words).ToArray());
    }

    [TestMethod]
    public void Picture_OfWhatIsNoRecording_IsRefused()
    {
        using Terminal terminal = new("./run --picture README.md $TMPDIR/run.svg");

        Assert.AreEqual(1, terminal.WaitForExit());
        Assert.Contains("README.md: row", terminal.Screen);
        Assert.IsFalse(File.Exists(Path.Combine(terminal.TemporaryFolder, "run.svg")));
    }

    [TestMethod]
    [DataRow("set status-led low\nexpect status-led high", 1, "x.scenario:2: expect status-led high: the line is low")]
    [DataRow("within 50ms expect status-led high", 1, "x.scenario:1: within 50ms expect status-led high: the line is low")]
    [DataRow("linux false", 1, "x.scenario:1: linux false: exit code 1")]
    [DataRow("kill\nlinux true\nset status-led up", 2, "x.scenario:3:16: \"up\": say low or high or float")]
    public void Scenario_ThatFails_SaysWhereAndEndsSo(string text, int exitCode, string said)
    {
        string folder = Directory.CreateTempSubdirectory("vgpio-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "x.scenario"), text);
            using Terminal terminal = new($"./run --scenario {folder}/x.scenario");

            Assert.AreEqual(exitCode, terminal.WaitForExit(), terminal.Screen);
            Assert.Contains(said, terminal.Screen);
            Assert.AreEqual(exitCode == 1, terminal.Screen.Contains(" s  "), "a scenario that cannot be read is refused before any of it is done");
            Assert.IsEmpty(terminal.Leftovers());
            Assert.IsEmpty(terminal.RigFolders());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Vcd_ThatCannotBeWritten_SaysSo()
    {
        using Terminal terminal = new("./run --vcd $TMPDIR/nowhere/run.vcd");

        Assert.AreEqual(1, terminal.WaitForExit(), terminal.Screen);
        Assert.Contains("nowhere", terminal.Screen);
        Assert.IsEmpty(terminal.RigFolders());
    }

    [TestMethod]
    [DataRow("--shell --watch")]
    [DataRow("--scenario x --shell")]
    [DataRow("--vcd")]
    [DataRow("--pe x")]
    [DataRow("--vcd x --pins pins")]
    public void Options_ThatDoNotGoTogether_AreRefused(string options)
    {
        using Terminal terminal = new($"./run {options}");

        Assert.AreEqual(2, terminal.WaitForExit());
        Assert.Contains("./run --scenario FILE", terminal.Screen);
    }
}
