// Soak: everything that can happen to the device, mixed at random, for VGPIO_SOAK_MINUTES (default 0.5).

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
    private const int EventsThatLinuxKeeps = 16;
    private static readonly string[] stormy = ["imu-int1", "imu-int2", "fan-tach"];

    private int stormEdges;
    private int stormEvents;
    private int latchedEdges;

    [TestMethod]
    public void Everything_MixedAtRandom_LosesNothing()
    {
        double minutes = double.Parse(Environment.GetEnvironmentVariable("VGPIO_SOAK_MINUTES") ?? "0.5", CultureInfo.InvariantCulture);
        int seed = Settings.Seed;
        Random random = new(seed);
        int straps = random.Next(4);
        Dictionary<string, int> done = [];
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, Straps: straps, Reboots: true));
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
        Numbers.Say($"soak, seed {seed}, switches {straps}: {done.Values.Sum()} disturbances in {clock.Elapsed.TotalMinutes:F1} minutes ("
            + string.Join(", ", done.OrderBy(d => d.Key).Select(d => $"{d.Value} {d.Key}")) + $"); "
            + $"{stormEdges} edges in storms made {stormEvents} events, the last edge of each line among them; of {latchedEdges} edges while Linux stood still each line had the first, and a latched one; "
            + $"{rig.HungBoots} boots hung and were started anew; slowest: {slowest.What}, {slowest.Seconds:F1} s");
    }

    private string Disturb(Rig rig, Random random)
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
        Serving.Hold(rig, line, level, "in the soak");
        Serving.Release(rig);
    }

    // Faster than Linux can take them: they coalesce, as they may. But each line's last edge is told of: Linux reads the level when
    // it handles an interrupt, so the last event shows the level that the last edge left.
    private void Storm(Rig rig, Random random)
    {
        Monitor(rig);
        Dictionary<string, string> last = [];
        Dictionary<string, string> levels = stormy.ToDictionary(line => line, _ => "low");
        Dictionary<string, int> burst = stormy.ToDictionary(line => line, _ => 0);
        for (int i = 0; i < 300; i++)
        {
            string line = stormy[random.Next(stormy.Length)];
            string level = random.Next(2) == 0 ? "low" : "high";
            if (levels[line] == level)
            {
                continue;
            }

            // Linux drops what its user does not fetch in time.
            if (burst[line]++ == EventsThatLinuxKeeps)
            {
                AwaitLast(rig, last);
                burst = stormy.ToDictionary(l => l, _ => 0);
                burst[line] = 1;
            }

            rig.Board.Set(line, level);
            levels[line] = level;
            last[line] = level == "high" ? "RISING" : "FALLING";
            stormEdges++;
        }

        AwaitLast(rig, last);
        stormEvents += Events(rig, "");
        latchedEdges += Serving.CheckLatches(rig, stormy, begin: () => Monitor(rig), count: line => Events(rig, $"offset: {NumberOf(line)} "));
        rig.Guest.Must(Serving.UntilEnded("gpiomon"));
    }

    private static void AwaitLast(Rig rig, Dictionary<string, string> last)
    {
        foreach ((string line, string edge) in last)
        {
            string events = $"grep 'offset: {NumberOf(line)} ' /tmp/storm | tail -n 1";
            rig.Guest.Must($"n=0; until {events} | grep -q {edge} || [ $n -ge 500 ]; do n=$((n+1)); usleep 10000; done");
            Assert.Contains(edge, rig.Guest.Must(events), $"the last edge of {line} in a storm");
        }
    }

    private static int NumberOf(string line) => Array.IndexOf(EmulatedBoard.LineNames, line);

    // Begins anew, with every line low.
    private static void Monitor(Rig rig)
    {
        rig.Guest.Must("killall gpiomon 2>/dev/null; while pidof gpiomon >/dev/null; do usleep 1000; done");
        Array.ForEach(stormy, line => rig.Board.Set(line, "low"));
        rig.Guest.Must($"gpiomon --line-buffered virtio0 {string.Join(' ', stormy.Select(NumberOf))} >/tmp/storm & " + Serving.UntilMonitored(stormy.Length));
    }

    private static int Events(Rig rig, string which) => int.Parse(rig.Guest.Must($"grep -c '{which}' /tmp/storm || true"));
}
