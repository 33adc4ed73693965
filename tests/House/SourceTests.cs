// How the sources of hal/ and firmware/ look: four keys at the top, short files, short methods.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed partial class SourceTests
{
    private const int MostLinesOfAFile = 299;
    private const int MostLinesOfAMethod = 39;

    private static readonly string[] keys = ["Spec", "Trusts", "Thread", "Memory"];

    private static IEnumerable<string> Files => Flashed.Sources("hal", "firmware");

    private static IEnumerable<string> NativeFiles =>
        from folder in new[] { "hal", "boards/emulated/native", "boards/am62x/native" }
        from pattern in new[] { "*.c", "*.h", "*.cpp" }
        from file in Flashed.Files(folder, pattern)
        select file;

    [TestMethod]
    public void File_AtItsTop_NamesItselfAndTheFourKeys()
    {
        Found.None(
            from file in Files.Concat(NativeFiles)
            let problem = ProblemOf(Opening(File.ReadLines(Path.Combine(Flashed.Root, file))), Path.GetFileNameWithoutExtension(file))
            where problem is not null
            select $"{file}: {problem}");
    }

    [TestMethod]
    public void File_Length_StaysUnder300Lines()
    {
        Found.None(
            from file in Files.Concat(NativeFiles)
            let lines = File.ReadLines(Path.Combine(Flashed.Root, file)).Count()
            where lines > MostLinesOfAFile
            select $"{file}: {lines} lines");
    }

    [TestMethod]
    public void Method_Length_StaysUnder40Lines()
    {
        Found.None(
            from file in Files
            from member in SourceArrows.Parse(file).GetRoot().DescendantNodes()
            where member is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            let lines = member.GetLocation().GetLineSpan()
            let length = lines.EndLinePosition.Line - lines.StartLinePosition.Line + 1
            where length > MostLinesOfAMethod
            select $"{file}:{lines.StartLinePosition.Line + 1}: {length} lines");
    }

    [TestMethod]
    [DataRow("// A: what.|//|// Spec: x|// Trusts: x|// Thread: x|// Memory: x", null)]
    [DataRow("using System;", "does not open with its name")]
    [DataRow("// B: what.|//|// Spec: x|// Trusts: x|// Thread: x|// Memory: x", "does not open with its name")]
    [DataRow("// A: what.|//|// Spec: x|// Trusts: x|// Memory: x", "its keys are Spec, Trusts, Memory")]
    public void Opening_OfAFile_IsJudged(string lines, string? problem)
    {
        Assert.AreEqual(problem, ProblemOf(Opening(lines.Split('|')), "A"));
    }

    private static string[] Opening(IEnumerable<string> lines) =>
        lines.TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal)).ToArray();

    private static string? ProblemOf(string[] opening, string name)
    {
        if (opening.Length == 0 || !opening[0].StartsWith($"// {name}: ", StringComparison.Ordinal))
        {
            return "does not open with its name";
        }

        string[] found = opening.Skip(1)
            .Select(line => Key().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .ToArray();
        return found.SequenceEqual(keys) ? null : $"its keys are {string.Join(", ", found)}";
    }

    [GeneratedRegex(@"^// (\w+): +\S")]
    private static partial Regex Key();
}
