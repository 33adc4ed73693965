// SourceArrows: which type names which in the sources, as the compiler understands them: constants are seen here, and using lines.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace VirtioGpio.Tests.House;

/// <summary>A name in a source file.</summary>
/// <param name="Room">The room of the file's type.</param>
/// <param name="Space">The namespace of what is named.</param>
/// <param name="Name">The type that is named; empty if it is the namespace alone.</param>
/// <param name="Place">File and line.</param>
internal sealed record SourceArrow(string Room, string Space, string Name, string Place)
{
    /// <summary>Why the name must not stand there, or null: it may.</summary>
    internal string? Objection => Rooms.Objection(Room, Space, Name) is { } objection ? $"{objection}: {Place}" : null;
}

internal static class SourceArrows
{
    private static readonly CSharpParseOptions language = new(LanguageVersion.CSharp10);

    /// <summary>Every type named in a source file of the firmware.</summary>
    internal static IEnumerable<SourceArrow> OfFirmware()
    {
        SyntaxTree[] trees = Trees().ToArray();
        CSharpCompilation compilation = CSharpCompilation.Create("sources", trees, References());
        return
            from tree in trees
            let model = compilation.GetSemanticModel(tree)
            from node in tree.GetRoot().DescendantNodes()
            where node is SimpleNameSyntax && !node.Ancestors().OfType<UsingDirectiveSyntax>().Any()
            let type = TypeOf(model.GetSymbolInfo(node).Symbol)
            where type is not null
            select new SourceArrow(RoomOf(tree), type.ContainingNamespace.ToDisplayString(), type.Name, PlaceOf(node));
    }

    /// <summary>Every using line that names a namespace of the project.</summary>
    internal static IEnumerable<SourceArrow> UsingLines()
    {
        return
            from tree in Trees()
            from line in tree.GetCompilationUnitRoot().Usings
            let space = line.Name!.ToString()
            where space.StartsWith("VirtioGpio.Firmware", StringComparison.Ordinal)
            select new SourceArrow(RoomOf(tree), space, "", PlaceOf(line));
    }

    /// <summary>A source file as the compiler reads it.</summary>
    internal static SyntaxTree Parse(string file)
    {
        return CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Flashed.Root, file)), language, file);
    }

    private static IEnumerable<SyntaxTree> Trees() => Flashed.Sources("firmware").Select(Parse);

    private static IEnumerable<MetadataReference> References()
    {
        IEnumerable<string> contracts = Directory.EnumerateFiles(Flashed.Contracts, "*.dll");
        string hal = Flashed.Projects.Single(project => project.Name == Flashed.Hal).Output;
        return contracts.Append(hal).Select(file => MetadataReference.CreateFromFile(file));
    }

    // The outermost type of what is named. Properties and locals name their type where they are declared.
    private static INamedTypeSymbol? TypeOf(ISymbol? symbol)
    {
        INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        while (type?.ContainingType is { } outer)
        {
            type = outer;
        }

        return type?.ContainingNamespace is { IsGlobalNamespace: false } ? type : null;
    }

    private static string RoomOf(SyntaxTree tree)
    {
        string space = tree.GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().First().Name.ToString();
        return Rooms.Of(space, Path.GetFileName(tree.FilePath).Split('.')[0]);
    }

    private static string PlaceOf(SyntaxNode node) =>
        $"{node.SyntaxTree.FilePath}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1} {node}";
}
