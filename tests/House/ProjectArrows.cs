// ProjectArrows: which folders a project file reaches into: by its imports, its references, the sources that it links.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VirtioGpio.Tests.House;

/// <summary>A path in a project file that leaves the file's folder.</summary>
/// <param name="File">The project file, by its path from the root.</param>
/// <param name="Target">What it names, by its path from the root.</param>
internal sealed record ProjectArrow(string File, string Target)
{
    /// <summary>Why the path must not stand there, or null: it may.</summary>
    internal string? Objection => Rooms.ObjectionToPath(File, Target) is { } objection ? $"{objection}: {File} names {Target}" : null;
}

internal static partial class ProjectArrows
{
    private static readonly string[] kinds = ["*.csproj", "*.nfproj", "*.proj", "*.props", "*.targets"];

    /// <summary>The arrows of every project file, and of what project files import.</summary>
    internal static IEnumerable<ProjectArrow> All()
    {
        return
            from folder in Rooms.Folders
            from kind in kinds
            from file in Flashed.Files(folder, kind)
            from arrow in Of(file, XDocument.Load(Path.Combine(Flashed.Root, file)))
            select arrow;
    }

    /// <summary>The arrows of a project file.</summary>
    internal static IEnumerable<ProjectArrow> Of(string file, XDocument project)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Flashed.Root, file))!;
        return
            from element in project.Descendants()
            from text in element.Attributes().Select(attribute => attribute.Value).Concat(element.Nodes().OfType<XText>().Select(text => text.Value))
            from Match path in Upwards().Matches(text)
            let target = Path.GetFullPath(Path.Combine(folder, path.Value.Replace('\\', '/')))
            select new ProjectArrow(file, Path.GetRelativePath(Flashed.Root, target));
    }

    [GeneratedRegex(@"(\.\.[/\\])+[^;'"")]*")]
    private static partial Regex Upwards();
}
