// What the board records while Linux uses its lines and the firmware dies: the rules of the waveforms, and programs that show them.

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class WaveformTests
{
    private const string Driven = "status-led";
    private const string Watched = "touch-int";
    private static readonly Dictionary<int, string> recorded = [];

    [ClassCleanup]
    public static void Remove()
    {
        foreach (string file in recorded.Values)
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(EmulatedBoard.StrapLatchedPins)]
    [DataRow(EmulatedBoard.StrapLatchedPins | EmulatedBoard.StrapKeepsState | EmulatedBoard.StrapHoldsPads)]
    public void Levels_OfARun_FollowFromWhatDrivesThem(int straps)
    {
        WaveformRules rules = new(Record(straps));

        string[] wrong = [.. rules.WrongLevels()];
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    // System.Device.Gpio makes a pin an output with the value that it had last, then low, before it takes one. The natives of Pads put the
    // value before the direction.
    [TestMethod]
    [DataRow(0, "z01z10z01z101z01z", DisplayName = "System.Device.Gpio")]
    [DataRow(EmulatedBoard.StrapLatchedPins, "z1z0z1z1z1z", DisplayName = "Pads")]
    [DataRow(EmulatedBoard.StrapLatchedPins | EmulatedBoard.StrapKeepsState | EmulatedBoard.StrapHoldsPads, "z1z0z1z1z", DisplayName = "Pads, kept")]
    public void Output_OfARun_ShowsTheLevelsOfLinuxsRequestsAlone(int straps, string levels)
    {
        if (straps == 0 && GuestRig.IsInterpreted)
        {
            Assert.Inconclusive("the interpreter has no System.Device.Gpio");
        }

        Assert.AreEqual(levels, new WaveformRules(Record(straps)).Shown(Driven));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(EmulatedBoard.StrapLatchedPins)]
    public void Lines_WhenTheFirmwareStarts_AreAsTheirRowsSay(int straps)
    {
        WaveformRules rules = new(Record(straps));

        string[] wrong = [.. EmulatedBoard.DescribeLines().Where(row => row.Name != "").SelectMany(rules.WrongStarts)];
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(EmulatedBoard.StrapLatchedPins)]
    public void Doorbells_AroundAPin_AreTheRequestBeforeAndTheReplyBehind(int straps)
    {
        Waveforms waves = Record(straps);
        WaveformRules rules = new(waves);
        long[] requests = [.. rules.RingsOf(WaveformRules.RequestRing)];
        long[] replies = [.. rules.RingsOf(WaveformRules.ReplyRing)];
        long[] sets = [.. waves.Of($"board.core.{Driven.Replace('-', '_')}_output").Where(change => change.Value == "1").Select(change => change.Time)];

        Assert.IsNotEmpty(sets);

        // Not each request has a doorbell of its own: the firmware suppresses them while it polls.
        for (int i = 0; i < sets.Length; i++)
        {
            long before = i == 0 ? 0 : sets[i - 1];
            Assert.IsTrue(requests.Any(time => time > before && time < sets[i]), $"no request came before the pin was driven at {sets[i]} us");
            Assert.IsTrue(replies.Any(time => time > sets[i] && (i + 1 == sets.Length || time < sets[i + 1])), $"no reply came after {sets[i]} us");
        }

        long[] events = [.. rules.RingsOf(WaveformRules.EventRing)];
        string armed = $"board.core.{Watched.Replace('-', '_')}_armed";
        WaveChange[] edges = [.. waves.Of(WaveformRules.LevelOf(Watched)).Skip(1).Where(edge => waves.At(armed, edge.Time - 1) == "1")];
        Assert.HasCount(2, edges);
        Assert.IsTrue(edges.All(edge => events.Any(time => time > edge.Time)), "an edge made no event");
    }

    [TestMethod]
    public void CoProcessor_KilledAndStarted_IsDisconnectedInBetween()
    {
        string states = string.Concat(Record(0).Of(WaveformRules.Connected).Select(change => change.Value));

        Assert.StartsWith("0101", states);
    }

    [TestMethod]
    public void CoProcessor_BootedByLinux_IsStartingBeforeItIsConnected()
    {
        string file = Path.GetTempFileName();
        try
        {
            GuestRig.Boot(new RigOptions(GuestRig.Folder, IsLoaded: true, Vcd: file)).Dispose();
            Waveforms waves = Waveforms.Load(file);
            IReadOnlyList<WaveChange> starting = waves.Of("board.core.starting");

            Assert.AreEqual("010", string.Concat(starting.Select(change => change.Value)));
            Assert.AreEqual(starting[2].Time, waves.Of(WaveformRules.Connected)[1].Time);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    [DataRow("vcd2fst", "FILE", "OUTPUT", DisplayName = "GTKWave's")]
    [DataRow("sigrok-cli", "-I", "vcd", "-i", "FILE", "--show", DisplayName = "PulseView's")]
    public void File_ReadByAnotherProgram_IsTaken(string program, params string[] arguments)
    {
        Record(0);
        string output = Path.GetTempFileName();
        ProcessStartInfo start = new(program, arguments.Select(argument => argument == "FILE" ? recorded[0] : argument == "OUTPUT" ? output : argument))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            string said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();

            Assert.AreEqual(0, process.ExitCode, said);
            Assert.IsTrue(program != "sigrok-cli" || said.Contains("- status_led: logic"), said);
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive($"{program} is not installed");
        }
        finally
        {
            File.Delete(output);
        }
    }

    // Outputs of both levels, a get, edges, and a death of the firmware while a line is held.
    private static Waveforms Record(int straps)
    {
        if (!recorded.TryGetValue(straps, out string? file))
        {
            string folder = GuestRig.Folder;
            file = recorded[straps] = Path.GetTempFileName();
            using Rig rig = GuestRig.Boot(new RigOptions(folder, Straps: straps, Vcd: file));
            foreach (int level in new[] { 1, 0, 1 })
            {
                Serving.Hold(rig, Driven, level);
                Serving.Release(rig);
            }

            Serving.CheckGetAndEvent(rig, "recorded");
            Serving.Hold(rig, Driven, 1);
            if ((straps & EmulatedBoard.StrapKeepsState) != 0)
            {
                rig.KillFirmware();
                rig.StartFirmware();
                Serving.Release(rig);
            }
            else
            {
                CrashTests.CrashAndRecover(rig);
                Serving.Release(rig);
                Serving.Hold(rig, Driven, 1);
                Serving.Release(rig);
            }
        }

        return Waveforms.Load(file);
    }
}
