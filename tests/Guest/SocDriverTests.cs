// The remoteproc drivers of real SoCs, which no guest can run: with the patches they compile.

using System;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class SocDriverTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void SocDrivers_OnAPatchedKernel_CompileWithoutAWarning()
    {
        // The kernel's source is beside the guest, in the folder that is kept from run to run.
        string source = Path.Combine(GuestRig.Folder, "source");
        string kept = Path.GetDirectoryName(Path.GetFullPath(GuestRig.Folder.TrimEnd('/')))!;

        string[] objects = Tool.Run(Path.Combine(Support.Project.Root, "patches", "check"), source, kept).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string[] drivers = ["ti_k3_m4_remoteproc", "ti_k3_r5_remoteproc", "imx_rproc", "stm32_rproc", "xlnx_r5_remoteproc", "remoteproc_virtio"];
        foreach (string driver in drivers)
        {
            Assert.Contains($"drivers/remoteproc/{driver}.o", objects);
        }

        Assert.Contains("drivers/gpio/gpio-virtio.o", objects);
        TestContext.WriteLine($"{objects.Length} object files for arm64");
    }
}
