// Random programs of a hostile driver, and those of the corpus. A failure is printed as a corpus file to be added.

using System;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Hostile;

[TestClass]
public class FuzzTests
{
    private const int DefaultPrograms = 30_000;
    private const int LongestProgram = 400;

    private static string Corpus => Path.Combine(Project.Root, "tests", "Hostile", "corpus");

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(true, true)]
    public void RandomPrograms_WhateverTheyDo_ViolateNothingAndAResetCures(bool indirect, bool isPool)
    {
        int seed = Settings.Seed;
        int programs = Settings.StepsOr(DefaultPrograms);
        Random random = new(seed);
        HostileDriver driver = new(indirect, isPool);
        byte[][] corpus = [.. Directory.GetFiles(Corpus, "*.hex").Select(Read)];
        for (int i = 0; i < programs; i++)
        {
            Check(driver, Make(random, corpus), $"VGPIO_SEED={seed} VGPIO_STEPS={i + 1} ./test Hostile");
        }

        Numbers.Say($"hostile driver, indirect {indirect}, rings in the window {isPool}, seed {seed}: {programs} programs, {driver.Accesses} accesses watched, out of window 0, exceptions 0, wedged 0");
    }

    [TestMethod]
    public void Corpus_EveryProgramWithEveryFeature_ViolatesNothing()
    {
        string[] files = Directory.GetFiles(Corpus, "*.hex");
        Assert.IsNotEmpty(files);
        foreach (string file in files)
        {
            foreach (bool isPool in new[] { false, true })
            {
                Check(new HostileDriver(indirect: false, isPool), Read(file), Path.GetFileName(file));
                Check(new HostileDriver(indirect: true, isPool), Read(file), Path.GetFileName(file));
            }
        }
    }

    private static void Check(HostileDriver driver, byte[] program, string replay)
    {
        if (driver.Run(program) is string violation)
        {
            Assert.Fail($"{violation}\nreplay: {replay}\nprogram: {Convert.ToHexString(program)}");
        }
    }

    // Half of the programs are new, half are made of what the corpus knows: pieces of two programs, with bytes changed.
    private static byte[] Make(Random random, byte[][] corpus)
    {
        byte[] fresh = new byte[random.Next(1, LongestProgram)];
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

    private static byte[] Read(string file) =>
        Convert.FromHexString(string.Concat(File.ReadLines(file).Where(l => !l.StartsWith('#'))).Replace(" ", ""));
}
