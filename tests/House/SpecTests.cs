// SPEC.md, the sources and the tests keep in step: a clause has one row, the row names where it is enforced and what shows it.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed partial class SpecTests
{
    // Of a rule that is the project's own.
    private const string Ours = "OURS";

    private static readonly string[] levels = ["MUST", "SHOULD", "MAY", Ours];

    private static readonly ILookup<string, string> sources =
        Flashed.Sources("hal", "firmware").ToLookup(file => Path.GetFileName(file).Split('.')[0]);

    [TestMethod]
    public void Row_OfAClause_HasTheFormOfTheTable()
    {
        Clause[] clauses = ReadClauses();
        Assert.IsNotEmpty(clauses, "firmware/SPEC.md holds no table with the header row of clauses");
        Found.None(clauses.SelectMany(ProblemsOf));
        int shown = clauses.Count(clause => clause.Tests.Count > 0);
        Console.WriteLine($"did: clauses shown {shown} of {clauses.Length}, by {clauses.SelectMany(clause => clause.Tests).Distinct().Count()} tests; "
            + $"{clauses.Length - shown} do not apply here; {clauses.Count(clause => clause.Level == Ours)} are the project's own");
    }

    [TestMethod]
    public void Id_OfAClause_IsUnique()
    {
        Found.None(
            from clause in ReadClauses()
            group clause by clause.Id into same
            where same.Count() > 1
            select $"{same.Key}: {same.Count()} rows");
    }

    [TestMethod]
    public void Where_OfAClause_NamesASourceFile()
    {
        Found.None(
            from clause in ReadClauses()
            from place in clause.Places
            where !Exists(place)
            select $"{clause.Id}: {place} is in no source of hal/ or firmware/");
    }

    [TestMethod]
    [DataRow("GpioFirmware.cs", true)]
    [DataRow("firmware/VirtioGpio.Firmware/GpioFirmware.cs", true)]
    [DataRow("GpioFirmware.Start", true)]
    [DataRow("GpioFirmware.cs (Start)", true)]
    [DataRow("Queue/Virtqueue.Adopt.cs", true)]
    [DataRow("Queue/Virtqueue.Keep.cs", false)]
    [DataRow("GpioFirmware.Boot", false)]
    [DataRow("SpiFirmware.cs", false)]
    public void Place_InTheSources_IsFound(string place, bool found)
    {
        Assert.AreEqual(found, Exists(place));
    }

    [TestMethod]
    public void Test_OfAClause_IsATestMethod()
    {
        HashSet<string> methods = TestMethodsIn("tests").ToHashSet();
        Found.None(
            from clause in ReadClauses()
            from test in clause.Tests
            where !methods.Contains(test)
            select $"{clause.Id}: {test} is no test method");
    }

    [TestMethod]
    public void TestMethod_OfTheSpecSuite_IsNamedByAClause()
    {
        HashSet<string> named = ReadClauses().SelectMany(clause => clause.Tests).ToHashSet();
        Found.None(TestMethodsIn("tests/Spec").Where(method => !named.Contains(method)));
    }

    [TestMethod]
    [DataRow("| REQ-1 | rule | MUST | `Gpio/LineTable.cs` | A.B |", 0)]
    [DataRow("| REQ-1 | rule | MUST | - | n/a: the driver's duty |", 0)]
    [DataRow("| REQ-1 | rule | OURS | - | A.B |", 0)]
    [DataRow("| REQ-1 | rule | OURS | - | n/a: nobody tried |", 1)]
    [DataRow("| req1 | rule | MUST | - | A.B |", 1)]
    [DataRow("| REQ-1 | rule | must | - | A.B |", 1)]
    [DataRow("| REQ-1 |  | MUST | - | A.B |", 1)]
    [DataRow("| REQ-1 | rule | MUST |  | A.B |", 1)]
    [DataRow("| REQ-1 | rule | MUST | - |  |", 1)]
    [DataRow("| REQ-1 | rule | MUST | - | n/a |", 1)]
    public void Row_BadlyWritten_IsFound(string row, int problems)
    {
        Assert.AreEqual(problems, ProblemsOf(Clause.Parse(row)!).Count());
    }

    private static IEnumerable<string> ProblemsOf(Clause clause)
    {
        if (!Id().IsMatch(clause.Id))
        {
            yield return $"{clause.Id}: an id looks like REQ-3";
        }

        if (clause.Rule.Length == 0 || !levels.Contains(clause.Level))
        {
            yield return $"{clause.Id}: a clause has a rule, and MUST, SHOULD, MAY or OURS";
        }

        if (clause.Where.Length == 0)
        {
            yield return $"{clause.Id}: where names a file of hal/ or firmware/, or is -";
        }

        bool saysWhyNot = clause.Test.StartsWith("n/a: ", StringComparison.Ordinal);
        if (saysWhyNot && clause.Level == Ours)
        {
            yield return $"{clause.Id}: what the project promises of itself is shown by a test";
        }

        if (!saysWhyNot && (clause.Tests.Count == 0 || !clause.Tests.All(test => TestName().IsMatch(test))))
        {
            yield return $"{clause.Id}: test names Class.Method, or says \"n/a: \" and why";
        }
    }

    private static Clause[] ReadClauses() => Clause.ReadAll(File.ReadLines(Path.Combine(Flashed.Root, "firmware", "SPEC.md"))).ToArray();

    // "Gpio/LineTable.cs", "Queue/Virtqueue.Adopt.cs", "LineTable.Execute", "LineTable.cs Execute", "hal/VirtioGpio.Hal/AddressWindows.cs (ToLocal)".
    private static bool Exists(string place)
    {
        string[] words = Word().Matches(place.Replace(".cs", "", StringComparison.Ordinal)).Select(match => match.Value).ToArray();
        int at = Array.FindIndex(words, sources.Contains);
        string? member = at >= 0 && at + 1 < words.Length ? words[at + 1] : null;
        return at >= 0 && (member is null || sources[words[at]].Any(file => IsPart(file, member) || Declares(file, member)));
    }

    // Whether a file holds the part of a class that has this name.
    private static bool IsPart(string file, string part) => Path.GetFileNameWithoutExtension(file).EndsWith($".{part}", StringComparison.Ordinal);

    private static bool Declares(string file, string member)
    {
        return SourceArrows.Parse(file).GetRoot().DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && token.Text == member)
            .Any(token => token.Parent is MemberDeclarationSyntax or VariableDeclaratorSyntax);
    }

    private static IEnumerable<string> TestMethodsIn(string folder)
    {
        return
            from file in Flashed.Sources(folder)
            from method in CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Flashed.Root, file))).GetRoot()
                .DescendantNodes().OfType<MethodDeclarationSyntax>()
            where method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == "TestMethod")
            where method.Parent is TypeDeclarationSyntax
            select $"{((TypeDeclarationSyntax)method.Parent!).Identifier.Text}.{method.Identifier.Text}";
    }

    [GeneratedRegex(@"^[A-Z]+-\d+$")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\w+\.\w+$")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
