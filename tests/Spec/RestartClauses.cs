// A firmware that is restarted under a driver: VIRTIO has no clause for it; the policy is SPEC.md's.

using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class RestartClauses
{
    private const int Control = 2;

    [TestMethod]
    public void Restart_RequestsPending_AreAnsweredAndLinuxIsAskedToRecover()
    {
        TestBoard board = Live();
        for (int i = 0; i < 3; i++)
        {
            board.Driver.Request(Gpio.GetDirection, i);
        }

        int first = board.Driver.Send(Gpio.GetDirection, 4, 0, 8, 2);
        int second = board.Driver.Send(Gpio.GetDirection, 5, 0, 8, 2);
        board.StartFirmware();

        Assert.AreEqual(1, board.Notifications(Control));
        board.Driver.Answer(first);
        Assert.AreEqual(2, board.Driver.Length);
        board.Driver.Answer(second);
        Assert.AreEqual(2, board.Driver.Length);
    }

    [TestMethod]
    public void Restart_DriverThere_TheTableIsNotTouched()
    {
        TestBoard board = Live();
        board.Driver.PutTable(60, 5);
        board.Driver.PutTable(80, 7);
        byte[] before = (byte[])board.Sram.Clone();

        board.StartFirmware();

        for (int i = 0; i < 96; i++)
        {
            Assert.AreEqual(before[TestBoard.TableOffset + i], board.Sram[TestBoard.TableOffset + i], "offset " + i);
        }
    }

    [TestMethod]
    public void Restart_NoDriver_NobodyIsTold()
    {
        TestBoard board = Live();
        board.Driver.DeviceStatus = 1;

        board.StartFirmware();

        Assert.AreEqual(0, board.Notifications(Control));
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    [TestMethod]
    public void Restart_LinesInUse_AreIdleAndTheDriverCanTakeThemAgain()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);

        board.StartFirmware();

        Assert.AreEqual(PadMode.Input, board.ModeOf(0));
        board.Drive(1, true);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "the interrupt is not enabled any more");
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);
        board.Drive(1, false);
        board.Turn();
        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Restart_DriverTakesItsInterruptDown_IsAnswered()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);

        board.StartFirmware();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 1, Gpio.None));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 1, Gpio.None));
    }

    [TestMethod]
    public void Restart_DriverNeverServed_IsAFirstBootAndNoCrash()
    {
        // Linux has booted the co-processor: its driver was there, and has sent a request, before the firmware was.
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.Probe();
        int head = board.Driver.Send(Gpio.GetDirection, 4, 0, 8, 2);
        board.Driver.OfferEvent(1, 1, 2, 1);

        board.StartFirmware();

        board.Driver.Answer(head);
        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
        Assert.AreEqual(Gpio.None, board.Driver.Value);
        Assert.AreEqual(1 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        Assert.AreEqual(0, board.Notifications(Control));
    }

    [TestMethod]
    public void Restart_RequestThatDependsOnLostState_IsErr()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out);
        board.Driver.Request(Gpio.SetValue, 0, 1);
        int head = board.Driver.Send(Gpio.SetDirection, 0, Gpio.Out, 8, 2);

        board.StartFirmware();

        board.Driver.Answer(head);
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status, "which value to drive is lost");
        Assert.AreEqual(PadMode.Input, board.ModeOf(0));
        Assert.AreEqual(-1, board.Driver.Request(Gpio.GetDirection, 1));
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetValue, 1, 1), "whether the line is an output is lost");
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 1), "the level is there to be sensed");
    }

    [TestMethod]
    public void Restart_StateSaidAgain_IsNoLongerLost()
    {
        TestBoard board = Live();

        board.StartFirmware();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 0, Gpio.None));
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, 0, 1));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out));
        Assert.IsTrue(board.LevelAt(0));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 1, Gpio.In));
        Assert.AreEqual(Gpio.In, board.Driver.Request(Gpio.GetDirection, 1));
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 2, Gpio.Out), "a new driver starts from nothing");
    }

    [TestMethod]
    public void Restart_ReplyPublishedButNotAnnounced_IsAnnounced()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.GetDirection, 0);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);
        int requests = board.Notifications(0);
        int events = board.Notifications(1);

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual(requests + 1, board.Notifications(0));
        Assert.AreEqual(events + 1, board.Notifications(1));
    }

    [TestMethod]
    public void Restart_NobodyHearsTheDoorbell_ItIsRungAgainUntilTheDriverGoes()
    {
        TestBoard board = Live();
        board.StartFirmware();
        Assert.AreEqual(1, board.Notifications(Control));

        for (int tick = 0; tick < 16; tick++)
        {
            board.Turn();
        }

        Assert.AreEqual(5, board.Notifications(Control), "after 1, 2, 4 and 8 ticks more");
        board.Driver.DeviceStatus = 0;
        for (int tick = 0; tick < 64; tick++)
        {
            board.Turn();
        }

        Assert.AreEqual(5, board.Notifications(Control));
        Assert.AreEqual(1000, board.LastTimeout);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(9)]
    public void Restart_BufferWasParked_IsReturnedWhenTheInterruptIsDisabled(int eventsBefore)
    {
        // There is no doorbell to tell Linux: its driver goes on, and takes its interrupts down one day.
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        for (int line = 1; line <= 3; line++)
        {
            board.Driver.Request(Gpio.SetIrqType, line, Gpio.Both);
            board.Driver.Unmask(line);
        }

        for (int i = 0; i < eventsBefore; i++)
        {
            board.Drive(1, i % 2 == 0);
            board.Turn();
            Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
            board.Driver.Unmask(1);
        }

        board.StartFirmware();

        for (int line = 1; line <= 3; line++)
        {
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, line, Gpio.None));
            Assert.AreEqual(line << 8 | Gpio.Invalid, board.Driver.TakeEvent());
            Assert.AreEqual(-1, board.Driver.TakeEvent());
        }
    }

    [TestMethod]
    public void Restart_BufferWasParkedLongAgo_IsNoLongerShownByTheRing()
    {
        TestBoard board = new(ringSize: 16);
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);
        board.Driver.Request(Gpio.SetIrqType, 2, Gpio.Both);
        board.Driver.Unmask(2);
        for (int i = 0; i < 20; i++)
        {
            board.Drive(2, i % 2 == 0);
            board.Turn();
            Assert.AreEqual(2 << 8 | Gpio.Valid, board.Driver.TakeEvent());
            board.Driver.Unmask(2);
        }

        board.StartFirmware();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 1, Gpio.None));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 2, Gpio.None));
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "only state that outlives the restart could tell");
    }

    [TestMethod]
    public void Restart_DriverGoesOnWithItsInterrupt_ItIsDeliveredAgain()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);

        board.StartFirmware();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising));
        board.Drive(1, true);
        board.Turn();
        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void Restart_AnotherBuildUnderItsDriver_AnswersUntilTheDriverGoesAndPublishesThen(int change)
    {
        TestBoard board = Live();
        if (change == 0)
        {
            // A byte of the config space that a driver wrote.
            board.Sram[TestBoard.TableOffset + 90] = 99;
        }
        else
        {
            board.Description.Lines = Ports.RowsNamed(change == 1 ? new[] { "a", "b", "c", "d", "e", "f", "g", "longer" } : Ports.NamesOf(9));
        }

        int head = board.Driver.Send(Gpio.GetValue, 3, 0, 8, 2);
        byte[] before = (byte[])board.Sram.Clone();
        board.StartFirmware();

        Assert.AreEqual(1, board.Notifications(Control), "Linux is asked to recover");
        board.Driver.Answer(head);
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, 3, Gpio.Out));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 3, Gpio.None), "the driver can be taken down");
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 3, Gpio.None), "the driver can be taken down");
        for (int i = 0; i < 96; i++)
        {
            Assert.AreEqual(before[TestBoard.TableOffset + i], board.Sram[TestBoard.TableOffset + i], "offset " + i);
        }

        board.Driver.DeviceStatus = 0;
        board.Turn();
        Assert.AreEqual((byte)board.Description.Lines.Length, board.Sram[TestBoard.TableOffset + 88]);
        Assert.AreEqual((byte)0, board.Sram[TestBoard.TableOffset + 90]);
        board.Turn();
        board.Turn();
        Assert.AreEqual(1000, board.LastTimeout);
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, board.Description.Lines.Length - 1));
    }

    [TestMethod]
    public void Table_PutBackByLinuxAfterADetach_IsPublishedAnew()
    {
        TestBoard board = Live();
        board.Driver.DeviceStatus = 0;
        board.Sram[TestBoard.TableOffset] = 0;
        board.Sram[TestBoard.TableOffset + 88] = 99;

        board.Turn();

        Assert.AreEqual((byte)1, board.Sram[TestBoard.TableOffset]);
        Assert.AreEqual((byte)8, board.Sram[TestBoard.TableOffset + 88]);
    }

    [TestMethod]
    public void Restart_TwentyTimesWithRequestsInFlight_LosesNone()
    {
        TestBoard board = Live();
        for (int i = 0; i < 20; i++)
        {
            int head = board.Driver.Send(Gpio.GetDirection, i % 8, 0, 8, 2);
            board.StartFirmware();
            board.Driver.Answer(head);
            Assert.AreEqual(2, board.Driver.Length);
            Assert.AreEqual(i + 1, board.Notifications(Control));
        }
    }

    private static TestBoard Live()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();
        return board;
    }
}
