// PortContract: what the firmware relies on in a port. A new port derives a class that says how its hardware is moved.

using System;
using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Contract;

[TestClass]
public abstract class PortContract
{
    private const int Patience = 5000;

    protected abstract SharedMemory Memory { get; }

    protected abstract Mailbox Mailbox { get; }

    protected abstract IPins Pins { get; }

    /// <summary>Address of 256 bytes of shared memory that the test may use, 64-byte aligned.</summary>
    protected abstract uint Scratch { get; }

    /// <summary>An address that is not memory, with nothing behind it.</summary>
    protected abstract uint NoMemory { get; }

    /// <summary>A line that the board drives, and that has no resistor.</summary>
    protected abstract int Line { get; }

    /// <summary>Drives the line from outside.</summary>
    protected abstract void DriveLine(bool high);

    /// <summary>Lets go of the line.</summary>
    protected abstract void LetGoOfLine();

    /// <summary>The level that somebody outside sees at the line.</summary>
    protected abstract bool LineSeenOutside();

    /// <summary>Rings the co-processor with a notify id, as Linux does.</summary>
    protected abstract void RingCore(int notifyId);

    /// <summary>Whether Linux was rung with a notify id since the last call.</summary>
    protected abstract bool WasLinuxRung(int notifyId);

    /// <summary>Lets the platform's events through, where it needs to be told.</summary>
    protected virtual void LetEventsThrough()
    {
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    [DataRow(0x12345678)]
    public void SelfTest_Probe_AnswersItsComplement(int probe) => Assert.AreEqual(~probe, Memory.SelfTest(probe));

    [TestMethod]
    public void Write_AnyBytes_AreReadBackAndTheirNeighboursUntouched()
    {
        byte[] pattern = [1, 2, 3, 4, 5, 6, 7, 8];
        byte[] read = new byte[10];
        for (int count = 0; count <= 8; count++)
        {
            Memory.Write(Scratch, new byte[32], 0, 32);
            Memory.Write(Scratch + 3, pattern, 8 - count, count);
            Memory.Read(Scratch + 2, read, 0, 10);

            for (int i = 0; i < 10; i++)
            {
                Assert.AreEqual(i >= 1 && i <= count ? pattern[8 - count + i - 1] : (byte)0, read[i], $"count {count}, byte {i}");
            }
        }
    }

    [TestMethod]
    public void ReadInOrder_SeveralRanges_ArePackedInTheirOrder()
    {
        Memory.Write(Scratch, [10, 11, 12, 13, 14, 15, 16, 17], 0, 8);
        byte[] into = new byte[8];

        Memory.ReadInOrder([Scratch + 4, Scratch, Scratch + 3, Scratch + 7], [4, 2, 1, 1], 3, into);

        CollectionAssert.AreEqual(new byte[] { 14, 15, 16, 17, 10, 11, 13, 0 }, into);
    }

    [TestMethod]
    public void Publish_Element_StandsWithIndexAndBringsTheWish()
    {
        Memory.Write(Scratch + 64, [0x78, 0x56, 0x34, 0x92], 0, 4);
        Memory.Write(Scratch, new byte[16], 0, 16);
        byte[] read = new byte[16];

        uint wish = Memory.Publish(Scratch + 4, [1, 2, 3, 4, 5, 6, 7, 8], Scratch + 2, 0xBEEF, Scratch + 64);
        Memory.Read(Scratch, read, 0, 16);

        Assert.AreEqual(0x92345678u, wish);
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0xEF, 0xBE, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0 }, read);
    }

    [TestMethod]
    public void Memory_RangeOutsideThePort_IsRefusedAndNothingIsAccessed()
    {
        byte[] bytes = new byte[8];
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Read(NoMemory, bytes, 0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Write(NoMemory, bytes, 0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.ReadInOrder([NoMemory], [1], 1, bytes));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Publish(NoMemory, bytes, Scratch, 1, Scratch));
    }

    [TestMethod]
    public void Wait_NothingRings_EndsWithNothing()
    {
        Drain();

        Stopwatch clock = Stopwatch.StartNew();
        Assert.AreEqual(0, Mailbox.Wait(20));
        Assert.AreEqual(0, Mailbox.Wait(0));
        Assert.IsLessThan(Patience, clock.ElapsedMilliseconds);
    }

    [TestMethod]
    public void Wait_RungOnceOrOften_BringsTheBitOnce()
    {
        Drain();
        RingCore(1);
        RingCore(1);
        RingCore(0);

        int bits = Mailbox.Wait(Patience);
        bits |= Mailbox.Wait(0);

        Assert.AreEqual(0b11, bits);
        Assert.AreEqual(0, Mailbox.Wait(0));
    }

    [TestMethod]
    public void Wake_FromAnywhere_EndsAWaitWithItsBits()
    {
        Drain();
        Mailbox.Wake(Mailbox.PinsChanged);
        Mailbox.Wake(Mailbox.PinsChanged);

        Assert.AreEqual(Mailbox.PinsChanged, Mailbox.Wait(Patience));
        Assert.AreEqual(0, Mailbox.Wait(0));
    }

    [TestMethod]
    public void Notify_EachId_RingsLinuxOnThatIdOnly()
    {
        WasLinuxRung(0);
        WasLinuxRung(1);

        Mailbox.Notify(1);

        Assert.IsFalse(WasLinuxRung(0));
        Assert.IsTrue(WasLinuxRung(1));
        Mailbox.Notify(29);
        Assert.IsFalse(WasLinuxRung(0) || WasLinuxRung(1));
    }

    [TestMethod]
    public void Input_DrivenFromOutside_IsSensed()
    {
        Assert.IsTrue(Pins.MakeInput(Line));
        foreach (bool level in new[] { true, false, true })
        {
            DriveLine(level);
            Assert.AreEqual(level ? 1 : 0, Pins.Sense(Line));
        }

        LetGoOfLine();
    }

    [TestMethod]
    public void Output_EachValue_IsDriven()
    {
        LetGoOfLine();
        foreach (int value in new[] { 1, 0, 1 })
        {
            Assert.IsTrue(Pins.Drive(Line, value));
            Assert.AreEqual(value == 1, LineSeenOutside());
            Assert.AreEqual(value, Pins.Sense(Line));
        }

        Assert.IsTrue(Pins.Release(Line));
        Assert.IsFalse(LineSeenOutside());
    }

    [TestMethod]
    public void Edges_OfAWatchedLine_AreTakenOnceAndWakeTheService()
    {
        Assert.IsTrue(Pins.MakeInput(Line));
        DriveLine(false);
        Assert.IsTrue(Pins.Watch(Line, true));
        Drain();

        DriveLine(true);
        Assert.AreEqual(Line << 2 | Edge.Rising, AwaitEdges());
        DriveLine(false);
        Assert.AreEqual(Line << 2 | Edge.Falling, AwaitEdges());
        Assert.AreEqual(-1, Pins.TakeEdges());

        Assert.IsTrue(Pins.Watch(Line, false));
        LetGoOfLine();
    }

    [TestMethod]
    public void Edges_BeforeWatchOrAfterIt_AreNotTaken()
    {
        Assert.IsTrue(Pins.MakeInput(Line));
        DriveLine(false);
        DriveLine(true);
        Assert.IsTrue(Pins.Watch(Line, true));
        LetEventsThrough();
        Assert.AreEqual(-1, Pins.TakeEdges());
        Assert.IsTrue(Pins.Watch(Line, false));
        DriveLine(false);
        DriveLine(true);
        LetEventsThrough();

        Assert.AreEqual(-1, Pins.TakeEdges());
        LetGoOfLine();
    }

    [TestMethod]
    public void Edges_NotTakenBeforeWatchEnds_AreForgotten()
    {
        Assert.IsTrue(Pins.MakeInput(Line));
        DriveLine(false);
        Assert.IsTrue(Pins.Watch(Line, true));
        Drain();
        DriveLine(true);
        LetEventsThrough();
        Assert.AreEqual(Mailbox.PinsChanged, Mailbox.Wait(Patience) & Mailbox.PinsChanged);

        Assert.IsTrue(Pins.Watch(Line, false));
        Assert.IsTrue(Pins.Watch(Line, true));

        Assert.AreEqual(-1, Pins.TakeEdges());
        Assert.IsTrue(Pins.Watch(Line, false));
        LetGoOfLine();
    }

    [TestMethod]
    public void Release_WatchedLine_IsNotWatchedAnyMore()
    {
        Assert.IsTrue(Pins.MakeInput(Line));
        DriveLine(false);
        Assert.IsTrue(Pins.Watch(Line, true));

        Assert.IsTrue(Pins.Release(Line));
        DriveLine(true);
        LetEventsThrough();

        // An edge that was on its way would be here by now.
        Mailbox.Wait(50);
        Assert.AreEqual(-1, Pins.TakeEdges());
        LetGoOfLine();
    }

    private void Drain()
    {
        LetEventsThrough();
        while (Mailbox.Wait(0) != 0 || Pins.TakeEdges() >= 0)
        {
        }
    }

    private int AwaitEdges()
    {
        LetEventsThrough();
        Assert.AreEqual(Mailbox.PinsChanged, Mailbox.Wait(Patience) & Mailbox.PinsChanged);
        return Pins.TakeEdges();
    }
}
