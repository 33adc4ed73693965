// The kernel itself: its driver is the one that Debian ships, and it has nothing to complain about.

using System;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class KernelTests : GuestTest
{
    private const string Package = "/usr/src/linux-source-6.12.tar.xz";

    private static readonly string[] wanted =
        ["drivers/gpio/gpio-virtio.c", "drivers/remoteproc", "drivers/virtio", "drivers/gpio/gpiolib.c", "drivers/gpio/gpiolib-cdev.c"];

    [TestMethod]
    public void Sources_OfDriverAndCores_AreThoseOfThePackage()
    {
        string source = Path.Combine(GuestRig.Folder, "source");
        string unpacked = Directory.CreateTempSubdirectory("vgpio-source-").FullName;
        try
        {
            TarFile.ExtractToDirectory(Excerpt(), unpacked, overwriteFiles: false);

            string[] files = [.. Directory.EnumerateFiles(unpacked, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(unpacked, f))];
            Assert.Contains("drivers/gpio/gpio-virtio.c", files);
            Assert.Contains("drivers/remoteproc/remoteproc_virtio.c", files);
            foreach (string file in files)
            {
                CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(unpacked, file)), File.ReadAllBytes(Path.Combine(source, file)), file);
            }

            TestContext.WriteLine($"{files.Length} files compared");
        }
        finally
        {
            Directory.Delete(unpacked, recursive: true);
        }
    }

    [TestMethod]
    [DataRow("emusoc_rproc.c")]
    [DataRow("rproc_gpio_dma.c")]
    public void ModuleOfTheSoC_Checkpatch_FindsNothing(string file)
    {
        string module = Path.Combine(Support.Project.Root, "boards", "emulated", "linux", file);
        string said = Run("perl", [Path.Combine(GuestRig.Folder, "source", "scripts", "checkpatch.pl"), "--no-tree", "--strict", "-f", module]);

        Assert.Contains("0 errors, 0 warnings", said);
    }

    [TestMethod]
    public void Log_OfAGuest_ShowsTheWarningsThatAreAlwaysThere()
    {
        // Every test ends by looking for other warnings: this one shows that the looking finds any.
        Assert.IsNotEmpty(KernelLog.SevereLines(Rig));
        Linux("echo '<4>a warning of the test' >/dev/kmsg");
        Assert.Contains("a warning of the test", string.Join('\n', KernelLog.Unexplained(Rig)));
        Linux("dmesg -c >/dev/null");
    }

    // What is compared, out of the package. To unpack it takes a processor for many seconds, so it is kept beside the guests, under the sum of the
    // package and of the list.
    private static string Excerpt()
    {
        using FileStream package = File.OpenRead(Package);
        string sum = Convert.ToHexString(SHA256.HashData([.. SHA256.HashData(package), .. Encoding.UTF8.GetBytes(string.Join(' ', wanted))]));
        string kept = Path.Combine(Path.GetDirectoryName(GuestRig.Folder)!, $"excerpt-{sum}.tar");
        if (!File.Exists(kept))
        {
            string unpacked = Directory.CreateTempSubdirectory("vgpio-excerpt-").FullName;
            Run("tar", ["-xJf", Package, "-C", unpacked, "--strip-components=1", .. wanted.Select(w => $"linux-source-6.12/{w}")]);
            TarFile.CreateFromDirectory(unpacked, $"{kept}.{Environment.ProcessId}", includeBaseDirectory: false);
            File.Move($"{kept}.{Environment.ProcessId}", kept, overwrite: true);
            Directory.Delete(unpacked, recursive: true);
        }

        return kept;
    }

    private static string Run(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said}");
    }
}
