// The register of deviations in firmware/DESIGN.md names every rule of the gates, and no other.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class RegisterTests
{
    [TestMethod]
    public void Register_OfDeviations_NamesEachRuleOfTheGates()
    {
        CollectionAssert.AreEquivalent(Rules(typeof(IlGate)).Concat(Rules(typeof(HotPath))).ToArray(), Registered().ToArray());
    }

    private static IEnumerable<string> Rules(Type gate) =>
        gate.GetFields(BindingFlags.NonPublic | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    // The first cells of the two tables, without their heads and rules.
    private static IEnumerable<string> Registered() =>
        File.ReadLines(Path.Combine(Flashed.Root, "firmware", "DESIGN.md"))
            .SkipWhile(line => !line.StartsWith("## Deviations", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.Contains("| because", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Trim().Split(", "));
}
