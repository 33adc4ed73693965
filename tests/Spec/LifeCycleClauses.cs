// The device clauses of "Device Status Field", "Feature Bits", "Device Reset", and the silent life cycle of a remoteproc vdev.

using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class LifeCycleClauses
{
    private const int Control = 2;

    [TestMethod]
    public void Table_Published_IsOneGpioVdevWithTwoVringsAndConfig()
    {
        TestBoard board = new(lines: 2, ringSize: 8, names: new[] { "a", null });
        uint[] expected =
        {
            1, 1, 0, 0, 20, 3, 41, 0, 1, 0, 8, 0x0200,
            0xFFFFFFFF, 64, 8, 0, 0, 0xFFFFFFFF, 64, 8, 1, 0, 2, 3,
        };

        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], System.BitConverter.ToUInt32(board.Sram, TestBoard.TableOffset + 4 * i), "offset " + 4 * i);
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(0x80 | 7)]
    [DataRow(0x40 | 7)]
    public void Status_NotDriverOk_NoBufferIsConsumed(int status)
    {
        TestBoard board = new();
        board.Driver.Probe();
        board.Driver.DeviceStatus = status;
        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);

        board.Turn();
        board.Turn();

        Assert.AreEqual(0, board.Driver.Requests.UsedIndex);
        Assert.AreEqual("", board.NotificationOrder());
    }

    [TestMethod]
    public void Reset_DriverUnbinds_RingsAreNotTouchedAnyMore()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising);
        board.Driver.Unmask(1);
        string notified = board.NotificationOrder();

        board.Driver.DeviceStatus = 0;
        int strays = 0;
        board.OnAccess = (address, _, _) => strays += address < TestBoard.SramAddress + TestBoard.RequestRingOffset ? 0 : 1;
        board.Turn();
        Assert.AreEqual(6, strays, "the poll that finds the reset");
        strays = 0;
        board.Drive(1, true);
        board.Turn();
        board.Turn();

        Assert.AreEqual(0, strays);
        Assert.AreEqual(0, board.Driver.Events.UsedIndex);
        Assert.AreEqual(notified, board.NotificationOrder());
    }

    [TestMethod]
    public void Reset_LinesInUse_AreReleased()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);

        board.Driver.DeviceStatus = 0;
        board.Turn();

        Assert.AreEqual(PadMode.Input, board.ModeOf(0));
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 1));
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        Assert.IsFalse(board.LevelAt(0));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(5)]
    public void Reprobe_UnseenByAnyPoll_StartsFromNothing(int requestsBefore)
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising);
        board.Driver.Unmask(1);
        for (int i = 0; i < requestsBefore; i++)
        {
            board.Driver.Request(Gpio.GetDirection, 0);
        }

        // Everything that Linux does in an unbind and a bind, and its first request, before the firmware looks once.
        board.Driver.Probe();
        board.Driver.Request(Gpio.GetDirection, 1);
        Assert.AreEqual(Gpio.None, board.Driver.Value);

        board.Drive(1, true);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "a buffer of the old ring came back");
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Falling);
        board.Driver.Unmask(1);
        board.Drive(1, false);
        board.Turn();
        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Reprobe_AsManyBuffersAsBefore_IsSeenAllTheSame()
    {
        TestBoard board = Probed();
        for (int line = 0; line < 5; line++)
        {
            board.Driver.Request(Gpio.SetIrqType, line, Gpio.Rising);
            board.Driver.Unmask(line);
        }

        board.Driver.Probe();
        for (int line = 0; line < 5; line++)
        {
            board.Driver.OfferEvent(line, line, 2, 1);
        }

        board.Turn();

        for (int line = 0; line < 5; line++)
        {
            Assert.AreEqual(line << 8 | Gpio.Invalid, board.Driver.TakeEvent(), "no interrupt is enabled in the new life");
        }
    }

    [TestMethod]
    public void Reprobe_AThousandTimes_EachServesARequestAndAnEvent()
    {
        TestBoard board = new();
        for (int i = 0; i < 1000; i++)
        {
            board.Driver.Probe();
            Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 2));
            board.Driver.Request(Gpio.SetIrqType, 2, Gpio.Both);
            board.Driver.Unmask(2);
            board.Drive(2, i % 2 == 0);
            board.Turn();
            Assert.AreEqual(2 << 8 | Gpio.Valid, board.Driver.TakeEvent());
        }

        Assert.AreEqual(0, board.Firmware.Trace.Count);
    }

    [TestMethod]
    public void Features_NotOffered_AreRejectedAndLinuxIsAskedToRecover()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);

        board.Driver.ProbeAndTurn(features: 1 | 1 << 28);

        Assert.AreEqual(Fault.FeaturesNotOffered, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(1, board.Notifications(Control));
        Recovers(board);
    }

    [TestMethod]
    public void Eventq_BrokenInAnEarlierLife_DoesNotStopADriverWithoutIt()
    {
        TestBoard board = Probed();
        board.Driver.Events.AvailableIndex = 1000;
        board.Turn();
        board.Turn();
        Assert.AreEqual(Fault.AvailableIndexJumped, board.Firmware.Trace.FaultAt(0));

        for (int i = 0; i < 3; i++)
        {
            board.Driver.ProbeAndTurn(features: 0);
            Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));
        }

        Assert.AreEqual(DriverSide.DriverOk, board.Driver.DeviceStatus);
    }

    [TestMethod]
    public void Features_WithoutIrq_LeaveTheEventqAlone()
    {
        TestBoard board = new();
        board.Driver.Probe(features: 0);
        board.Driver.PutTable(68, 0xFFFFFFFF);
        int strays = 0;
        board.OnAccess = (address, _, _) => strays += address >= TestBoard.SramAddress + TestBoard.EventRingOffset && address < 0x40000000 ? 1 : 0;

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 0, Gpio.In));

        Assert.AreEqual(0, strays);
    }

    [TestMethod]
    [DataRow(48, TestBoard.SramAddress)]
    [DataRow(48, TestBoard.SramAddress + TestBoard.TableOffset)]
    [DataRow(48, TestBoard.SramAddress + TestBoard.EventRingOffset - 4)]
    [DataRow(48, TestBoard.SramAddress + TestBoard.RequestRingOffset + 2)]
    [DataRow(48, 0xFFFFFFFFu)]
    [DataRow(48, 0u)]
    [DataRow(68, 0x40000000u)]
    [DataRow(60, 30u)]
    public void Ring_NotWhereItBelongs_IsRejectedAndLinuxIsAskedToRecover(int at, uint word)
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        uint before = System.BitConverter.ToUInt32(board.Sram, TestBoard.TableOffset + at);
        board.Driver.Probe();
        board.Driver.PutTable(at, word);

        board.Turn();
        board.Turn();

        Assert.AreEqual(Fault.RingOutsideRegion, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(1, board.Firmware.Trace.Count, "once is enough");
        Assert.AreEqual(1000, board.LastTimeout);
        Assert.IsTrue(board.Notifications(Control) > 0, "Linux is asked to recover");
        board.Driver.PutTable(at, before);
        Recovers(board);
    }

    [TestMethod]
    public void NotifyIds_ChosenByLinux_AreUsed()
    {
        TestBoard board = new();
        board.Driver.Probe();
        board.Driver.PutTable(60, 5);
        board.Driver.PutTable(80, 7);

        board.Driver.Request(Gpio.SetIrqType, 0, Gpio.Rising);
        board.Driver.Unmask(0);
        board.Drive(0, true);
        board.Turn();

        Assert.AreEqual("57", board.NotificationOrder());
    }

    [TestMethod]
    public void Wait_NothingToDo_PollsAgainWithinASecond()
    {
        TestBoard board = Probed();

        board.Turn();

        Assert.AreEqual(1000, board.LastTimeout);
    }

    [TestMethod]
    public void Kick_Lost_IsMadeUpForByTheNextPoll()
    {
        TestBoard board = Probed();
        board.Driver.LosesKicks = true;
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 0, Gpio.Rising));

        board.Driver.Unmask(0);
        board.Drive(0, true);
        board.Turn();

        Assert.AreEqual(Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Kick_ForNothing_ChangesNothing()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.GetDirection, 0);
        string before = board.NotificationOrder();
        int writes = 0;
        board.OnAccess = (_, _, isWrite) => writes += isWrite ? 1 : 0;

        for (int kick = 0; kick < 10; kick++)
        {
            board.RingCore(0);
            board.RingCore(1);
            board.Turn();
        }

        Assert.AreEqual(0, writes);
        Assert.AreEqual(before, board.NotificationOrder());
        board.Turn();
        board.Turn();
        Assert.AreEqual(1000, board.LastTimeout);
    }

    private static void Recovers(TestBoard board)
    {
        board.Turn();
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(DriverSide.DriverOk, board.Driver.DeviceStatus);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    private static TestBoard Probed()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        return board;
    }
}
