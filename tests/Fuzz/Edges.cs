// Edges: which a program takes through the instrumented assemblies, without afl++.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using SharpFuzz.Common;
using VirtioGpio.Tests.Hostile;

namespace VirtioGpio.Tests.Fuzz;

/// <summary>The edges that programs take, as the places of afl++'s map.</summary>
internal static class Edges
{
    private const int Seed = 1;

    private static readonly byte[] map = GC.AllocateArray<byte>(1 << 16, pinned: true);

    /// <summary>Gives instrumented code a map, which it needs before its first branch.</summary>
    internal static unsafe void Start() => Trace.SharedMem = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(map, 0);

    /// <summary>The edges of an input.</summary>
    internal static HashSet<int> Of(byte[] input) => Of(() => Program.Run(input));

    /// <summary>The edges of the corpus, and of the default run's random programs with one seed.</summary>
    internal static HashSet<int> OfDefaultRun()
    {
        HashSet<int> edges = [];
        byte[][] corpus = [.. Programs.CorpusFiles().Select(Programs.Read)];
        foreach ((bool indirect, bool isPool) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            Random random = new(Seed);
            HostileDriver driver = new(indirect, isPool);
            edges.UnionWith(corpus.SelectMany(program => Of(() => new HostileDriver(indirect, isPool).Run(program))));
            for (int i = 0; i < Programs.DefaultRun; i++)
            {
                edges.UnionWith(Of(() => driver.Run(Programs.Make(random, corpus))));
            }
        }

        return edges;
    }

    /// <summary>Cuts off an input what it does not need to take some edges.</summary>
    internal static byte[] Shortest(byte[] input, HashSet<int> edges)
    {
        for (int size = input.Length / 2; size > 0; size /= 2)
        {
            for (int at = input.Length - size; at > 0; at--)
            {
                byte[] shorter = [.. input[..at], .. input[(at + size)..]];
                if (edges.IsSubsetOf(Of(shorter)))
                {
                    input = shorter;
                    at = Math.Min(at, input.Length - size + 1);
                }
            }
        }

        return input;
    }

    private static HashSet<int> Of(Action run)
    {
        map.AsSpan().Clear();
        Trace.PrevLocation = 0;
        run();
        HashSet<int> edges = [];
        for (int at = map.AsSpan().IndexOfAnyExcept((byte)0); at >= 0;)
        {
            edges.Add(at);
            int next = map.AsSpan(at + 1).IndexOfAnyExcept((byte)0);
            at = next < 0 ? next : at + 1 + next;
        }

        return edges;
    }
}
