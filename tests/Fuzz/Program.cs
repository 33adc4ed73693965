// The hostile driver's programs for afl++. An input is a program behind one byte that says on which board it runs, and each has a board of
// its own: a finding needs nothing but its input.
//
//   prepare FOLDER     instruments the copies in FOLDER/target, and writes the corpus as inputs to FOLDER/seeds
//   (nothing)          runs the input on stdin, or one after another as afl++ says
//   keep FOLDER HOW    prints what broke the firmware in what afl++ has found in FOLDER; if nothing did, adds the rest to the corpus

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
                Edges.Start();
                return Keep(Path.Combine(folder, "found", "default"), how);
            default:
                Fuzzer.OutOfProcess.Run(RunInput);
                return 0;
        }
    }

    /// <summary>Runs an input.</summary>
    /// <returns>What the firmware did that it must not do; null if nothing.</returns>
    internal static string? Run(byte[] input)
    {
        try
        {
            return input.Length == 0 ? null : new HostileDriver(indirect: (input[0] & 1) != 0, isPool: (input[0] & 2) != 0).Run(input[1..]);
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }

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

    private static int Keep(string found, string how)
    {
        string[] broken = [.. Broken(found, "crashes", Run), .. Broken(found, "hangs", _ => "no end in time")];
        if (broken.Length > 0)
        {
            Console.WriteLine(string.Join('\n', broken));
            Console.WriteLine($"replay: put the program into a file of {Programs.Corpus}, then ./test Hostile");
            return 1;
        }

        AddToCorpus(Inputs(Path.Combine(found, "queue")), how);
        return 0;
    }

    private static IEnumerable<string> Broken(string found, string folder, Func<byte[], string?> what) =>
        Inputs(Path.Combine(found, folder)).Select(input => $"{what(input)}\nprogram: {Convert.ToHexString(input[1..])}");

    // The short ones first. What is kept takes an edge that neither the corpus, nor the default run's random programs, nor one kept before takes.
    private static void AddToCorpus(IEnumerable<byte[]> inputs, string how)
    {
        HashSet<int> known = Edges.OfDefaultRun();
        int ofDefaultRun = known.Count;
        int kept = 0;
        foreach (byte[] input in inputs.OrderBy(input => input.Length))
        {
            HashSet<int> edges = [.. Edges.Of(input).Except(known)];
            if (edges.Count > 0 && kept < MostKept)
            {
                Write(Edges.Shortest(input, edges), $"{how}: {edges.Count} new edges.");
                kept++;
            }

            known.UnionWith(edges);
        }

        Console.WriteLine($"   did: edges of the corpus and the default run: {ofDefaultRun}, with those of the queue: {known.Count}; added to the corpus: {kept}");
    }

    private static IEnumerable<byte[]> Inputs(string folder) => Directory.GetFiles(folder, "id:*").Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    private static void Write(byte[] input, string comment)
    {
        string name = $"edges-{Convert.ToHexStringLower(SHA256.HashData(input))[..8]}.hex";
        IEnumerable<string> lines = input.Skip(1).Chunk(BytesALine).Select(line => string.Join(' ', line.Select(value => $"{value:X2}")));
        File.WriteAllLines(Path.Combine(Programs.Corpus, name), [$"# {comment}", .. lines]);
    }
}
