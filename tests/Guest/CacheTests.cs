// A cache between Linux and the co-processor: tests/Guest/linux/dma-shadow.patch copies between two pieces of memory where a cache would
// write back or drop its lines. The kernel has patches/ as well, and the driver of the SoC knows of none of it.

using System.Globalization;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

/// <summary>
/// VGPIO_GUEST_PATCHED names the folder that tests/Guest/linux/build printed for the guest with patches/ and dma-shadow.patch.
/// </summary>
internal static class CacheRig
{
    /// <summary>Cleans reach the co-processor.</summary>
    internal const int Cleans = 1;

    /// <summary>Invalidations bring its writes to Linux.</summary>
    internal const int Invalidations = 2;

    // The reserved memory of dma-shadow.dtso.
    private const uint ShadowAddress = 0x47B80000;

    internal static Rig Boot(int works, int processors = 1) => GuestRig.Boot(new RigOptions(
        GuestRig.FolderNamed("VGPIO_GUEST_PATCHED"),
        Processors: processors,
        KernelArguments: $"dma_shadow={EmulatedBoard.PoolAddress:x},{ShadowAddress:x},{EmulatedBoard.PoolSize:x},{works}",
        PoolAddress: ShadowAddress,
        Overlay: "dma-shadow.dtbo"));
}

[TestClass]
public class LineTestsBehindACache : LineTests
{
    private static Rig? own;

    protected override Rig Rig => own ??= CacheRig.Boot(CacheRig.Cleans | CacheRig.Invalidations);

    [ClassCleanup]
    public static void EndRig()
    {
        own?.Dispose();
        own = null;
    }
}

[TestClass]
public class LifeTestsBehindACache : LifeTests
{
    private static Rig? own;

    protected override Rig Rig => own ??= CacheRig.Boot(CacheRig.Cleans | CacheRig.Invalidations);

    [ClassCleanup]
    public static void EndRig()
    {
        own?.Dispose();
        own = null;
    }
}

[TestClass]
public class CacheTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Get_CacheInTheWay_TakesTwoCleansAndAnInvalidation()
    {
        using Rig rig = CacheRig.Boot(CacheRig.Cleans | CacheRig.Invalidations);
        int cleans = Count(rig, "cleans");
        int invalidations = Count(rig, "invalidations");

        // The line is taken, made an input, read and released: each request is a buffer to the device and one from it.
        Assert.AreEqual("1", rig.Guest.Must("gpioget virtio0 1"));

        int requests = Count(rig, "invalidations") - invalidations;
        Assert.IsGreaterThan(0, requests);
        Assert.AreEqual(2 * requests, Count(rig, "cleans") - cleans);
        TestContext.WriteLine($"{requests} requests: {2 * requests} cleans, {requests} invalidations");
    }

    // Without its cleans the co-processor sees requests of earlier times; without its invalidations Linux sees no answer.
    [TestMethod]
    [DataRow(CacheRig.Cleans)]
    [DataRow(CacheRig.Invalidations)]
    public void Names_OneHalfOfTheMaintenanceMissing_DoNotReachLinux(int works)
    {
        using Rig rig = CacheRig.Boot(works);

        Assert.DoesNotContain("status-led", rig.Guest.Run("gpioinfo virtio0").Output);
        Assert.AreNotEqual("1", rig.Guest.Run("gpioget virtio0 1").Output.Trim());
    }

    private static int Count(Rig rig, string what) =>
        int.Parse(rig.Guest.Must($"cat /sys/kernel/debug/dma_shadow/{what}"), CultureInfo.InvariantCulture);
}
