// The hostile driver's programs for afl++. An input is a program behind one byte that says on which board it runs, and each has a board of
// its own: a finding needs nothing but its input.
//
//   prepare FOLDER     instruments the copies in FOLDER/target, and writes the corpus as inputs to FOLDER/seeds
//   (nothing)          runs the input on stdin, or one after another as afl++ says
//   keep FOLDER HOW    adds to the corpus what afl++ has found in FOLDER

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using SharpFuzz;
using VirtioGpio.Tests.Hostile;

namespace VirtioGpio.Tests.Fuzz;

internal static class Program
{
    private const int Boards = 4;
    private const int MostKept = 12;
    private const int BytesALine = 32;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["prepare", string folder]:
                Prepare(folder);
                return 0;
            case ["keep", string folder, string how]:
                Keep(Path.Combine(folder, "found", "default", "queue"), how);
                return 0;
            default:
                Fuzzer.OutOfProcess.Run(RunInput);
                return 0;
        }
    }

    /// <summary>Runs an input.</summary>
    /// <returns>What the firmware did that it must not do; null if nothing.</returns>
    internal static string? Run(byte[] input) =>
        input.Length == 0 ? null : new HostileDriver(indirect: (input[0] & 1) != 0, isPool: (input[0] & 2) != 0).Run(input[1..]);

    private static void RunInput(Stream stream)
    {
        using MemoryStream input = new();
        stream.CopyTo(input);
        if (Run(input.ToArray()) is string violation)
        {
            throw new InvalidOperationException(violation);
        }
    }

    private static void Prepare(string folder)
    {
        foreach (string assembly in new[] { "VirtioGpio.Hal.dll", "VirtioGpio.Firmware.dll" })
        {
            Fuzzer.Instrument(Path.Combine(folder, "target", assembly), _ => true, Options.Value);
        }

        string seeds = Directory.CreateDirectory(Path.Combine(folder, "seeds")).FullName;
        foreach (string file in Programs.CorpusFiles())
        {
            for (byte board = 0; board < Boards; board++)
            {
                File.WriteAllBytes(Path.Combine(seeds, $"{Path.GetFileNameWithoutExtension(file)}-{board}"), [board, .. Programs.Read(file)]);
            }
        }
    }

    // What is kept takes edges that neither the corpus, nor the default run's random programs, nor one kept before takes: the most first,
    // of as many the shortest.
    private static void Keep(string queue, string how)
    {
        Edges.Start();
        HashSet<int> known = Edges.OfDefaultRun();
        int ofDefaultRun = known.Count;
        byte[][] inputs = [.. Directory.GetFiles(queue, "id:*").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).OrderBy(input => input.Length)];
        HashSet<int>[] takes = [.. inputs.Select(Edges.Of)];
        int ofAll = takes.SelectMany(edges => edges).Union(known).Count();
        int kept = 0;
        for (; kept < MostKept && known.Count < ofAll; kept++)
        {
            int best = Enumerable.Range(0, inputs.Length).MaxBy(i => takes[i].Count(edge => !known.Contains(edge)));
            HashSet<int> edges = [.. takes[best].Except(known)];
            Write(Edges.Shortest(inputs[best], edges), $"{how}, for {edges.Count} edges.");
            known.UnionWith(edges);
        }

        Console.WriteLine($"   did: edges of the corpus and the default run {ofDefaultRun}, with the queue {ofAll}, with the {kept} programs that are added to the corpus {known.Count}");
    }

    private static void Write(byte[] input, string comment)
    {
        string name = $"edges-{Convert.ToHexStringLower(SHA256.HashData(input))[..8]}.hex";
        IEnumerable<string> lines = input.Skip(1).Chunk(BytesALine).Select(line => string.Join(' ', line.Select(value => $"{value:X2}")));
        File.WriteAllLines(Path.Combine(Programs.Corpus, name), [$"# {comment}", .. lines]);
    }
}
