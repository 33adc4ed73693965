// The resource table: another firmware's, and one that becomes visible piece by piece.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class TableTests
{
    private const int Control = 2;
    private const int Table = TestBoard.TableOffset;
    private const uint TableAddress = TestBoard.SramAddress + TestBoard.TableOffset;

    // Offset and word of what makes the table one that no driver of a GPIO device can be bound to.
    [TestMethod]
    [DataRow(0, 2)]
    [DataRow(4, 0)]
    [DataRow(4, 24)]
    [DataRow(16, 21)]
    [DataRow(16, -4)]
    [DataRow(16, 32)]
    [DataRow(16, 0x7FFFFFF0)]
    [DataRow(20, 2)]
    [DataRow(24, 40)]
    [DataRow(44, 0x0307)]
    public void Start_TableThatNoDriverCanServe_IsReplaced(int at, int word)
    {
        TestBoard board = Live();
        board.Sram[Table + 90] = 99;
        BitConverter.TryWriteBytes(board.Sram.AsSpan(Table + 16), 20);
        if (at == 4 && word == 24)
        {
            BitConverter.TryWriteBytes(board.Sram.AsSpan(Table + 16), 60);
        }

        BitConverter.TryWriteBytes(board.Sram.AsSpan(Table + at), word);

        board.StartFirmware();

        Assert.AreEqual((byte)1, board.Sram[Table]);
        Assert.AreEqual((byte)0, board.Sram[Table + 90]);
        Assert.AreEqual(0, board.Notifications(Control));
    }

    [TestMethod]
    [DataRow(56, 48)]
    [DataRow(56, 65536)]
    [DataRow(56, 4096)]
    [DataRow(56, 0)]
    [DataRow(56, -32)]
    [DataRow(52, 100)]
    [DataRow(52, 2)]
    [DataRow(52, 0)]
    public void Start_RingThatCannotBeServed_TableIsLeftAloneUntilTheDriverGoes(int at, int word)
    {
        TestBoard board = Live();
        board.Sram[Table + 90] = 99;
        BitConverter.TryWriteBytes(board.Sram.AsSpan(Table + at), word);
        board.Driver.Send(Gpio.GetValue, 0, 0, 8, 2);
        int strays = 0;
        board.OnAccess = (address, _, isWrite) =>
            strays += isWrite && address >= TestBoard.SramAddress + TestBoard.RequestRingOffset ? 1 : 0;

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual(0, strays, "nothing is written into a ring of which the size is not known");
        Assert.AreEqual((byte)99, board.Sram[Table + 90]);
        Assert.IsTrue(board.Notifications(Control) > 0, "Linux is asked to recover");
        board.Driver.DeviceStatus = 0;
        board.Turn();
        board.Turn();
        Assert.AreEqual((byte)0, board.Sram[Table + 90]);
    }

    [TestMethod]
    [DataRow(2, true)]
    [DataRow(1, false)]
    public void Start_ForeignTableOfSeveralEntries_ItsGpioDeviceIsFound(int count, bool isFound)
    {
        TestBoard board = Live();
        int head = board.Driver.Send(Gpio.GetValue, 0, 0, 8, 2);
        Array.Copy(board.Sram, Table + 20, board.Sram, Table + 24, 72);
        BitConverter.TryWriteBytes(board.Sram.AsSpan(Table + 4), count);
        BitConverter.TryWriteBytes(board.Sram.AsSpan(Table + 16), 60);
        BitConverter.TryWriteBytes(board.Sram.AsSpan(Table + 20), 24);

        board.StartFirmware();

        Assert.AreEqual(isFound ? (byte)count : (byte)1, board.Sram[Table + 4]);
        Assert.AreEqual(isFound ? 60 : 20, board.Sram[Table + 16]);
        if (isFound)
        {
            board.Driver.Answer(head);
            Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        }
    }

    [TestMethod]
    public void Start_ForeignTableWithoutADriver_IsReplacedAndHasNoVersionMeanwhile()
    {
        TestBoard board = Live();
        board.Driver.DeviceStatus = 0;
        board.Sram[Table + 90] = 99;
        int writes = 0;
        int versions = 0;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address - TableAddress < 96)
            {
                versions += writes++ == 0 ? 0 : board.Sram[Table];
            }
        };

        board.StartFirmware();

        Assert.AreEqual(0, versions);
        Assert.AreEqual((byte)0, board.Sram[Table + 90]);
        Assert.AreEqual(0, board.Notifications(Control));
        board.Turn();
        Assert.AreEqual(1000, board.LastTimeout);
    }

    [TestMethod]
    [DataRow(0, true)]
    [DataRow(1, true)]
    [DataRow(3, false)]
    public void Table_PutBackByLinux_IsReplacedUnlessADriverIsComing(int status, bool isReplaced)
    {
        TestBoard board = Live();
        board.Driver.DeviceStatus = 0;
        board.Turn();
        board.Sram[Table + 90] = 99;
        board.Driver.DeviceStatus = status;
        int writes = 0;
        int versions = 0;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address - TableAddress < 96)
            {
                versions += writes++ == 0 ? 0 : board.Sram[Table];
            }
        };

        board.Turn();

        Assert.AreEqual(isReplaced ? (byte)0 : (byte)99, board.Sram[Table + 90]);
        Assert.AreEqual(isReplaced, writes != 0);
        Assert.AreEqual(0, versions);
        Assert.AreEqual(status, board.Driver.DeviceStatus);
        writes = 0;
        board.Turn();
        Assert.AreEqual(0, writes, "once is enough");
    }

    [TestMethod]
    public void Table_PutBackAndADriverBoundUnseen_IsTakenDown()
    {
        TestBoard board = Live();
        board.Driver.DeviceStatus = 0;
        board.Turn();
        board.Sram[Table + 90] = 99;
        board.Driver.Probe();
        board.Turn();

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out), "it is another firmware's line");
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 0, Gpio.None));
        Assert.AreEqual(1, board.Notifications(Control));
        Assert.AreEqual((byte)99, board.Sram[Table + 90]);

        board.Driver.DeviceStatus = 0;
        board.Turn();
        Assert.AreEqual((byte)0, board.Sram[Table + 90]);
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out));
    }

    [TestMethod]
    public void Takedown_ForeignFeaturesAndNames_AreNotJudgedAndNotTold()
    {
        TestBoard board = Live();
        board.Sram[Table + 90] = 99;
        board.Driver.PutTable(36, 0xFFFFFFFF);
        board.StartFirmware();
        int strays = 0;
        board.OnAccess = (address, _, isWrite) =>
            strays += isWrite && address - (TestBoard.SramAddress + TestBoard.EventRingOffset) < TestBoard.RingRegionSize ? 1 : 0;

        board.Driver.OfferEvent(0, 0, 2, 1);
        board.Driver.Answer(board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 200));

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(1, board.Notifications(Control));
        Assert.AreEqual(0, strays, "its eventq is left alone");
    }

    [TestMethod]
    public void Takedown_ForeignRingOfAnotherSizeAndAlignment_IsServed()
    {
        TestBoard board = new(ringSize: 64, ringAlign: 0x4000, configure: b =>
        {
            b.RequestRingAddress = TestBoard.SramAddress + 0x4000;
            b.EventRingAddress = TestBoard.SramAddress + 0x10000;
            b.RingRegionSize = 0xC000;
        });
        board.Driver.ProbeAndTurn();
        for (int i = 0; i < 20; i++)
        {
            board.Driver.Request(Gpio.GetValue, 0);
        }

        board.Description.RingSize = 32;
        board.Description.RingAlign = 64;
        board.Description.RequestRingAddress = TestBoard.SramAddress + 0x2000;
        board.Description.RingRegionSize = 0xE000;
        board.StartFirmware();

        for (int i = 0; i < 40; i++)
        {
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, i, Gpio.None));
        }
    }

    // The notify id of the eventq, or the address of the requestq, becomes visible after DRIVER_OK.
    [TestMethod]
    [DataRow(false, 80, 9u, 1u)]
    [DataRow(true, 80, 9u, 1u)]
    [DataRow(true, 60, 9u, 0u)]
    [DataRow(true, 48, TestBoard.SramAddress + TestBoard.RequestRingOffset + 1024, TestBoard.SramAddress + TestBoard.RequestRingOffset)]
    public void Table_WordVisibleAfterTheRingsWereTaken_IsReadAgainAtTheFirstBuffer(bool isSecondDriver, int at, uint before, uint after)
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        if (isSecondDriver)
        {
            board.Driver.ProbeAndTurn();
            Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0), "this driver is settled");
            board.Driver.DeviceStatus = 0;
            board.Turn();
        }

        board.Driver.Probe();
        board.Driver.PutTable(at, before);
        if (!isSecondDriver)
        {
            board.StartFirmware();
        }

        board.Turn();
        board.Driver.PutTable(at, after);
        board.Driver.OfferEvent(3, 3, 2, 1);

        board.Turn();
        board.Turn();

        Assert.AreEqual(3 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        Assert.AreEqual(0, board.Notifications(9));
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));
        Assert.AreEqual(0, board.Notifications(Control), "its rings are new, not those of an earlier run");
    }

    // The poll has looked at the requestq's address before it becomes visible, and at the eventq's index after.
    [TestMethod]
    public void Table_RequestqVisibleInTheMidstOfAPoll_BufferIsReturnedOnce()
    {
        TestBoard board = new();
        board.Driver.Probe();
        board.Driver.PutTable(48, board.Description.RequestRingAddress + 1024);
        board.Driver.OfferEvent(3, 3, 2, 1);
        uint index = TestBoard.SramAddress + (uint)board.Driver.Events.AvailableStart + 2;
        board.OnAccess = (address, _, _) =>
        {
            if (address == index)
            {
                board.Driver.PutTable(48, board.Description.RequestRingAddress);
            }
        };

        board.Turn();
        board.Turn();

        Assert.AreEqual(1, board.Notifications(1));
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));
    }

    [TestMethod]
    public void Table_OfASettledDriver_IsNotReadAgain()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.GetValue, 0);
        int reads = 0;
        board.OnAccess = (address, count, _) => reads += address == TableAddress && count == 96 ? 1 : 0;

        board.Driver.Request(Gpio.GetValue, 0);

        Assert.AreEqual(0, reads);
    }

    [TestMethod]
    public void Table_TwiceLateInTwoProbes_IsReadAgainAsOftenEachTime()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        for (int probe = 0; probe < 2; probe++)
        {
            board.Driver.Probe();
            board.Driver.PutTable(68, 0xFFFFFFFF);
            int seen = 0;
            board.OnAccess = (address, count, _) =>
            {
                if (address == TableAddress && count == 96 && seen++ == 3)
                {
                    board.Driver.PutTable(68, board.Description.EventRingAddress);
                }
            };
            board.Turn();
            board.OnAccess = null;
            Assert.AreEqual(0, board.Firmware.Trace.Count);
            Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
        }
    }

    [TestMethod]
    public void Table_RejectedTwiceWithAResetBetween_IsSaidTwiceAndRepeatedUntilThen()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        for (int probe = 1; probe <= 2; probe++)
        {
            board.Driver.Probe();
            board.Driver.PutTable(68, 0xFFFFFFFF);
            board.Turn();
            Assert.AreEqual(probe, board.Firmware.Trace.Count);
            board.Driver.DeviceStatus = 0;
            board.Turn();
        }

        Assert.AreEqual(Fault.RingOutsideRegion, board.Firmware.Trace.FaultAt(0));
    }

    [TestMethod]
    public void Table_RejectedAndNobodyHears_LinuxIsAskedAgain()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.Probe();
        board.Driver.PutTable(68, 0xFFFFFFFF);
        for (int turn = 0; turn < 8; turn++)
        {
            board.Turn();
        }

        Assert.IsTrue(board.Notifications(Control) > 2);
    }

    [TestMethod]
    public void Start_DriverComesLaterAndItsRingsLaterStill_NothingIsAdopted()
    {
        TestBoard board = Live();
        board.Driver.DeviceStatus = 0;
        board.StartFirmware();
        board.Turn();
        board.Driver.DeviceStatus = DriverSide.DriverOk;
        board.Turn();

        Assert.AreEqual(0, board.Notifications(Control));
        board.Driver.Probe();
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));
    }

    [TestMethod]
    public void Request_OfferedRightBeforeTheIndexIsRead_IsTakenByItsOwnEntry()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.GetDirection, 0);
        board.Turn();
        uint index = TestBoard.SramAddress + (uint)board.Driver.Requests.AvailableStart + 2;
        int head = -1;
        board.OnAccess = (address, _, isWrite) => head = address == index && !isWrite && head < 0 ? board.Driver.Send(Gpio.GetDirection, 1, 0, 8, 2) : head;

        board.Turn();
        board.OnAccess = null;

        board.Driver.Answer(head);
        Assert.AreEqual(2, board.Driver.Length);
    }

    private static TestBoard Live()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();
        return board;
    }
}
