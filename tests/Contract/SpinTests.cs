// A wait of the firmware process that polls for a while before it sleeps.

using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Contract;

[TestClass]
public class SpinTests
{
    private const uint Scratch = 0x20008000;
    private const int Long = 60_000_000;
    private const int ShortMs = 20;

    private Rig rig = null!;

    [TestInitialize]
    public void PowerOn() => rig = Rig.Create(new RigOptions(GuestFolder: ""));

    [TestCleanup]
    public void PowerOff() => rig.Dispose();

    [TestMethod]
    [Timeout(30_000)]
    public void Wait_MemoryChangesAfterADoorbell_EndsWithoutAnother()
    {
        using ProcessPort port = StartAndRing(Long);
        PollAndChange(port);

        Assert.AreNotEqual(0, port.Mailbox.Wait(-1));
    }

    [TestMethod]
    public void Wait_MemoryChangesAndNothingHasRung_Sleeps()
    {
        using ProcessPort port = new(rig.Folder, isLatched: true, Long);
        PollAndChange(port);

        Assert.AreEqual(0, port.Mailbox.Wait(ShortMs));
    }

    [TestMethod]
    public void Wait_MemoryChangesWhenTheSpinIsOver_Sleeps()
    {
        using ProcessPort port = StartAndRing(1);
        Thread.Sleep(1);
        PollAndChange(port);

        Assert.AreEqual(0, port.Mailbox.Wait(ShortMs));
    }

    [TestMethod]
    [Timeout(30_000)]
    public void Wait_ADoorbellRingsInTheSpin_IsTaken()
    {
        using ProcessPort port = StartAndRing(Long);
        port.RingCore(2);

        Assert.AreEqual(1 << 2, port.Mailbox.Wait(-1));
    }

    // A change that is never polled again must not keep the doorbells from being taken, nor the device from its rest.
    [TestMethod]
    [Timeout(30_000)]
    public void Wait_MemoryStaysChanged_DoorbellsAreTakenAndTheSpinEnds()
    {
        using ProcessPort port = StartAndRing(1000);
        PollAndChange(port);
        port.RingCore(2);

        Assert.AreEqual(1 << 2, WaitBeyondTheChange(port, -1));
        Assert.AreEqual(0, WaitBeyondTheChange(port, ShortMs));
    }

    private static int WaitBeyondTheChange(ProcessPort port, int timeoutMs)
    {
        int bits;
        do
        {
            bits = port.Mailbox.Wait(timeoutMs);
        }
        while (bits == 1);

        return bits;
    }

    private ProcessPort StartAndRing(int spinUs)
    {
        ProcessPort port = new(rig.Folder, isLatched: true, spinUs);
        port.RingCore(1);
        Assert.AreEqual(1 << 1, port.Mailbox.Wait(-1));
        return port;
    }

    private static void PollAndChange(ProcessPort port)
    {
        port.Memory.Poll([Scratch], [2], 1, new int[1]);
        port.Memory.Store(Scratch, 1, 2);
    }
}
