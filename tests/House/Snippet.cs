// Snippet: a few lines of C# compiled as flashed code is, to show that a gate refuses them.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Mono.Cecil;

namespace VirtioGpio.Tests.House;

internal static class Snippet
{
    private const string Usings = "using System; using System.Threading; using System.Runtime.CompilerServices; ";

    /// <summary>Compiles against nanoFramework's core library.</summary>
    /// <param name="code">Type declarations.</param>
    /// <param name="language">The language version; flashed code has 10.</param>
    internal static AssemblyDefinition Compile(string code, LanguageVersion language = LanguageVersion.CSharp10)
    {
        return Compile(code, language, File.ReadAllBytes(Path.Combine(Flashed.Contracts, "mscorlib.dll")));
    }

    /// <summary>Compiles against a core library that has an exception type which nanoFramework's lacks.</summary>
    internal static AssemblyDefinition CompileWithExtraException(string code, string exception)
    {
        using AssemblyDefinition core = AssemblyDefinition.ReadAssembly(Path.Combine(Flashed.Contracts, "mscorlib.dll"));
        TypeDefinition likeIt = core.MainModule.GetType("System.InvalidOperationException");
        TypeAttributes visible = TypeAttributes.Public | TypeAttributes.Class;
        core.MainModule.Types.Add(new TypeDefinition("System", exception, visible, likeIt.BaseType));
        using MemoryStream image = new();
        core.Write(image);
        return Compile(code, LanguageVersion.CSharp10, image.ToArray());
    }

    private static AssemblyDefinition Compile(string code, LanguageVersion language, byte[] core)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "snippet",
            [CSharpSyntaxTree.ParseText(Usings + code, new CSharpParseOptions(language))],
            [MetadataReference.CreateFromImage(core)],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));
        using MemoryStream image = new();
        EmitResult result = compilation.Emit(image);
        IEnumerable<string> errors = result.Diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString());
        return result.Success
            ? Flashed.Read(new MemoryStream(image.ToArray()))
            : throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
    }
}
