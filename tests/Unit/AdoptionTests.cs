// A firmware that is restarted under a driver: which buffers of the eventq it takes for outstanding, and what else it takes over.

using System.Collections.Generic;
using System.Linq;
using nanoFramework.TestFramework;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class AdoptionTests
{
    private const int Control = 2;

    // What was offered and what was used, line by line; each line has the same descriptors each time.
    [TestMethod]
    [DataRow(4, 1, "0", "", "0")]
    [DataRow(4, 1, "0", "0", "")]
    [DataRow(4, 1, "0 0", "0", "0")]
    [DataRow(4, 2, "1", "", "1")]
    [DataRow(4, 2, "0 1", "1", "0")]
    [DataRow(4, 2, "0 1 0", "0 1", "0")]
    [DataRow(4, 1, "0 0 0", "0 0 0", "")]
    [DataRow(4, 2, "0 1 1 1", "1 1", "0 1")]
    [DataRow(8, 3, "0 1 2 0", "0 2", "0 1")]
    [DataRow(8, 3, "0 2 1 2 0", "0 2 2", "0 1")]
    [DataRow(4, 2, "0 1 0 0 0", "1 0 0 0 0", "")]
    [DataRow(4, 2, "0 0 1 0 1 1", "0 0 1 1 1", "")]
    [DataRow(4, 2, "0 0 0 1 0 0", "0 0 0 0 0", "1")]
    [DataRow(4, 2, "0 0 1 1 0", "0 0 1", "0")]
    public void Restart_BuffersOfferedAndUsed_ThoseSurelyOutstandingAreReturned(int size, int lines, string offered, string used, string expected)
    {
        TestBoard board = Crafted(size, lines, Numbers(offered), Numbers(used), firstIndex: 0);

        board.StartFirmware();

        Assert.AreEqual(expected, string.Join(" ", TakeDown(board, lines)));
    }

    [TestMethod]
    public void Restart_AvailableIndexHasWrapped_WhatIsShownIsOutstanding()
    {
        TestBoard board = Crafted(8, 2, [0, 1], [], firstIndex: 65535);

        board.StartFirmware();

        Assert.AreEqual("1", string.Join(" ", TakeDown(board, 2)));
    }

    // Both indexes are small again, and the used element that comes next was written long ago: what is counted from 0 on is not all.
    [TestMethod]
    public void Restart_BothIndexesHaveWrapped_TheRingIsNotTakenForAYoungOne()
    {
        TestBoard board = Crafted(8, 2, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], firstIndex: 65526);

        board.StartFirmware();

        Assert.AreEqual("1", string.Join(" ", TakeDown(board, 2)));
    }

    [TestMethod]
    public void Restart_MoreBuffersThanLines_NoneIsKept()
    {
        TestBoard board = Crafted(8, 2, [0, 1, 2], [], firstIndex: 0);

        board.StartFirmware();

        Assert.AreEqual("", string.Join(" ", TakeDown(board, 2)), "the ring is not one of a driver that keeps the rules");
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(0x7FFFFFFF)]
    [DataRow(-1)]
    public void Restart_UsedRingNamesNoDescriptor_IsPassedOver(int id)
    {
        TestBoard board = Crafted(4, 2, [0, 1], [0], firstIndex: 0);
        System.BitConverter.TryWriteBytes(System.MemoryExtensions.AsSpan(board.Sram, board.Driver.Events.UsedStart + 4), id);

        board.StartFirmware();

        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));
    }

    [TestMethod]
    public void Restart_AvailableRingNamesNoDescriptor_IsPassedOver()
    {
        TestBoard board = Crafted(4, 2, [0, 1], [], firstIndex: 0);
        board.Sram[board.Driver.Events.AvailableStart + 4] = 200;

        board.StartFirmware();

        Assert.AreEqual("1", string.Join(" ", TakeDown(board, 2)));
    }

    [TestMethod]
    public void Restart_TwoBuffersOfOneLine_TheLastIsKept()
    {
        TestBoard board = Crafted(8, 2, [0, 1], [], firstIndex: 0);
        board.Dram[board.Driver.EventSlotOf(2)] = 0;

        board.StartFirmware();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 0, Gpio.None));
        Assert.AreEqual(0 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Restart_BufferWithoutRoom_IsNotKept()
    {
        TestBoard board = Crafted(8, 2, [], [], firstIndex: 0);
        board.Driver.OfferEvent(0, 0, 2, 0);

        board.StartFirmware();

        Assert.AreEqual("", string.Join(" ", TakeDown(board, 2)));
    }

    [TestMethod]
    public void Restart_RequestsAnswered_AreNotCarriedOutAgain()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        int before = board.Driver.Requests.UsedIndex;
        int writes = 0;
        uint used = TestBoard.SramAddress + (uint)board.Driver.Requests.UsedStart;
        board.OnAccess = (address, _, isWrite) => writes += isWrite && address >= used && address < used + 262 ? 1 : 0;

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual(0, writes);
        Assert.AreEqual(before, board.Driver.Requests.UsedIndex);
    }

    [TestMethod]
    [DataRow(0, true, false)]
    [DataRow(1, true, false)]
    [DataRow(1, false, false)]
    [DataRow(1, false, true)]
    public void Reprobe_WhileARingIsAdopted_IsTakenForWhatItIs(int features, bool isRequestq, bool diesAgain)
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn(features);
        for (int i = 0; i < 3; i++)
        {
            board.Driver.Request(Gpio.GetDirection, i);
        }

        uint used = TestBoard.SramAddress + (uint)(isRequestq ? board.Driver.Requests : board.Driver.Events).UsedStart;
        bool isDone = false;
        board.OnAccess = (address, _, _) =>
        {
            if (address == used && !isDone)
            {
                isDone = true;
                board.Driver.Probe(features);
            }
        };
        board.StartFirmware();
        if (diesAgain)
        {
            board.StartFirmware();
        }

        board.Turn();

        Assert.IsTrue(isDone);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    // That the eventq is new as well is not visible at first.
    [TestMethod]
    public void Reprobe_OfTheDriverThatWasAdopted_NoRingOfTheNextIsAdopted()
    {
        TestBoard board = Live();
        board.StartFirmware();
        board.Turn();

        board.Driver.Requests.Clear();
        board.Turn();
        board.Driver.Events.Clear();

        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(1, board.Notifications(Control), "for the driver that was adopted");
    }

    [TestMethod]
    public void Restart_DriverWantsNoNotification_NoneIsSent()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.GetDirection, 0);
        board.Driver.Requests.AvailableFlags = 1;
        int before = board.Notifications(0);

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual(before, board.Notifications(0));
    }

    [TestMethod]
    public void Restart_RequestPending_IsServedWithoutAWait()
    {
        TestBoard board = Live();
        board.Driver.LosesKicks = true;
        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual(0, board.LastTimeout);
        Assert.AreEqual(1, board.Driver.Requests.UsedIndex);
    }

    [TestMethod]
    public void Start_NoDriver_Rests()
    {
        TestBoard board = new();

        board.Turn();

        Assert.AreEqual(1000, board.LastTimeout);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Restart_OneRingIsNew_OnlyTheOtherIsAdopted(bool isRequestq)
    {
        // The driver is making its rings anew; the other one is not visible yet.
        TestBoard board = Live();
        board.Driver.Request(Gpio.GetDirection, 0);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);
        DriverRing ring = isRequestq ? board.Driver.Requests : board.Driver.Events;
        ring.Clear();
        int replies = board.Notifications(0);

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual(isRequestq ? replies : replies + 1, board.Notifications(0), "in a new ring nothing is to be announced");
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 1, Gpio.None));
        Assert.AreEqual(isRequestq ? 1 << 8 | Gpio.Invalid : -1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Restart_BufferComesBeforeItsTrigger_IsKept()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.GetDirection, 0);
        board.StartFirmware();

        board.Driver.Unmask(1);
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "the driver believes that its trigger is set");

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising), "the feature is still negotiated");
        board.Drive(1, true);
        board.Turn();
        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    private static TestBoard Crafted(int size, int lines, int[] offered, int[] used, int firstIndex)
    {
        TestBoard board = new(lines, size, configure: b => b.RestartNotifyId = Control);
        board.Driver.Probe();
        DriverRing ring = board.Driver.Events;
        ring.AvailableIndex = firstIndex;
        foreach (DriverRing each in new[] { ring, board.Driver.Requests })
        {
            board.Sram[each.AvailableStart + 6 + 2 * each.Size] = 0xC5;
        }

        foreach (int line in offered)
        {
            board.Driver.OfferEvent(line, line, 2, 1);
        }

        PutUsedIndex(board, firstIndex);
        for (int i = 0; i < used.Length; i++)
        {
            board.Sram[ring.UsedStart + 4 + 8 * (i % size)] = (byte)(2 * used[i]);
            board.Sram[ring.UsedStart + 8 + 8 * (i % size)] = 1;
            PutUsedIndex(board, firstIndex + i + 1);
        }

        while (ring.TakeUsed(out int _, out int _))
        {
            // What was used before is not looked at again.
        }

        return board;
    }

    private static void PutUsedIndex(TestBoard board, int index)
    {
        board.Sram[board.Driver.Events.UsedStart + 2] = (byte)index;
        board.Sram[board.Driver.Events.UsedStart + 3] = (byte)(index >> 8);
    }

    private static int[] TakeDown(TestBoard board, int lines)
    {
        List<int> returned = [];
        for (int line = 0; line < lines; line++)
        {
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, line, Gpio.None));
            for (int taken = board.Driver.TakeEvent(); taken != -1; taken = board.Driver.TakeEvent())
            {
                returned.Add(taken >> 8);
            }
        }

        return [.. returned];
    }

    private static int[] Numbers(string text) => [.. text.Split(' ', System.StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private static TestBoard Live()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();
        return board;
    }
}
