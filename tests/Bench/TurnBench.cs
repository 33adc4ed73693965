// TurnBench: BenchmarkDotNet on Turns, the exact count of operations, and the start on boards of more and more lines.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using VirtioGpio.Tests.Price;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Bench;

/// <summary>One process.</summary>
internal sealed class TurnBench(string folder, Plan plan, Figures figures, Action<string> say)
{
    internal const string Times = "One process: time";
    internal const string Allocated = "One process: memory allocated";
    internal const string Counts = "Growth: simple operations of the interpreter, exactly";
    internal const string Starts = "Growth: start of the firmware";

    private const int StartsTimed = 5;

    /// <summary>Measures.</summary>
    internal void Run()
    {
        CountOperations();
        TimeStarts();
        TimeTurns();
    }

    /// <summary>What the tables call a kind of pins.</summary>
    private static string PinsOf(bool isLatched) => isLatched ? Device.Latched : "firmware, System.Device.Gpio";

    private void CountOperations()
    {
        say("one process: operations");
        foreach (Growth growth in Growth.All.Where(growth => plan.Lines.Contains(growth.Lines)))
        {
            Bill bill = Meter.Shared.Price(growth);
            figures.Of(Counts, $"{growth.What}, {growth.Words}: {growth.Lines} lines", PinsOf(growth.IsLatched), Units.Operations)
                .Add(bill.Operations / growth.Busy);
        }

        figures.Miss(Counts, "more than 256 lines", Device.Latched, "the natives have 256 slots");
    }

    private void TimeStarts()
    {
        say("one process: starts");
        foreach (bool isLatched in new[] { false, true })
        {
            foreach (int lines in plan.Lines.Where(lines => !isLatched || lines <= Growth.MostLatched))
            {
                TestBoard board = new(lines, ringSize: 2 * lines, isLatched: isLatched);
                Figure figure = figures.Of(Starts, $"{lines} lines, for each line", PinsOf(isLatched), Units.Microseconds);
                for (int time = 0; time < StartsTimed; time++)
                {
                    long began = Stopwatch.GetTimestamp();
                    board.StartFirmware();
                    figure.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds / lines);
                }
            }
        }
    }

    private void TimeTurns()
    {
        Turns.AllLines = plan.Lines;
        say("one process: BenchmarkDotNet");
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationTime(TimeInterval.FromMilliseconds(100))
            .WithWarmupCount(plan.IsQuick ? 1 : 4).WithIterationCount(plan.Iterations).WithLaunchCount(1);
        IConfig config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(folder, "benchmarkdotnet")).WithOptions(ConfigOptions.DisableOptimizationsValidator);
        Summary summary = BenchmarkRunner.Run<Turns>(config);
        foreach (BenchmarkReport report in summary.Reports)
        {
            int lines = (int)report.BenchmarkCase.Parameters[nameof(Turns.Lines)];
            bool isLatched = (bool)report.BenchmarkCase.Parameters[nameof(Turns.IsLatched)];
            if (isLatched && lines > Growth.MostLatched)
            {
                continue;
            }

            string what = $"{WordsFor(report.BenchmarkCase.Descriptor.WorkloadMethod.Name)}: {lines} lines";
            Figure time = figures.Of(Times, what, PinsOf(isLatched), Units.Nanoseconds);
            foreach (double nanoseconds in report.ResultStatistics?.OriginalValues ?? [])
            {
                time.Add(nanoseconds);
            }

            Figure bytes = figures.Of(Allocated, what, PinsOf(isLatched), Units.Bytes);
            if (report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is long allocated)
            {
                bytes.Add(allocated);
            }
        }
    }

    private static string WordsFor(string method) => method switch
    {
        nameof(Turns.Request) => "request",
        nameof(Turns.Interrupt) => "interrupt, and its buffer again",
        _ => "idle poll",
    };
}
