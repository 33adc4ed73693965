// The mutation check. mutants.txt says what a mutant is.
//
//   dotnet run --project tests/Mutation --configuration Release -- [--workers N] [--limit SECONDS] [--only WORD]...
//
//   --workers   how many stands work at the same time (otherwise as many as there are processors, at most 4)
//   --limit     seconds that a suite may take before it counts as hanging (otherwise 120)
//   --only      only the mutants with this word in their name or file
//
// The solution must be built in configuration Release. Exit code 0: all were caught; 1: some survived; 2: the check could not run.

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace VirtioGpio.Tests.Mutation;

internal static class Program
{
    private static int workers = Math.Clamp(Environment.ProcessorCount, 1, 4);
    private static int limit = 120;

    private static int Main(string[] arguments)
    {
        try
        {
            List<string> wanted = ReadOptions(arguments);
            string root = FindRoot(AppContext.BaseDirectory);
            Mutant[] all = Mutant.ReadAll(File.ReadAllText(Path.Combine(root, "tests", "Mutation", "mutants.txt")));
            string[] problems = [.. all.Select(mutant => mutant.ProblemIn(root)).OfType<string>()];
            if (problems.Length > 0)
            {
                throw new FormatException(string.Join('\n', problems));
            }

            Mutant[] mutants = [.. all.Where(mutant => wanted.Count == 0 || wanted.Any(word => mutant.Id.Contains(word) || mutant.File.Contains(word)))];
            return mutants.Length > 0 ? Check(root, mutants) : throw new FormatException("no such mutant");
        }
        catch (Exception e) when (e is FormatException or IOException or InvalidOperationException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }

    private static List<string> ReadOptions(string[] arguments)
    {
        List<string> wanted = [];
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : throw new FormatException($"{arguments[i]} of what?");
            switch (arguments[i])
            {
                case "--workers":
                    workers = int.Parse(value);
                    break;
                case "--limit":
                    limit = int.Parse(value);
                    break;
                case "--only":
                    wanted.Add(value);
                    break;
                default:
                    throw new FormatException($"unknown option {arguments[i]}");
            }
        }

        return wanted;
    }

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "VirtioGpioFirmware.sln")) ? folder
        : Path.GetDirectoryName(folder) is string parent ? FindRoot(parent)
        : throw new InvalidOperationException("VirtioGpioFirmware.sln stands in no folder above this program");

    private static int Check(string root, Mutant[] mutants)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Stand[] stands = [.. Enumerable.Range(0, Math.Min(workers, mutants.Length)).Select(_ => new Stand(root, TimeSpan.FromSeconds(limit)))];
        try
        {
            if (stands[0].RunUnchanged() is string failure)
            {
                throw new InvalidOperationException($"without any mutant the suites must pass, but: {failure}");
            }

            Console.WriteLine($"unchanged: passes {string.Join(", ", Suite.All.Select(suite => suite.Name))}");
            int survived = Run(stands, mutants);
            Console.WriteLine($"did: mutation check with {stands.Length} worker(s) in {clock.Elapsed.TotalMinutes:F1} minutes");
            Console.WriteLine($"{mutants.Length} mutants, {mutants.Length - survived} caught, {survived} survived");
            return survived == 0 ? 0 : 1;
        }
        finally
        {
            foreach (Stand stand in stands)
            {
                stand.Dispose();
            }
        }
    }

    private static int Run(Stand[] stands, Mutant[] mutants)
    {
        ConcurrentQueue<Mutant> left = new(mutants);
        int done = 0;
        int survived = 0;
        Task[] work = [.. stands.Select(stand => Task.Run(Work(stand)))];
        Task.WhenAll(work).GetAwaiter().GetResult();
        return survived;

        Action Work(Stand stand) => () =>
        {
            while (left.TryDequeue(out Mutant? mutant))
            {
                string? failure = stand.Run(mutant);
                if (failure is null)
                {
                    Interlocked.Increment(ref survived);
                }

                string outcome = failure is null ? "SURVIVED" : $"caught by {failure}";
                Console.WriteLine($"{Interlocked.Increment(ref done)} / {mutants.Length} {mutant.Id}: {mutant.Title} {outcome}");
            }
        };
    }
}
