// What ./bench runs. Usage: VirtioGpio.Tests.Bench FOLDER GUEST_FOLDER|none REASON [--quick] [--record] [PART...]
//
// Ends with 1 if a figure is missing without a reason, or is none.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using VirtioGpio.Tests.Bench;
using VirtioGpio.Tests.Support;

string[] parts = ["guest", "front", "turns"];
string[] wanted = [.. args.Skip(3).Where(word => !word.StartsWith('-'))];
if (args.Length < 3 || wanted.Except(parts).Any() || args.Skip(3).Any(word => word.StartsWith('-') && word is not ("--quick" or "--record")))
{
    Console.Error.WriteLine("usage: VirtioGpio.Tests.Bench FOLDER GUEST_FOLDER|none REASON [--quick] [--record] [guest|front|turns]...");
    return 2;
}

string folder = args[0];
Plan plan = new(IsQuick: args.Contains("--quick"));
Stopwatch clock = Stopwatch.StartNew();
Figures figures = new();
string circumstances = Report.Circumstances();
bool IsWanted(string part) => wanted.Length == 0 || wanted.Contains(part);
void Say(string what) => Console.Error.WriteLine($"{clock.Elapsed.TotalSeconds,4:F0} s  {what}");

Say("compiling the programs in C");
Programs programs = new(folder);
if (IsWanted("guest"))
{
    if (args[1] == "none")
    {
        figures.Miss(GuestBench.Part, "all", Device.Any, args[2]);
    }
    else
    {
        new GuestBench(programs, args[1], plan, figures, Say).Run(Device.All(programs, (name, reason) => figures.Miss(GuestBench.Part, "all", name, reason)));
    }
}

if (IsWanted("front"))
{
    new FrontBench(programs, plan, figures, Say).Run(Device.All(programs, (name, reason) => figures.Miss(FrontBench.Rates, "all", name, reason)));
}

if (IsWanted("turns"))
{
    new TurnBench(folder, plan, figures, Say).Run();
}

Say("writing");
string shape = plan.IsQuick ? "a quick run, whose figures say nothing" : $"{plan.Repetitions} repetitions, interleaved";
Report report = new(figures, $"`./bench {string.Join(' ', args.Skip(3))}`".Replace(" `", "`") + $", {circumstances}; {shape}, {clock.Elapsed.TotalSeconds:F0} s.");
File.WriteAllText(Path.Combine(folder, "bench.md"), report.Markdown());
File.WriteAllText(Path.Combine(folder, "bench.json"), report.Json());
new Plots(figures).Draw(Path.Combine(folder, "plots"));
if (args.Contains("--record"))
{
    string tests = Path.Combine(Project.Root, "tests");
    report.Record(Path.Combine(tests, "BENCH.md"), new Plots(figures).Draw(Path.Combine(tests, "Bench", "plots")));
}

Console.WriteLine(report.Markdown());
foreach (Figure figure in figures.All.Where(figure => figure.Missing is not null))
{
    bool isWholePart = figure.Device == Device.Any;
    Console.WriteLine($"{(isWholePart ? "skipped" : "not measured")}: {figure.Part}: {figure.What}: {figure.Device}: {figure.Missing}");
}

List<string> problems = [.. figures.Problems()];
problems.ForEach(Console.Error.WriteLine);
Console.WriteLine($"{figures.All.Count(figure => figure.Values.Count > 0)} figures, {problems.Count} wrong, in {folder}");
return problems.Count == 0 ? 0 : 1;
