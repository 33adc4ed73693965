// Programs: what the hostile driver is given: the corpus, and what chance makes of it.

using System;
using System.IO;
using System.Linq;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Hostile;

/// <summary>Programs of the hostile driver.</summary>
internal static class Programs
{
    /// <summary>How many random ones the default run has of each kind of board.</summary>
    internal const int DefaultRun = 30_000;

    /// <summary>Bytes of the longest.</summary>
    internal const int Longest = 400;

    /// <summary>The folder of those that are kept.</summary>
    internal static string Corpus => Path.Combine(Project.Root, "tests", "Hostile", "corpus");

    /// <summary>The files of those that are kept, and no others.</summary>
    internal static string[] CorpusFiles() => [.. Directory.GetFiles(Corpus, "*.hex").Order(StringComparer.Ordinal)];

    /// <summary>Half of the random ones are new, half are made of what the corpus knows: pieces of two programs, with bytes changed.</summary>
    internal static byte[] Make(Random random, byte[][] corpus)
    {
        byte[] fresh = new byte[random.Next(1, Longest)];
        random.NextBytes(fresh);
        if (random.Next(2) == 0)
        {
            return fresh;
        }

        byte[] first = corpus[random.Next(corpus.Length)];
        byte[] second = corpus[random.Next(corpus.Length)];
        byte[] mixed = [.. first[..random.Next(first.Length + 1)], .. second[random.Next(second.Length)..], .. fresh[..random.Next(Math.Min(20, fresh.Length))]];
        for (int i = random.Next(4); i > 0 && mixed.Length > 0; i--)
        {
            mixed[random.Next(mixed.Length)] = (byte)random.Next(256);
        }

        return mixed;
    }

    /// <summary>Reads a file of the corpus.</summary>
    internal static byte[] Read(string file) =>
        Convert.FromHexString(string.Concat(File.ReadLines(file).Where(l => !l.StartsWith('#'))).Replace(" ", ""));
}
