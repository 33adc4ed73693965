// The C of the tests and the patches keep the kernel's own rules.

using System.Diagnostics;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class ModuleSourceTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Sources_OfTestModulesAndPatches_PassCheckpatch()
    {
        string checkpatch = Path.Combine(GuestRig.Folder, "source", "scripts", "checkpatch.pl");
        string patches = Path.Combine(Support.Project.Root, "patches");
        string modules = Path.Combine(Support.Project.Root, "tests", "Guest", "linux");
        string[] files = [.. Directory.GetFiles(modules, "*.c"), .. Directory.GetFiles(modules, "*.h")];
        foreach (string file in files)
        {
            Assert.Contains("0 errors, 0 warnings, 0 checks", Checkpatch(checkpatch, ["-f", file]), file);
        }

        // Nobody has signed the patches off: whoever sends them does that. There is no kernel history here to look a commit up in.
        string[] series = Directory.GetFiles(patches, "*.patch");
        foreach (string patch in series)
        {
            Assert.Contains("0 errors, 0 warnings, 0 checks", Checkpatch(checkpatch, ["--no-signoff", "--ignore", "UNKNOWN_COMMIT_ID", patch]), patch);
        }

        Assert.IsNotEmpty(series);
        TestContext.WriteLine($"{files.Length} files, {series.Length} patches");
    }

    private static string Checkpatch(string script, string[] arguments)
    {
        ProcessStartInfo start = new("perl", [script, "--no-tree", "--strict", .. arguments]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }
}
