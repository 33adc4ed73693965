// PortContract: what the firmware relies on in a port. A new port derives a class that says how its hardware is moved.

using System;
using System.Diagnostics;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Contract;

[TestClass]
public abstract class PortContract
{
    private const int Patience = 5000;
    private const int Nap = 20;
    private const int ShortestNap = 15;
    private const int LongestNap = 200;
    private const int Naps = 5;

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

    /// <summary>Stops driving the line from outside.</summary>
    protected abstract void LetGoOfLine();

    /// <summary>The level that somebody outside sees at the line.</summary>
    protected abstract bool LineSeenOutside();

    /// <summary>Rings the co-processor with a notify id, as Linux does.</summary>
    protected abstract void RingCore(int notifyId);

    /// <summary>Whether Linux was rung with a notify id since the last call.</summary>
    protected abstract bool WasLinuxRung(int notifyId);

    /// <summary>Whether a wait sleeps; on a board without time it ends at once.</summary>
    protected virtual bool Sleeps => true;

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
            Memory.Write(null!, Scratch, new byte[32], 0, 32);
            Memory.Write(null!, Scratch + 3, pattern, 8 - count, count);
            Memory.Read(Scratch + 2, read, 0, 10);

            for (int i = 0; i < 10; i++)
            {
                Assert.AreEqual(i >= 1 && i <= count ? pattern[8 - count + i - 1] : (byte)0, read[i], $"count {count}, byte {i}");
            }
        }
    }

    [TestMethod]
    public void Poll_NumbersOfAllSizes_AreUnsignedAndSayWhichChanged()
    {
        Memory.Write(null!, Scratch, [0xF0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0x77], 0, 8);
        uint[] addresses = [Scratch + 4, Scratch + 2, Scratch + 1];
        int[] sizes = [4, 2, 1];
        int[] numbers = [0x77F6F5F4, 0, 0xF1];

        Assert.AreEqual(0b010, Memory.Poll(addresses, sizes, 3, numbers));
        CollectionAssert.AreEqual(new[] { 0x77F6F5F4, 0xF3F2, 0xF1 }, numbers);

        Memory.Store(Scratch + 4, 0, 4);
        Memory.Store(Scratch + 1, 0, 1);
        Assert.AreEqual(0b001, Memory.Poll(addresses, sizes, 2, numbers));
        CollectionAssert.AreEqual(new[] { 0, 0xF3F2, 0xF1 }, numbers);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void ReadWords_AtAnyAlignment_AreLittleEndian(int misalignment)
    {
        Memory.Write(null!, Scratch + (uint)misalignment, [0x11, 0x22, 0x33, 0x84, 0x55, 0x66, 0x77, 0x08], 0, 8);
        int[] words = [0, 0, 7];

        Memory.ReadWords(Scratch + (uint)misalignment, words, 2);

        CollectionAssert.AreEqual(new[] { unchecked((int)0x84332211), 0x08776655, 7 }, words);
    }

    [TestMethod]
    public void Store_AnySizeAtAnyAlignment_WritesItsBytesAndNoOther()
    {
        byte[] read = new byte[8];
        foreach (int size in (int[])[1, 2, 4])
        {
            for (int at = 1; at <= 4; at++)
            {
                Memory.Write(null!, Scratch, new byte[8], 0, 8);
                Memory.Store(Scratch + (uint)at, 0x44332211, size);
                Memory.Read(Scratch, read, 0, 8);
                for (int i = 0; i < 8; i++)
                {
                    Assert.AreEqual(i >= at && i < at + size ? (byte)(0x11 * (i - at + 1)) : (byte)0, read[i], $"size {size} at {at}, byte {i}");
                }
            }
        }
    }

    [TestMethod]
    public void Numbers_OfOtherSizes_AreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Store(Scratch, 0, 3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Poll([Scratch], [0], 1, new int[1]));
    }

    [TestMethod]
    public void Publish_RingAsItWas_WritesReplyElementAndIndexAndNothingElse()
    {
        uint[] ring = PrepareRing();
        byte[] read = new byte[64];

        int available = Memory.Publish(ring, 0xFFFF, 0x04030201, 0x08070605, Scratch + 33, 0x0B0A, 2);
        Memory.Read(Scratch, read, 0, 64);

        Assert.AreEqual(unchecked((int)0x92340001), available, "flags: bit 0 alone");
        byte[] expected = new byte[64];
        expected[0] = 7;
        expected[1] = 0xC5;
        new byte[] { 0x55, 0x56, 0x34, 0x92 }.CopyTo(expected, 4);
        new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }.CopyTo(expected, 20);
        new byte[] { 0x0A, 0x0B }.CopyTo(expected, 33);
        CollectionAssert.AreEqual(expected, read);
    }

    [TestMethod]
    [DataRow(0, 3, DisplayName = "another status")]
    [DataRow(1, 0, DisplayName = "no canary")]
    public void Publish_RingIsAnother_WritesNothing(int at, int value)
    {
        uint[] ring = PrepareRing();
        Memory.Store(Scratch + (uint)at, value, 1);
        byte[] before = new byte[64];
        byte[] after = new byte[64];
        Memory.Read(Scratch, before, 0, 64);

        Assert.AreEqual(SharedMemory.Stale, Memory.Publish(ring, 0, 1, 2, Scratch + 33, 3, 2));
        Assert.IsFalse(Memory.Write(ring, Scratch + 33, [1, 2], 0, 2));

        Memory.Read(Scratch, after, 0, 64);
        CollectionAssert.AreEqual(before, after);
    }

    [TestMethod]
    [DataRow(SharedMemory.RingSize, 0u, DisplayName = "no descriptors")]
    [DataRow(SharedMemory.RingSize, 3u, DisplayName = "no power of two")]
    [DataRow(SharedMemory.RingUsed, 2u, DisplayName = "used ring misaligned")]
    [DataRow(SharedMemory.RingAvailable, 2u, DisplayName = "available ring misaligned")]
    public void Publish_RingOfBadShape_IsRefusedAndNothingIsWritten(int word, uint value)
    {
        uint[] ring = PrepareRing();
        ring[word] = word == SharedMemory.RingSize ? value : ring[word] + value;
        byte[] before = new byte[64];
        byte[] after = new byte[64];
        Memory.Read(Scratch, before, 0, 64);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Publish(ring, 0, 1, 2, Scratch + 33, 3, 2));

        Memory.Read(Scratch, after, 0, 64);
        CollectionAssert.AreEqual(before, after);
    }

    [TestMethod]
    public void Publish_WithoutReply_NeedsNoAddressOfOne()
    {
        byte[] read = new byte[12];

        Assert.AreNotEqual(SharedMemory.Stale, Memory.Publish(PrepareRing(), 0, 0x11, 0x22, NoMemory, 0, 0));

        Memory.Read(Scratch + 8, read, 0, 12);
        CollectionAssert.AreEqual(new byte[] { 0, 0, 1, 0, 0x11, 0, 0, 0, 0x22, 0, 0, 0 }, read);
    }

    [TestMethod]
    public void Write_RingAsItWas_WritesTheBytes()
    {
        byte[] read = new byte[3];

        Assert.IsTrue(Memory.Write(PrepareRing(), Scratch + 33, [1, 2, 3, 4], 1, 3));

        Memory.Read(Scratch + 33, read, 0, 3);
        CollectionAssert.AreEqual(new byte[] { 2, 3, 4 }, read);
    }

    // A ring of two descriptors: status at 0, canary at 1, available ring at 4, used ring at 8, with elements at 12 and 20.
    private uint[] PrepareRing()
    {
        Memory.Write(null!, Scratch, new byte[64], 0, 64);
        Memory.Write(null!, Scratch, [7, 0xC5, 0, 0, 0x55, 0x56, 0x34, 0x92], 0, 8);
        uint[] ring = new uint[SharedMemory.RingWords];
        ring[SharedMemory.RingStatusAddress] = Scratch;
        ring[SharedMemory.RingStatus] = 7;
        ring[SharedMemory.RingCanaryAddress] = Scratch + 1;
        ring[SharedMemory.RingCanary] = 0xC5;
        ring[SharedMemory.RingAvailable] = Scratch + 4;
        ring[SharedMemory.RingUsed] = Scratch + 8;
        ring[SharedMemory.RingSize] = 2;
        return ring;
    }

    [TestMethod]
    public void Memory_RangeOutsideThePort_IsRefusedAndNothingIsAccessed()
    {
        byte[] bytes = new byte[8];
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Read(NoMemory, bytes, 0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Write(null!, NoMemory, bytes, 0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Poll([NoMemory], [1], 1, new int[1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.ReadWords(NoMemory, new int[1], 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Store(NoMemory, 0, 4));
        foreach (int place in (int[])[SharedMemory.RingStatusAddress, SharedMemory.RingCanaryAddress, SharedMemory.RingAvailable, SharedMemory.RingUsed])
        {
            uint[] ring = PrepareRing();
            ring[place] = NoMemory;
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Publish(ring, 0, 0, 0, Scratch + 33, 0, 1), $"place {place}");
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Publish(PrepareRing(), 0, 0, 0, NoMemory, 0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Publish(PrepareRing(), 0, 0, 0, Scratch + 33, 0, 3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Memory.Publish(PrepareRing(), 0x10000, 0, 0, Scratch + 33, 0, 1));
    }

    // A busy machine makes a sleep longer, never shorter, and hardly each of several.
    [TestMethod]
    public void Wait_NothingRings_SleepsAsLongAsAskedAndEndsWithNothing()
    {
        Drain();
        long shortest = long.MaxValue;
        for (int nap = 0; nap < Naps; nap++)
        {
            Stopwatch clock = Stopwatch.StartNew();
            Assert.AreEqual(0, Mailbox.Wait(Nap));
            shortest = Math.Min(shortest, clock.ElapsedMilliseconds);
        }

        Assert.IsInRange(Sleeps ? ShortestNap : 0, LongestNap, shortest);
        Assert.AreEqual(0, Mailbox.Wait(0));
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
    public void Wake_FromAnotherThread_EndsAWaitWithItsBits()
    {
        Drain();
        Thread other = new(() =>
        {
            Mailbox.Wake(Mailbox.PinsChanged);
            Mailbox.Wake(Mailbox.PinsChanged);
        });
        other.Start();
        if (!Sleeps)
        {
            other.Join();
        }

        Assert.AreEqual(Mailbox.PinsChanged, Mailbox.Wait(Patience));
        other.Join();

        // The second may have come after the first was taken.
        Mailbox.Wait(0);
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
        Assert.IsTrue(Pins.Watch(Line, Edge.Rising | Edge.Falling));
        Drain();

        DriveLine(true);
        Assert.AreEqual(Line << 2 | Edge.Rising, AwaitEdges());
        Assert.IsTrue(Pins.Rearm(Line));
        DriveLine(false);
        Assert.AreEqual(Line << 2 | Edge.Falling, AwaitEdges());
        Assert.AreEqual(-1, Pins.TakeEdges());

        Assert.IsTrue(Pins.Watch(Line, 0));
        LetGoOfLine();
    }

    [TestMethod]
    [DataRow(Edge.Rising)]
    [DataRow(Edge.Falling)]
    public void Edges_OfTheOtherKind_AreNotTaken(int edges)
    {
        Assert.IsTrue(Pins.MakeInput(Line));
        DriveLine(edges == Edge.Rising);
        Assert.IsTrue(Pins.Watch(Line, edges));
        Drain();

        DriveLine(edges != Edge.Rising);
        LetEventsThrough();
        Assert.AreEqual(-1, Pins.TakeEdges());
        DriveLine(edges == Edge.Rising);
        Assert.AreEqual(Line << 2 | edges, AwaitEdges());

        Assert.IsTrue(Pins.Watch(Line, 0));
        LetGoOfLine();
    }

    [TestMethod]
    public void Time_AsTheMailboxHasIt_DoesNotGoBack()
    {
        int before = Mailbox.Now();
        Mailbox.Wait(Sleeps ? 20 : 0);

        Assert.IsGreaterThanOrEqualTo(Sleeps ? 1 : 0, Mailbox.Now() - before);
    }

    [TestMethod]
    public void Edges_BeforeWatchOrAfterIt_AreNotTaken()
    {
        Assert.IsTrue(Pins.MakeInput(Line));
        DriveLine(false);
        DriveLine(true);
        Assert.IsTrue(Pins.Watch(Line, Edge.Rising | Edge.Falling));
        LetEventsThrough();
        Assert.AreEqual(-1, Pins.TakeEdges());
        Assert.IsTrue(Pins.Watch(Line, 0));
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
        Assert.IsTrue(Pins.Watch(Line, Edge.Rising | Edge.Falling));
        Drain();
        DriveLine(true);
        LetEventsThrough();
        Assert.AreEqual(Mailbox.PinsChanged, Mailbox.Wait(Patience) & Mailbox.PinsChanged);

        Assert.IsTrue(Pins.Watch(Line, 0));
        Assert.IsTrue(Pins.Watch(Line, Edge.Rising | Edge.Falling));

        Assert.AreEqual(-1, Pins.TakeEdges());
        Assert.IsTrue(Pins.Watch(Line, 0));
        LetGoOfLine();
    }

    [TestMethod]
    public void Release_WatchedLine_IsNotWatchedAnyMore()
    {
        Assert.IsTrue(Pins.MakeInput(Line));
        DriveLine(false);
        Assert.IsTrue(Pins.Watch(Line, Edge.Rising | Edge.Falling));

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
