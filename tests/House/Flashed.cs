// Flashed: the projects whose assemblies are flashed, and where the build has put those assemblies.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Mono.Cecil;

namespace VirtioGpio.Tests.House;

/// <summary>A flashed project: one that imports nanoFramework.props.</summary>
/// <param name="File">Its project file.</param>
/// <param name="AssemblyName">The name of its assembly; the managed natives have that of the natives.</param>
internal sealed record FlashedProject(string File, string AssemblyName)
{
    /// <summary>The project's name, which is also that of its folder in the build's output.</summary>
    internal string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>The file that is flashed.</summary>
    internal string Output => Flashed.OutputOf(Name, AssemblyName);

    /// <summary>Whether it belongs to hal/, firmware/, boards/ or tests/.</summary>
    internal bool LiesIn(string folder) => Path.GetRelativePath(Flashed.Root, File).StartsWith(folder + "/", StringComparison.Ordinal);
}

/// <summary>What is flashed, found by its project files, and read as the build has left it.</summary>
internal static class Flashed
{
    /// <summary>The natives, the seam and the device.</summary>
    internal const string Natives = "VirtioGpio.Hal.Native";

    /// <summary>The seam.</summary>
    internal const string Hal = "VirtioGpio.Hal";

    /// <summary>The device.</summary>
    internal const string Firmware = "VirtioGpio.Firmware";

    private static readonly string[] notSearched = ["artifacts", "bin", "obj", ".git"];
    private static readonly Lazy<IReadOnlyDictionary<string, AssemblyDefinition>> assemblies = new(ReadAll);

    /// <summary>The project's folder.</summary>
    internal static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Every flashed project.</summary>
    internal static IReadOnlyList<FlashedProject> Projects { get; } = FindProjects();

    /// <summary>Every flashed assembly by the name of its project.</summary>
    internal static IReadOnlyDictionary<string, AssemblyDefinition> Assemblies => assemblies.Value;

    /// <summary>The folder of nanoFramework's core library and of the contracts, which stand for its other assemblies.</summary>
    internal static string Contracts => Path.Combine(AppContext.BaseDirectory, "contracts");

    /// <summary>Where the build has put a project's assembly, in the configuration of these tests.</summary>
    internal static string OutputOf(string project, string assembly)
    {
        DirectoryInfo configuration = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string bin = configuration.Parent!.Parent!.FullName;
        return Path.Combine(bin, project, configuration.Name, assembly + ".dll");
    }

    /// <summary>The C# sources in folders of the project, by their path from the root, without the contracts.</summary>
    internal static IEnumerable<string> Sources(params string[] folders) =>
        folders.SelectMany(folder => Files(folder, "*.cs")).Where(file => !file.StartsWith("hal/nanoFramework/", StringComparison.Ordinal));

    /// <summary>The files of a folder that fit a pattern, by their path from the root, without the build's own.</summary>
    internal static IEnumerable<string> Files(string folder, string pattern)
    {
        return Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Intersect(notSearched).Any())
            .Order(StringComparer.Ordinal);
    }

    /// <summary>Reads an assembly; what it refers to is found among the contracts and the flashed ones, each read once.</summary>
    internal static AssemblyDefinition Read(Stream image) => Read(image, Resolver.Shared);

    private static AssemblyDefinition Read(Stream image, Resolver resolver)
    {
        return AssemblyDefinition.ReadAssembly(image, new ReaderParameters { AssemblyResolver = resolver });
    }

    private static string FindRoot(DirectoryInfo folder)
    {
        return File.Exists(Path.Combine(folder.FullName, "Directory.Build.props"))
            ? folder.FullName
            : FindRoot(folder.Parent ?? throw new DirectoryNotFoundException("Directory.Build.props stands in no folder above the tests"));
    }

    private static FlashedProject[] FindProjects()
    {
        return new[] { "hal", "firmware", "boards", "tests" }
            .SelectMany(folder => Files(folder, "*.csproj"))
            .Select(file => Path.Combine(Root, file))
            .Where(file => ImportsNanoFramework(XDocument.Load(file)))
            .Select(file => new FlashedProject(file, AssemblyNameOf(file)))
            .ToArray();
    }

    private static bool ImportsNanoFramework(XDocument project)
    {
        return project.Descendants("Import")
            .Any(import => (string?)import.Attribute("Project") is { } name
                && name.Split('/')[^1] == "nanoFramework.props");
    }

    private static string AssemblyNameOf(string file)
    {
        return (string?)XDocument.Load(file).Descendants("AssemblyName").FirstOrDefault() ?? Path.GetFileNameWithoutExtension(file);
    }

    private static Dictionary<string, AssemblyDefinition> ReadAll()
    {
        return Projects.ToDictionary(
            project => project.Name,
            project => (project.LiesIn("tests") ? Resolver.OfTests : Resolver.Shared).Resolve(new AssemblyNameReference(project.AssemblyName, new Version())));
    }

    private sealed class Resolver(IEnumerable<FlashedProject> projects) : IAssemblyResolver
    {
        private readonly Dictionary<string, AssemblyDefinition> known = [];

        internal static Resolver Shared { get; } = new(Projects);

        /// <summary>With on-target tests the managed natives are deployed, not the native ones.</summary>
        internal static Resolver OfTests { get; } = new(Projects.Reverse());

        public AssemblyDefinition Resolve(AssemblyNameReference name)
        {
            if (!known.TryGetValue(name.Name, out AssemblyDefinition? assembly))
            {
                FlashedProject? project = projects.FirstOrDefault(project => project.AssemblyName == name.Name);
                string file = project?.Output ?? Path.Combine(Contracts, name.Name + ".dll");
                assembly = File.Exists(file)
                    ? Read(new MemoryStream(File.ReadAllBytes(file)), this)
                    : throw new AssemblyResolutionException(name);
                known.Add(name.Name, assembly);
            }

            return assembly;
        }

        public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);

        public void Dispose()
        {
        }
    }
}
