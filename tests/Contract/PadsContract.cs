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
            Assert.IsFalse(Pads.Watch(pin, 0, true));
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
        Assert.AreEqual(isThere, Pads.Watch(OpenPin, slot, true));
        DrivePin(true);

        Assert.AreEqual(isThere ? slot << 2 | Edge.Rising : -1, Pads.TakeEdges());
        Assert.IsLessThan(0, Pads.TakeEdges());
        Assert.AreEqual(isThere, Pads.Watch(OpenPin, slot, false));
        DrivePin(false);
        Assert.IsLessThan(0, Pads.TakeEdges());
    }

    [TestMethod]
    public void Pulse_NobodyLookedAt_IsBothEdgesOfItsSlot()
    {
        DrivePin(false);
        Assert.IsTrue(Pads.Watch(OpenPin, 7, true));

        DrivePin(true);
        DrivePin(false);

        Assert.AreEqual(7 << 2 | Edge.Rising | Edge.Falling, Pads.TakeEdges());
        Assert.IsTrue(Pads.Watch(OpenPin, 7, false));
    }
}
