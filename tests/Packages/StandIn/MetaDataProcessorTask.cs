// MetaDataProcessorTask: what MSBuild finds of nanoFramework's task, as far as the project asks for it.

using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace nanoFramework.Tools.MetadataProcessor.MsBuildTask;

/// <summary>Writes into the .pe what it was called with: the assembly, then each assembly that it was told to find references in.</summary>
public class MetaDataProcessorTask : Task
{
    public string Parse { get; set; } = "";

    public string Compile { get; set; } = "";

    public ITaskItem[] LoadHints { get; set; } = [];

    public override bool Execute()
    {
        File.WriteAllLines(Compile, LoadHints.Select(hint => hint.GetMetadata("FullPath")).Prepend(Parse));
        return File.Exists(Parse);
    }
}
