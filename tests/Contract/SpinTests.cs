// A wait of the firmware process that polls for a while before it sleeps.

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

    private readonly int[] seen = new int[1];
    private Rig rig = null!;

    [TestInitialize]
    public void PowerOn() => rig = Rig.Create(new RigOptions(GuestFolder: ""));

    [TestCleanup]
    public void PowerOff() => rig.Dispose();

    [TestMethod]
    [Timeout(30_000)]
    public void Wait_MemoryChangesAfterADoorbell_EndsWithoutAnother()
    {
        using ProcessPort port = new(rig.Folder, isLatched: true, Long);
        port.RingCore(1);
        Assert.AreEqual(2, port.Mailbox.Wait(-1));
        Poll(port);
        port.Memory.Store(Scratch, 1, 2);
        Assert.AreNotEqual(0, port.Mailbox.Wait(-1));
    }

    [TestMethod]
    public void Wait_MemoryChangesAndNothingHasRung_Sleeps()
    {
        using ProcessPort port = new(rig.Folder, isLatched: true, Long);
        Poll(port);
        port.Memory.Store(Scratch, 1, 2);
        Assert.AreEqual(0, port.Mailbox.Wait(ShortMs));
    }

    [TestMethod]
    public void Wait_MemoryChangesWhenTheSpinIsOver_Sleeps()
    {
        using ProcessPort port = new(rig.Folder, isLatched: true, 1);
        port.RingCore(1);
        Assert.AreEqual(2, port.Mailbox.Wait(-1));
        Poll(port);
        port.Memory.Store(Scratch, 1, 2);
        System.Threading.Thread.Sleep(1);
        Assert.AreEqual(0, port.Mailbox.Wait(ShortMs));
    }

    [TestMethod]
    [Timeout(30_000)]
    public void Wait_ADoorbellRingsInTheSpin_IsTaken()
    {
        using ProcessPort port = new(rig.Folder, isLatched: true, Long);
        port.RingCore(1);
        Assert.AreEqual(2, port.Mailbox.Wait(-1));
        port.RingCore(2);
        Assert.AreEqual(4, port.Mailbox.Wait(-1));
    }

    // A change that is never polled again must not keep the doorbells from being taken.
    [TestMethod]
    public void Wait_MemoryStaysChanged_DoorbellsAreTakenWhenTheSpinIsOver()
    {
        using ProcessPort port = new(rig.Folder, isLatched: true, 1000);
        port.RingCore(1);
        Assert.AreEqual(2, port.Mailbox.Wait(-1));
        Poll(port);
        port.Memory.Store(Scratch, 1, 2);
        port.RingCore(2);
        int bits;
        do
        {
            bits = port.Mailbox.Wait(-1);
        }
        while (bits == 1);

        Assert.AreEqual(4, bits);
        while ((bits = port.Mailbox.Wait(ShortMs)) == 1)
        {
        }

        Assert.AreEqual(0, bits);
    }

    private void Poll(ProcessPort port) => port.Memory.Poll([Scratch], [2], 1, seen);
}
