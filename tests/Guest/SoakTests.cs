// Soak: everything that can happen to the device, mixed at random, for VGPIO_SOAK_MINUTES (default 1).

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class SoakTests
{
    private const string Driver = "/sys/bus/virtio/drivers/gpio_virtio";
    private const string State = "/sys/class/remoteproc/remoteproc0/state";

    [TestMethod]
    public void Everything_MixedAtRandom_LosesNothing()
    {
        double minutes = double.Parse(Environment.GetEnvironmentVariable("VGPIO_SOAK_MINUTES") ?? "1", CultureInfo.InvariantCulture);
        int seed = Settings.Seed;
        Random random = new(seed);
        Dictionary<string, int> done = [];
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, Straps: random.Next(4), Reboots: true));
        Stopwatch clock = Stopwatch.StartNew();
        (double Seconds, string What) slowest = default;
        while (clock.Elapsed.TotalMinutes < minutes)
        {
            double begin = clock.Elapsed.TotalSeconds;
            string what = Disturb(rig, random);
            double disturbed = clock.Elapsed.TotalSeconds - begin;
            done[what] = done.GetValueOrDefault(what) + 1;
            Serving.CheckGetAndEvent(rig, $"after {what}, seed {seed}, {done.Values.Sum()} steps");
            double served = clock.Elapsed.TotalSeconds - begin - disturbed;
            slowest = new[] { slowest, (disturbed, $"one of the {what}"), (served, $"a request and an event after one of the {what}") }.Max();
        }

        string[] unexplained = KernelLog.Unexplained(rig, CrashTests.OfACrash);
        Assert.IsEmpty(unexplained, string.Join('\n', unexplained));
        Numbers.Say($"soak, seed {seed}: {done.Values.Sum()} disturbances in {clock.Elapsed.TotalMinutes:F1} minutes ("
            + string.Join(", ", done.OrderBy(d => d.Key).Select(d => $"{d.Value} {d.Key}")) + $"), requests lost 0, events lost 0; slowest: {slowest.What}, {slowest.Seconds:F1} s");
    }

    private static string Disturb(Rig rig, Random random)
    {
        switch (random.Next(20))
        {
            case 0:
                rig.Guest.Must($"echo virtio0 >{Driver}/unbind && echo virtio0 >{Driver}/bind");
                return "re-probes";
            case 1:
                rig.Guest.Must($"echo detach >{State} && echo start >{State}");
                return "detaches";
            case 2:
                rig.Guest.Must($"rmmod emusoc_rproc && insmod /lib/modules/emusoc_rproc.ko && echo start >{State}");
                return "module removals";
            case 3:
                CrashTests.CrashAndRecover(rig);
                return "firmware crashes";
            case 4 when random.Next(4) == 0:
                rig.Reboot();
                return "reboots";
            case < 10:
                Storm(rig, random);
                return "edge storms";
            default:
                SetAndGet(rig, random);
                return "rounds of sets";
        }
    }

    private static void SetAndGet(Rig rig, Random random)
    {
        string line = random.Next(2) == 0 ? "wifi-reset" : "modem-power-en";
        int level = random.Next(2);
        rig.Guest.Must($"gpioset --mode=signal $(gpiofind {line})={level} & echo $! >/tmp/holder; until gpioinfo | grep -q '{line}.*gpioset'; do :; done");
        Assert.AreEqual(level, rig.Board.Get(line), line);
        rig.Guest.Must("kill $(cat /tmp/holder); while pidof gpioset >/dev/null; do :; done");
    }

    // Faster than Linux can take them: some coalesce, as they may; none may wedge the line, and the last is seen.
    private static void Storm(Rig rig, Random random)
    {
        string[] lines = ["imu-int1", "imu-int2", "fan-tach"];
        string numbers = string.Join(' ', lines.Select(l => Array.IndexOf(EmulatedBoard.LineNames, l)));
        rig.Guest.Must($"gpiomon virtio0 {numbers} >/dev/null & echo $! >/tmp/storm; " + Serving.UntilMonitored(lines.Length));
        for (int i = 0; i < 300; i++)
        {
            rig.Board.Set(lines[random.Next(lines.Length)], random.Next(2) == 0 ? "low" : "high");
        }

        rig.Guest.Must("kill $(cat /tmp/storm); while pidof gpiomon >/dev/null; do :; done");
        foreach (string line in lines)
        {
            rig.Board.Set(line, "low");
        }
    }
}
