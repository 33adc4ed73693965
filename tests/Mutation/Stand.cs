// Stand: a copy of the project in which one mistake at a time is made, compiled and run.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace VirtioGpio.Tests.Mutation;

/// <summary>
/// Sources and built suites in a folder of their own. Only the assembly with the mistake is compiled, by the compiler as a
/// library, and put wherever the build had put the right one: a mutant costs no more than the suites that run.
/// </summary>
internal sealed class Stand : IDisposable
{
    private static readonly string[] flashed = ["VirtioGpio.Hal", "VirtioGpio.Firmware"];
    private static readonly string[] notCopied = [".git", "artifacts", "bin", "obj"];

    private readonly TimeSpan limit;

    /// <summary>Copies a project that is built.</summary>
    internal Stand(string project, TimeSpan limit)
    {
        this.limit = limit;
        Root = Directory.CreateTempSubdirectory("mutation-").FullName;
        Copy(project, Root, folder => !notCopied.Contains(folder));
        Copy(Path.Combine(project, "artifacts", "bin"), Path.Combine(Root, "artifacts", "bin"), folder => folder != "debug");
        foreach (string assembly in flashed)
        {
            string source = Path.Combine("artifacts", "obj", assembly, "release", assembly + ".AssemblyInfo.cs");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Root, source))!);
            File.Copy(Path.Combine(project, source), Path.Combine(Root, source));
        }
    }

    /// <summary>The stand's folder.</summary>
    internal string Root { get; }

    /// <summary>Runs every suite on the code as it is.</summary>
    /// <returns>What failed; null if nothing did.</returns>
    internal string? RunUnchanged()
    {
        foreach (string assembly in flashed)
        {
            Compile(assembly);
        }

        return RunSuites();
    }

    /// <summary>Makes a mistake, runs the suites until one fails, and mends it.</summary>
    /// <returns>What failed; null if nothing did: the mutant survived.</returns>
    internal string? Run(Mutant mutant)
    {
        string file = Path.Combine(Root, mutant.File);
        string assembly = flashed.Single(name => mutant.File.Split('/').Contains(name));
        string right = File.ReadAllText(file);
        try
        {
            File.WriteAllText(file, mutant.ApplyTo(right));
            Compile(assembly);
            return RunSuites();
        }
        finally
        {
            File.WriteAllText(file, right);
            Compile(assembly);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Copy(string from, string to, Func<string, bool> wants)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string folder in Directory.GetDirectories(from).Where(folder => wants(Path.GetFileName(folder))))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)), wants);
        }
    }

    private string? RunSuites()
    {
        foreach (Suite suite in Suite.All)
        {
            if (suite.Run(Root, limit) is string failure)
            {
                return $"{suite.Name}: {failure}";
            }
        }

        return null;
    }

    // As nanoFramework.props has it compiled: C# 10, against nanoFramework and nothing else.
    private void Compile(string assembly)
    {
        string folder = Path.Combine(Root, Directory.Exists(Path.Combine(Root, "hal", assembly)) ? "hal" : "firmware", assembly);
        IEnumerable<string> sources = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Append(Path.Combine(Root, "artifacts", "obj", assembly, "release", assembly + ".AssemblyInfo.cs"))
            .Order(StringComparer.Ordinal);
        CSharpCompilation compilation = CSharpCompilation.Create(
            assembly,
            sources.Select(source => CSharpSyntaxTree.ParseText(File.ReadAllText(source), new CSharpParseOptions(LanguageVersion.CSharp10), source, Encoding.UTF8)),
            References(assembly).Select(reference => MetadataReference.CreateFromFile(reference)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, deterministic: true));
        using MemoryStream image = new();
        using MemoryStream symbols = new();
        EmitResult result = compilation.Emit(image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        if (!result.Success)
        {
            throw new FormatException(result.Diagnostics.First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToString());
        }

        foreach (string file in Directory.GetFiles(Path.Combine(Root, "artifacts", "bin"), assembly + ".dll", SearchOption.AllDirectories))
        {
            File.WriteAllBytes(file, image.ToArray());
            File.WriteAllBytes(Path.ChangeExtension(file, ".pdb"), symbols.ToArray());
        }
    }

    private IEnumerable<string> References(string assembly)
    {
        string bin = Path.Combine(Root, "artifacts", "bin");
        string[] others = assembly == "VirtioGpio.Hal" ? ["VirtioGpio.Hal.Native"] : ["VirtioGpio.Hal.Native", "VirtioGpio.Hal"];
        return new[] { "nanoFramework.Runtime.Events", "System.Device.Gpio" }
            .Select(contract => Path.Combine(bin, contract + ".Contract", "release", contract + ".dll"))
            .Append(Path.Combine(AppContext.BaseDirectory, "nanoFramework", "mscorlib.dll"))
            .Concat(others.Select(other => Path.Combine(bin, other, "release", other + ".dll")));
    }
}
