// FrontBench: requests without a guest: a program plays Linux on the board's sockets.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Bench;

/// <summary>Rates and times of requests, and what they take of the processor.</summary>
internal sealed class FrontBench(Programs programs, Plan plan, Figures figures, Action<string> say)
{
    internal const string Rates = "Without a guest: requests";
    internal const string Processor = "Without a guest: what the process takes";

    private static readonly int[] inFlight = [1, 4, 16];
    private static readonly string[] modes = ["spin", "wait"];

    /// <summary>Measures each device, interleaved.</summary>
    internal void Run(IReadOnlyList<Device> devices)
    {
        List<Rig> rigs = [];
        try
        {
            foreach (Device device in devices)
            {
                Rig rig = Rig.Create(device.Change(new RigOptions("")));
                rigs.Add(rig);
                Command.Pin(rig.BoardId, Plan.BoardProcessor);
            }

            for (int repetition = 1; repetition <= plan.Repetitions; repetition++)
            {
                for (int i = 0; i < devices.Count; i++)
                {
                    say($"without a guest, {repetition} of {plan.Repetitions}: {devices[i].Name}");
                    Measure(devices[i], rigs[i]);
                }
            }
        }
        finally
        {
            rigs.ForEach(rig => rig.Dispose());
        }
    }

    // A firmware of its own for each repetition: what differs between two starts differs between repetitions.
    private void Measure(Device device, Rig rig)
    {
        Device.Start(rig);
        int core = rig.Firmware.Id;
        (_, _, double[] first) = Ask(rig, "wait", 1, plan.StartMs);
        figures.Of(Processor, "longest answer in the first second", device.Name, Units.Milliseconds).Add(first[100] / 1000);
        foreach (string mode in modes)
        {
            foreach (int count in inFlight)
            {
                double before = ProcessMeter.NanosecondsOf(core);
                (double answers, double perSecond, double[] quantiles) = Ask(rig, mode, count, plan.FrontMs);
                double used = (ProcessMeter.NanosecondsOf(core) - before) / answers;
                string what = $"{count} in flight, {(mode == "spin" ? "front polls" : "front sleeps")}";
                figures.Of(Rates, what, device.Name, Units.PerSecond).Add(perSecond, quantiles);
                figures.Of(Processor, $"processor time for 1,000 requests, {what}", device.Name, Units.Milliseconds).Add(used / 1000);
            }
        }

        figures.Of(Processor, "resident memory", device.Name, Units.Mebibytes).Add(ProcessMeter.MebibytesOf(core));
        if (device.Spins)
        {
            figures.Miss(Processor, "wake-ups in an idle second", device.Name, "it never sleeps");
        }
        else
        {
            Dictionary<string, double> before = ProcessMeter.WakeUpsOf(core);
            Thread.Sleep(TimeSpan.FromSeconds(plan.IdleSeconds) / plan.Repetitions);
            double wakeUps = ProcessMeter.WakeUpsSince(core, before) * plan.Repetitions / plan.IdleSeconds;
            figures.Of(Processor, "wake-ups in an idle second", device.Name, Units.WakeUps).Add(wakeUps);
        }

        rig.KillFirmware();
    }

    private (double Answers, double PerSecond, double[] Quantiles) Ask(Rig rig, string mode, int count, int milliseconds)
    {
        string file = programs.InFolder("samples");
        string said = Command.Run(
            ["taskset", "-c", Plan.LinuxProcessor, programs.Front, rig.Folder, rig.DdrPath, mode, $"{count}", $"{milliseconds}", file]);
        double[] numbers = [.. said.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[0] * 1e9 / numbers[1], Figure.QuantilesOf(SamplesIn(file)));
    }

    /// <summary>The samples that a program has left.</summary>
    internal static uint[] SamplesIn(string file) => MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(file)).ToArray();
}
