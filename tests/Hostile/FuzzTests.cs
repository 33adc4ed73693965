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
    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(true, true)]
    public void RandomPrograms_WhateverTheyDo_ViolateNothingAndAResetCures(bool indirect, bool isPool)
    {
        int seed = Settings.Seed;
        int programs = Settings.StepsOr(Programs.DefaultRun);
        Random random = new(seed);
        HostileDriver driver = new(indirect, isPool);
        byte[][] corpus = [.. Programs.CorpusFiles().Select(Programs.Read)];
        for (int i = 0; i < programs; i++)
        {
            Check(driver, Programs.Make(random, corpus), $"VGPIO_SEED={seed} VGPIO_STEPS={i + 1} ./test Hostile");
        }

        Numbers.Say($"hostile driver, indirect {indirect}, rings in the window {isPool}, seed {seed}: {programs} programs, {driver.Accesses} accesses watched, out of window 0, exceptions 0, wedged 0");
    }

    [TestMethod]
    public void Corpus_EveryProgramWithEveryFeature_ViolatesNothing()
    {
        string[] files = Programs.CorpusFiles();
        Assert.IsNotEmpty(files);
        foreach (string file in files)
        {
            foreach (bool isPool in new[] { false, true })
            {
                Check(new HostileDriver(indirect: false, isPool), Programs.Read(file), Path.GetFileName(file));
                Check(new HostileDriver(indirect: true, isPool), Programs.Read(file), Path.GetFileName(file));
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
}
