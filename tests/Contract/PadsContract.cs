// PadsContract: what LatchedPins relies on in the natives of pins, and what they must refuse.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Contract;

[TestClass]
public abstract class PadsContract
{
    private const int Input = 0;
    private const int Output = 3;
    private const int LastMode = 7;
    private const int LastSlot = 255;

    protected abstract Pads Pads { get; }

    /// <summary>A pin that is open, and that the test can drive.</summary>
    protected abstract int OpenPin { get; }

    /// <summary>A pin that nobody has opened.</summary>
    protected abstract int FreePin { get; }

    /// <summary>Drives the open pin from outside.</summary>
    protected abstract void DrivePin(bool high);

    /// <summary>Returns when the pin's interrupt has been handled.</summary>
    protected abstract void AwaitInterrupt();

    [TestMethod]
    public void Open_PinThatIsTakenOrAbsent_IsRefused()
    {
        Assert.IsFalse(Pads.Open(OpenPin));
        Assert.IsFalse(Pads.Open(-1));
        Assert.IsFalse(Pads.Open(100_000));
        Assert.IsTrue(Pads.Open(FreePin));
        Assert.IsFalse(Pads.Open(FreePin));
    }

    [TestMethod]
    public void Pin_NobodyOpened_DoesNothing()
    {
        foreach (int pin in new[] { FreePin, -1, 100_000 })
        {
            Assert.IsFalse(Pads.MakeInput(pin, Input));
            Assert.IsFalse(Pads.Drive(pin, Output, 1));
            Assert.IsLessThan(0, Pads.Sense(pin));
            Assert.IsFalse(Pads.Watch(pin, 0, Edge.Rising));
            Assert.IsFalse(Pads.Rearm(pin));
        }
    }

    [TestMethod]
    public void Mode_OfTheWrongKind_IsRefused()
    {
        Assert.IsFalse(Pads.MakeInput(OpenPin, Output));
        Assert.IsFalse(Pads.MakeInput(OpenPin, -1));
        Assert.IsFalse(Pads.Drive(OpenPin, Output - 1, 1));
        Assert.IsFalse(Pads.Drive(OpenPin, LastMode + 1, 1));
        Assert.IsTrue(Pads.Drive(OpenPin, Output, 0));
        Assert.IsTrue(Pads.MakeInput(OpenPin, Input));
    }

    [TestMethod]
    [DataRow(-1, false)]
    [DataRow(0, true)]
    [DataRow(LastSlot, true)]
    [DataRow(LastSlot + 1, false)]
    public void Slot_AtItsLimits_IsTakenOrRefused(int slot, bool isThere)
    {
        DrivePin(false);
        Assert.AreEqual(isThere, Pads.Watch(OpenPin, slot, Edge.Rising));
        DrivePin(true);

        Assert.AreEqual(isThere ? slot << 2 | Edge.Rising : -1, Pads.TakeEdges());
        Assert.IsLessThan(0, Pads.TakeEdges());
        Assert.AreEqual(isThere, Pads.Watch(OpenPin, slot, 0));
        DrivePin(false);
        Assert.IsLessThan(0, Pads.TakeEdges());
    }

    [TestMethod]
    public void Edges_OfNoKind_AreRefused()
    {
        Assert.IsFalse(Pads.Watch(OpenPin, 7, 4));
        Assert.IsFalse(Pads.Watch(OpenPin, 7, -1));
    }

    [TestMethod]
    [DataRow(Edge.Rising)]
    [DataRow(Edge.Falling)]
    [DataRow(Edge.Rising | Edge.Falling)]
    public void Pulse_NobodyLookedAt_IsLatchedByTheEdgesThatAreWatched(int edges)
    {
        DrivePin(false);
        Assert.IsTrue(Pads.Watch(OpenPin, 7, edges));

        DrivePin(true);
        DrivePin(false);

        // The second edge may find the watch spent.
        int taken = Pads.TakeEdges();
        Assert.AreEqual(7, taken >> 2);
        Assert.AreEqual(edges & Edge.Rising, taken & edges & Edge.Rising);
        Assert.AreEqual(0, taken & 3 & ~edges);
        Assert.IsTrue(Pads.Watch(OpenPin, 7, 0));
    }

    [TestMethod]
    public void Watch_SpentByAnEdge_LatchesNoneUntilItIsArmedAgain()
    {
        DrivePin(false);
        Assert.IsTrue(Pads.Watch(OpenPin, 7, Edge.Rising | Edge.Falling));
        DrivePin(true);
        AwaitInterrupt();
        Assert.AreEqual(7 << 2 | Edge.Rising, Pads.TakeEdges());

        for (int i = 0; i < 10; i++)
        {
            DrivePin(false);
            DrivePin(true);
        }

        Assert.IsLessThan(0, Pads.TakeEdges());
        Assert.IsTrue(Pads.Rearm(OpenPin));
        DrivePin(false);
        Assert.AreEqual(7 << 2 | Edge.Falling, Pads.TakeEdges());
        Assert.IsTrue(Pads.Watch(OpenPin, 7, 0));
    }

    [TestMethod]
    public void Rearm_WatchNotSpentOrNone_ChangesNothing()
    {
        DrivePin(false);
        Assert.IsTrue(Pads.Rearm(OpenPin));
        DrivePin(true);
        Assert.IsLessThan(0, Pads.TakeEdges());

        Assert.IsTrue(Pads.Watch(OpenPin, 7, Edge.Falling));
        Assert.IsTrue(Pads.Rearm(OpenPin));
        DrivePin(false);
        Assert.IsTrue(Pads.Rearm(OpenPin));
        Assert.AreEqual(7 << 2 | Edge.Falling, Pads.TakeEdges());
        Assert.IsTrue(Pads.Watch(OpenPin, 7, 0));
    }
}
