// GuestBench: the real Linux: a program on its GPIO character device, and edges that the board makes.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Bench;

/// <summary>What user space sees.</summary>
internal sealed class GuestBench(Programs programs, string guest, Plan plan, Figures figures, Action<string> say)
{
    internal const string Part = "Linux's user space";
    internal const string Get = "get a line";
    internal const string Answer = "edge to the answer at a pin";

    private const string Seen = "edge to user space";
    private const string Tasks = "get, four tasks on two processors, patched driver";
    private const string Program = "/tmp/gpio_bench";
    private const string Chip = "/dev/gpiochip0";
    private const string Sram = "/sys/bus/pci/devices/0000:00:01.0/resource2";

    private static readonly (string Word, string What)[] operations =
        [("get", Get), ("set", "set a line"), ("eight", "get eight lines by one ioctl")];

    private readonly byte[] program = programs.CompileForGuest(guest);

    /// <summary>Measures each device, interleaved.</summary>
    internal void Run(IReadOnlyList<Device> all)
    {
        Device[] devices = [.. all.Take(plan.MostGuests)];
        Repeat(devices, new RigOptions(guest), "one processor", Plan.LinuxProcessor, MeasureOne);
        Repeat(devices, new RigOptions(guest, Processors: 2, KernelArguments: "board.driver=patched emusoc_rproc.sync_kick=0"),
            "two processors", $"{Plan.LinuxProcessor},{Plan.CoreProcessor}", MeasureTasks);
    }

    private void Repeat(IReadOnlyList<Device> devices, RigOptions options, string kind, string processors, Action<Device, Rig> measure)
    {
        List<Rig> rigs = [];
        try
        {
            foreach (Device device in devices)
            {
                say($"Linux on {kind} boots: {device.Name}");
                rigs.Add(Boot(device, options, processors));
            }

            for (int repetition = 1; repetition <= plan.Repetitions; repetition++)
            {
                for (int i = 0; i < devices.Count; i++)
                {
                    say($"Linux on {kind}, {repetition} of {plan.Repetitions}: {devices[i].Name}");
                    Rest(devices[i], rigs[i], isOver: true);
                    measure(devices[i], rigs[i]);
                    Rest(devices[i], rigs[i], isOver: false);
                }
            }
        }
        finally
        {
            rigs.ForEach(rig => rig.Dispose());
        }
    }

    private Rig Boot(Device device, RigOptions options, string processors)
    {
        Rig rig = Rig.Create(device.Change(options));
        try
        {
            Command.Pin(rig.BoardId, Plan.BoardProcessor);
            Device.Start(rig);
            rig.StartLinux();
            Command.Pin(rig.EmulatorId, processors);
            rig.Guest.Must($"echo {Convert.ToBase64String(program)} | base64 -d >{Program}; chmod 755 {Program}");
            rig.Guest.Must($"{Program} get {Chip} 100");
            Rest(device, rig, isOver: false);
            return rig;
        }
        catch
        {
            rig.Dispose();
            throw;
        }
    }

    // A device that spins is stopped while the others are measured.
    private static void Rest(Device device, Rig rig, bool isOver)
    {
        if (device.Spins)
        {
            Command.Run(["kill", isOver ? "-CONT" : "-STOP", $"{rig.Firmware.Id}"]);
        }
    }

    private void MeasureOne(Device device, Rig rig)
    {
        foreach ((string word, string what) in operations)
        {
            double[] numbers = Numbers(rig.Guest.Must($"{Program} {word} {Chip} {plan.GuestTimes}"));
            figures.Of(Part, what, device.Name, Units.PerSecond).Add(numbers[0] * 1e9 / numbers[1], [.. numbers[2..].Select(ns => ns / 1000)]);
        }

        MeasureAnswers(device, rig);
        MeasureStorm(device, rig);
    }

    private void MeasureTasks(Device device, Rig rig)
    {
        double[] numbers = Numbers(rig.Guest.Must($"{Program} tasks {Chip} {plan.GuestTimes / 2}"));
        figures.Of(Part, Tasks, device.Name, Units.PerSecond).Add(numbers[0] * 1e9 / numbers[1]);
    }

    private void MeasureAnswers(Device device, Rig rig)
    {
        string[] files = [programs.InFolder("seen"), programs.InFolder("answered")];
        using Process edges = Command.Start([programs.Edges, rig.Folder, $"{rig.BoardId}", "answer", $"{plan.Answers}", .. files, Plan.LinuxProcessor]);
        edges.StandardOutput.ReadLine();
        rig.Guest.Must($"{Program} answer {Chip} {plan.Answers} {Sram}");
        Command.Finish(edges, programs.Edges);
        foreach ((string what, string file) in new[] { (Seen, files[0]), (Answer, files[1]) })
        {
            uint[] samples = FrontBench.SamplesIn(file);
            if (samples.Length == 0)
            {
                figures.Miss(Part, what, device.Name, "the program that makes the edges was not looking at any");
                continue;
            }

            double[] quantiles = Figure.QuantilesOf(samples);
            figures.Of(Part, what, device.Name, Units.Microseconds).Add(quantiles[50], quantiles);
        }
    }

    private void MeasureStorm(Device device, Rig rig)
    {
        Task<string> guestsWord = Task.Run(() => rig.Guest.Must($"{Program} storm {Chip} 200"));
        Command.Run([programs.Edges, rig.Folder, $"{rig.BoardId}", "storm", $"{plan.StormMs}"]);
        double[] numbers = Numbers(guestsWord.Result);
        figures.Of(Part, "edges read while the board makes them without a pause", device.Name, Units.PerSecond).Add(numbers[0] * 1e9 / numbers[1]);
    }

    private static double[] Numbers(string said) =>
        [.. said.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
}
