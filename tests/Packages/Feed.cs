// Feed: a folder of packages with the ids, versions and layout of nanoFramework's: its own core library, and our contracts.

using System;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace VirtioGpio.Tests.Packages;

internal static class Feed
{
    /// <summary>The metadata processor's package.</summary>
    internal const string Processor = "nanoFramework.Tools.MetadataProcessor.MsBuildTask";

    /// <summary>The class libraries, an assembly each: it lies flat in lib, its .pe beside it.</summary>
    internal static readonly (string Id, string Version, string Assembly)[] Libraries =
    [
        ("nanoFramework.CoreLibrary", "1.17.11", "mscorlib"),
        ("nanoFramework.Runtime.Events", "1.11.37", "nanoFramework.Runtime.Events"),
        ("nanoFramework.System.Device.Gpio", "1.1.62", "System.Device.Gpio"),
        ("nanoFramework.TestFramework", "3.0.77", "nanoFramework.TestFramework"),
    ];

    private static string Packed => Path.Combine(AppContext.BaseDirectory, "packed");

    /// <summary>Fills a folder.</summary>
    internal static void Fill(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string id, string version, string assembly) in Libraries)
        {
            using ZipArchive package = Begin(folder, id, version);
            Add(package, $"lib/{assembly}.dll", File.ReadAllBytes(Path.Combine(Packed, assembly + ".dll")));
            Add(package, $"lib/{assembly}.pe", [1]);
        }

        // Its own targets copy files that exist only where it is packed: whoever imports them cannot build.
        using ZipArchive processor = Begin(folder, Processor, "3.0.100");
        byte[] task = File.ReadAllBytes(Path.Combine(Packed, Processor + ".dll"));
        Add(processor, $"lib/net6.0/{Processor}.dll", task);
        Add(processor, $"lib/net472/{Processor}.dll", task);
        Add(processor, $"build/{Processor}.targets", "<Project><Target Name=\"Imported\" BeforeTargets=\"Build\"><Error Text=\"imported\" /></Target></Project>"u8);
    }

    private static ZipArchive Begin(string folder, string id, string version)
    {
        ZipArchive package = ZipFile.Open(Path.Combine(folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        string needs = id == "nanoFramework.System.Device.Gpio" ? "CoreLibrary Runtime.Events" : id == "nanoFramework.Runtime.Events" ? "CoreLibrary" : "";
        string dependencies = string.Concat(
            from need in needs.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            let library = Libraries.Single(library => library.Id == "nanoFramework." + need)
            select $"<dependency id=\"{library.Id}\" version=\"{library.Version}\" />");
        string description = $"""
            <package><metadata>
              <id>{id}</id><version>{version}</version><authors>nobody</authors><description>A stand-in.</description>
              <dependencies>{dependencies}</dependencies>
            </metadata></package>
            """;
        Add(package, $"{id}.nuspec", System.Text.Encoding.UTF8.GetBytes(description));
        return package;
    }

    private static void Add(ZipArchive package, string name, ReadOnlySpan<byte> content)
    {
        using Stream entry = package.CreateEntry(name).Open();
        entry.Write(content);
    }
}
