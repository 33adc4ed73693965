// Pool: the piece of Linux's memory through which all buffers go, as both sides see it.

using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

internal static class Pool
{
    private const int PatienceSeconds = 10;

    /// <summary>Checks that the co-processor never left its bus, and waits until Linux has taken every buffer out of the pool.</summary>
    internal static void IsAtRest(Rig rig, string what = "", int slots = 0)
    {
        Assert.AreEqual("0", rig.Board.Ask("errors")[0], $"bus errors {what}");
        Stopwatch clock = Stopwatch.StartNew();
        while (SlotsInUse(rig) is int inUse && inUse != slots)
        {
            Assert.IsLessThan(PatienceSeconds, clock.Elapsed.TotalSeconds, $"{inUse} slots of the pool are in use, not {slots} {what}");
        }
    }

    /// <summary>Slots of the pool that hold a buffer now.</summary>
    internal static int SlotsInUse(Rig rig) => int.Parse(rig.Guest.Must("cat /sys/kernel/debug/swiotlb/vdev0buffer*/io_tlb_used"));
}
