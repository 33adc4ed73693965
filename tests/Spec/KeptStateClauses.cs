// A firmware that is restarted under a driver, on a board whose memory keeps the lines' state: the driver does not notice.

using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class KeptStateClauses
{
    private const int Control = 2;

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Restart_OutputsDriven_AreAsTheyWereAndTheDriverGoesOn(bool holdsPads)
    {
        TestBoard board = Live();
        board.HoldsPads = holdsPads;
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out);
        board.Driver.Request(Gpio.SetDirection, 2, Gpio.In);
        board.Driver.Request(Gpio.SetValue, 3, 1);

        board.StartFirmware();

        Assert.IsTrue(board.LevelAt(0));
        Assert.AreEqual(PadMode.Output, board.ModeOf(0));
        Assert.AreEqual(PadMode.Output, board.ModeOf(1));
        Assert.AreEqual(Gpio.Out, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(Gpio.Out, board.Driver.Request(Gpio.GetDirection, 1));
        Assert.AreEqual(Gpio.In, board.Driver.Request(Gpio.GetDirection, 2));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 3, Gpio.Out), "the value that was set is known");
        Assert.IsTrue(board.LevelAt(3));
        Assert.AreEqual(0, board.Notifications(Control), "Linux is not asked to recover");
    }

    [TestMethod]
    public void Restart_PadsHoldTheirLevel_NoPulseIsSeen()
    {
        TestBoard board = Live();
        board.HoldsPads = true;
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        int changes = 0;
        board.LevelChanged += (line, isHigh) => changes++;

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual(0, changes);
        Assert.IsTrue(board.LevelAt(0));
    }

    [TestMethod]
    public void Restart_PadsLetGo_TheLevelsComeBackBeforeTheTableIsRead()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        bool wasLate = false;
        board.OnAccess = (address, count, isWrite) => wasLate |= address < TestBoard.SramAddress + TestBoard.StateOffset && !board.LevelAt(0);

        board.StartFirmware();

        board.OnAccess = null;
        Assert.IsTrue(board.LevelAt(0));
        Assert.IsFalse(wasLate);
    }

    [TestMethod]
    public void Restart_BufferParkedLongAgo_IsDeliveredAllTheSame()
    {
        TestBoard board = Live(ringSize: 16);
        Arm(board, 1, Gpio.Rising);
        Arm(board, 2, Gpio.Both);
        for (int i = 0; i < 100; i++)
        {
            Fire(board, 2);
            board.Driver.Unmask(2);
        }

        board.StartFirmware();
        TakeExtraEvents(board, 2);
        board.Driver.Unmask(1);
        board.Driver.Unmask(2);

        board.Drive(1, true);
        board.Turn();
        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
        Fire(board, 2);
        Assert.AreEqual(0, board.Notifications(Control));
    }

    [TestMethod]
    public void Restart_EdgeArmed_ReportsOnceForWhatMayHaveBeenMissed()
    {
        TestBoard board = Live();
        Arm(board, 1, Gpio.Rising);
        Arm(board, 2, Gpio.LevelHigh);
        board.Drive(2, false);

        board.StartFirmware();

        TakeExtraEvents(board, 1);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        board.Driver.Unmask(1);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "once");
    }

    [TestMethod]
    public void Restart_EdgeArmedAndMasked_ReportsWhenItIsUnmasked()
    {
        TestBoard board = Live();
        Arm(board, 1, Gpio.Both);
        Fire(board, 1);

        board.StartFirmware();
        board.Turn();
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent());

        board.Driver.Unmask(1);
        board.Turn();
        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Restart_LevelActive_IsSensedAndDelivered()
    {
        TestBoard board = Live();
        board.Drive(2, false);
        Arm(board, 2, Gpio.LevelHigh);

        board.Drive(2, true);
        board.StartFirmware();

        TakeExtraEvents(board, 1);
    }

    [TestMethod]
    public void Restart_EventReturnedAndNotAnnounced_IsRepeated()
    {
        TestBoard board = new(configure: b => { Configure(b); b.NotificationRepeats = 2; });
        board.Driver.ProbeAndTurn();
        Arm(board, 1, Gpio.Both);
        board.Drive(1, !board.LevelAt(1));
        board.Turn();
        board.StartFirmware();
        board.Turn();
        int before = board.Notifications(1);

        for (int tick = 0; tick < 8; tick++)
        {
            board.Turn();
        }

        Assert.AreEqual(before + 2, board.Notifications(1));
        Assert.AreEqual(1000, board.LastTimeout);
    }

    [TestMethod]
    public void Restart_TriggerRejectedOnAnOutput_IsArmedWhenTheLineBecomesAnInput()
    {
        TestBoard board = Live();
        board.Drive(1, false);
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out);
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising));
        board.Driver.Unmask(1);

        board.StartFirmware();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 1, Gpio.In));
        board.Drive(1, true);
        board.Turn();
        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Restart_PinHadFailed_LineIsAsBeforeTheRequest()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.FailingLine = 0;
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetValue, 0, 1));
        board.FailingLine = 1;
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out));
        board.FailingLine = -1;

        board.StartFirmware();

        Assert.AreEqual(PadMode.Output, board.ModeOf(0));
        Assert.IsFalse(board.LevelAt(0));
        Assert.AreEqual(PadMode.Input, board.ModeOf(1));
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 1));
        Assert.AreEqual(0, board.Notifications(Control));
    }

    [TestMethod]
    public void Restart_DriverGone_LinesAreReleased()
    {
        TestBoard board = Live();
        board.HoldsPads = true;
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.DeviceStatus = 0;

        board.StartFirmware();

        Assert.AreEqual(PadMode.Input, board.ModeOf(0));
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Restart_AnotherDriverWithNewRings_StartsFromNothing(bool diesAgain)
    {
        TestBoard board = Live();
        board.HoldsPads = true;
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.Probe();

        board.StartFirmware();
        if (diesAgain)
        {
            board.StartFirmware();
        }

        Assert.AreEqual(PadMode.Input, board.ModeOf(0));
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(0, board.Notifications(Control));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(9)]
    [DataRow(10)]
    [DataRow(11)]
    [DataRow(12)]
    public void Restart_StateDoesNotHold_IsForgottenAsWithoutIt(int change)
    {
        TestBoard board = Live();
        board.HoldsPads = true;
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        Arm(board, 1, Gpio.Both);
        Arm(board, 2, Gpio.Both);
        Spoil(board, change);

        for (int restart = 1; restart <= 2; restart++)
        {
            board.StartFirmware();

            Assert.AreEqual(restart, board.Notifications(Control), "Linux is asked to recover");
            Assert.AreEqual(PadMode.Input, board.ModeOf(0));
            Assert.AreEqual(-1, board.Driver.Request(Gpio.GetDirection, 0), "which is ERR while the state is lost");
        }

        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.StartFirmware();
        Assert.AreEqual(Gpio.Out, board.Driver.Request(Gpio.GetDirection, 0), "a new driver's is kept");
        Assert.AreEqual(2, board.Notifications(Control));
    }

    // The buffer names either line when it is read for it.
    [TestMethod]
    public void State_TwoLinesWithOneBufferThatIsWrittenWhileItIsRead_IsNotTakenOver()
    {
        TestBoard board = Live();
        Arm(board, 1, Gpio.Both);
        Arm(board, 2, Gpio.Both);
        Spoil(board, 7);
        int slot = board.Driver.EventSlotOf(4);
        byte looks = 0;
        board.OnAccess = (address, count, isWrite) =>
        {
            if (address == 0x40000000 + (uint)slot && !isWrite)
            {
                board.Dram[slot] = ++looks;
            }
        };

        board.StartFirmware();

        board.OnAccess = null;
        Assert.AreEqual(1, board.Notifications(Control));
    }

    [TestMethod]
    public void State_OfAnotherBuildThatRanInBetween_IsNotTakenOver()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Description.StateBuild = 1;
        board.StartFirmware();
        board.Description.StateBuild = 0;

        board.StartFirmware();

        Assert.AreEqual(2, board.Notifications(Control));
        Assert.AreEqual(-1, board.Driver.Request(Gpio.GetDirection, 0));
    }

    [TestMethod]
    public void State_OfADriverThatAnotherBuildHasAnswered_IsNotTakenOver()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        LineConfig[] rows = board.Description.Lines;
        board.Description.Lines = Ports.RowsNamed("a", "b", "c", "d", "e", "f", "g", "longer");
        board.StartFirmware();
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 0, Gpio.None), "it takes lines down");
        board.Description.Lines = rows;

        board.StartFirmware();

        Assert.AreEqual(-1, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(PadMode.Input, board.ModeOf(0));
    }

    [TestMethod]
    public void Requests_ThatChangeNothing_StoreNothing()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.In);
        int stores = 0;
        board.OnAccess = (address, count, isWrite) => stores += address >= TestBoard.SramAddress + TestBoard.StateOffset && address < TestBoard.SramAddress + 0x24000 ? 1 : 0;

        board.Driver.Request(Gpio.GetValue, 0);
        board.Driver.Request(Gpio.GetDirection, 0);
        board.Driver.Request(Gpio.SetValue, 0, 0);
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.In);
        Assert.AreEqual(0, stores);
        board.Driver.Request(Gpio.SetValue, 0, 1);
        Assert.AreEqual(1, stores);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        Assert.AreEqual(2, stores);
        board.Driver.Request(Gpio.SetIrqType, 2, Gpio.Both);
        Assert.AreEqual(3, stores, "an idle line becomes an input in the same store");
        board.Driver.Unmask(1);
        Assert.AreEqual(4, stores);
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.None);
        Assert.AreEqual(5, stores);
    }

    private static void Spoil(TestBoard board, int change)
    {
        int state = TestBoard.StateOffset;
        switch (change)
        {
            case 0:
                board.Sram[state]++;
                break;
            case 1:
                board.Sram[state + 4]++;
                break;
            case 2:
                board.Sram[state + 8]++;
                break;
            case 3:
                // Whether line 0 is an output, without its complement.
                board.Sram[state + 12] ^= 3;
                break;
            case 4:
                // A direction that there is not.
                Put(board, state + 12 + 8 * 4, 3);
                break;
            case 5:
                // A trigger that there is not.
                Put(board, state + 12 + 8 * 4, 2 | 5 << 8);
                break;
            case 6:
                // The trigger of an output.
                Put(board, state + 12 + 8 * 4, 1 | 3 << 8);
                break;
            case 7:
                // Two lines with one buffer.
                board.Sram[state + 16 + 8] = board.Sram[state + 16 + 16];
                break;
            case 8:
                // The trigger of a line without direction.
                Put(board, state + 12 + 8 * 4, 3 << 8);
                break;
            case 9:
                // The buffers of two lines changed over.
                byte head = board.Sram[state + 16 + 8];
                board.Sram[state + 16 + 8] = board.Sram[state + 16 + 16];
                board.Sram[state + 16 + 16] = head;
                break;
            case 10:
                // The eventq is new.
                board.Driver.Events.Clear();
                break;
            case 11:
                // A buffer that is parked is offered once more.
                board.Driver.Events.Offer(2);
                break;
            default:
                board.Description.StateBuild++;
                break;
        }
    }

    private static void Put(TestBoard board, int at, int setting)
    {
        board.Sram[at] = (byte)setting;
        board.Sram[at + 1] = (byte)(setting >> 8);
        board.Sram[at + 2] = (byte)~setting;
        board.Sram[at + 3] = (byte)(~setting >> 8);
    }

    private static void Arm(TestBoard board, int line, int trigger)
    {
        board.Drive(line, false);
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, line, (uint)trigger));
        board.Driver.Unmask(line);
    }

    private static void Fire(TestBoard board, int line)
    {
        board.Drive(line, !board.LevelAt(line));
        board.Turn();
        Assert.AreEqual(line << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    private static void TakeExtraEvents(TestBoard board, int expected)
    {
        int events = 0;
        for (int turn = 0; turn < 4; turn++)
        {
            board.Turn();
            while (board.Driver.TakeEvent() >= 0)
            {
                events++;
            }
        }

        Assert.AreEqual(expected, events);
    }

    private static void Configure(GpioBoard board)
    {
        board.RestartNotifyId = Control;
        board.StateAddress = TestBoard.SramAddress + TestBoard.StateOffset;
    }

    private static TestBoard Live(int ringSize = 32)
    {
        TestBoard board = new(ringSize: ringSize, configure: Configure, isLatched: true);
        board.Driver.ProbeAndTurn();
        return board;
    }
}
