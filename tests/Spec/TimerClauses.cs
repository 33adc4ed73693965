// Debounce and least interval, by a clock that only the test moves. The rules are the project's own.

using nanoFramework.TestFramework;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class TimerClauses
{
    private const int Line = 3;
    private const int Plain = 5;
    private const int Debounce = 20;
    private const int Interval = 50;
    private const int LongInterval = 400;
    private const int FullTick = 1000;
    private const int Event = Line << 8 | Gpio.Valid;

    [TestMethod]
    [DataRow(0)]
    [DataRow(int.MaxValue)]
    [DataRow(int.MaxValue - 10)]
    [DataRow(int.MinValue)]
    [DataRow(-10)]
    public void Edge_OfADebouncedLine_IsDeliveredWhenTheLevelWasStable(int start)
    {
        TestBoard board = Armed(Gpio.Falling, Debounce, 0);
        Pass(board, start);
        Settle(board);
        board.Driver.Unmask(Line);

        board.Drive(Line, false);
        board.Turn();
        Pass(board, 0);
        Assert.AreEqual(Debounce, board.LastTimeout, "the wait");
        Pass(board, Debounce - 1);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        Assert.AreEqual(1, board.LastTimeout);
        Pass(board, 1);

        Assert.AreEqual(Event, board.Driver.TakeEvent());
        AssertRests(board);
    }

    [TestMethod]
    public void Press_ThatBounces_IsOneEventAndFewInterrupts()
    {
        TestBoard board = Armed(Gpio.Falling, Debounce, 0);
        board.Driver.Unmask(Line);
        int before = board.Interrupts;
        for (int i = 0; i < 11; i++)
        {
            board.Drive(Line, !board.LevelAt(Line));
            board.Turn();
            Pass(board, 1);
        }

        Assert.IsFalse(board.LevelAt(Line));
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        int waited = 0;
        int events = 0;
        for (int ms = 1; ms <= 4 * Debounce; ms++)
        {
            Pass(board, 1);
            if (board.Driver.TakeEvent() == Event)
            {
                events++;
                waited = ms;
                board.Driver.Unmask(Line);
            }
        }

        Assert.AreEqual(1, events);
        Assert.IsTrue(waited <= 2 * Debounce, waited.ToString());
        Assert.AreEqual(2, board.Interrupts - before);
        AssertRests(board);
    }

    [TestMethod]
    public void Glitch_ShorterThanTheDebounceTime_IsNoEvent()
    {
        TestBoard board = Armed(Gpio.Both, Debounce, 0);
        board.Driver.Unmask(Line);
        board.Drive(Line, false);
        board.Turn();
        Pass(board, Debounce - 1);
        board.Drive(Line, true);
        board.Turn();

        for (int ms = 0; ms < 4 * Debounce; ms++)
        {
            Pass(board, 1);
            Assert.AreEqual(-1, board.Driver.TakeEvent());
        }

        AssertRests(board);
    }

    [TestMethod]
    public void Edge_BeforeTheLevelIsSensedAndNotTakenYet_BeginsTheTimeAgain()
    {
        TestBoard board = Armed(Gpio.Falling, Debounce, 0);
        board.Driver.Unmask(Line);
        board.Drive(Line, false);
        board.Turn();
        bool isBack = false;
        board.Time += Debounce;
        board.OnAccess = (address, count, isWrite) =>
        {
            // The turn has begun: the line is high for a moment after its edges were taken for the last time.
            if (!isBack)
            {
                isBack = true;
                board.Drive(Line, true);
                board.Drive(Line, false);
            }
        };

        board.Turn();
        board.OnAccess = null;
        Assert.IsTrue(isBack);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        Pass(board, Debounce);
        Pass(board, Debounce);

        Assert.AreEqual(Event, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(Gpio.Both)]
    [DataRow(Gpio.LevelLow)]
    public void Noise_ThatIsNeverStable_IsNoEventAndOneInterruptPerDebounceTime(int trigger)
    {
        TestBoard board = Armed(trigger, Debounce, 0);
        board.Driver.Unmask(Line);
        int before = board.Interrupts;
        for (int ms = 0; ms < 100 * Debounce; ms++)
        {
            for (int i = 0; i < 5; i++)
            {
                board.Drive(Line, !board.LevelAt(Line));
                board.Turn();
            }

            Pass(board, 1);
            Assert.AreEqual(-1, board.Driver.TakeEvent());
        }

        Assert.IsTrue(board.Interrupts - before <= 101, (board.Interrupts - before).ToString());
    }

    [TestMethod]
    public void LastLevel_ChangedWhileTheBufferWasOut_IsReported()
    {
        TestBoard board = Armed(Gpio.Both, Debounce, 0);
        board.Driver.Unmask(Line);
        Change(board, false);
        Assert.AreEqual(Event, board.Driver.TakeEvent(), "pressed");
        Change(board, true);
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "released, and masked");
        Change(board, false);
        Assert.AreEqual(FullTick, board.LastTimeout, "what is known already costs nothing more");

        board.Driver.Unmask(Line);
        Assert.AreEqual(Event, board.Driver.TakeEvent(), "released");
        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        Pass(board, Debounce);

        Assert.AreEqual(Event, board.Driver.TakeEvent(), "pressed again");
        AssertRests(board);
    }

    [TestMethod]
    [DataRow(Gpio.LevelHigh, true)]
    [DataRow(Gpio.LevelLow, false)]
    public void Level_OfADebouncedLine_IsActiveWhenItIsStable(int trigger, bool active)
    {
        TestBoard board = Armed(trigger, Debounce, 0, level: active);
        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "not known to be stable");
        Pass(board, Debounce);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
        board.Driver.Unmask(Line);
        Assert.AreEqual(Event, board.Driver.TakeEvent(), "it is active still");

        Change(board, !active);
        board.Driver.Unmask(Line);
        Pass(board, Debounce);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        board.Drive(Line, active);
        board.Turn();
        Pass(board, Debounce - 1);
        board.Drive(Line, !active);
        board.Turn();
        Pass(board, Debounce);
        Pass(board, Debounce);
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "it was not active for long enough");
        Change(board, active);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
        AssertRests(board);
    }

    [TestMethod]
    public void Edge_OfAnotherLine_DoesNotWait()
    {
        TestBoard board = Armed(Gpio.Falling, Debounce, Interval);
        board.Driver.Request(Gpio.SetIrqType, Plain, Gpio.Both);
        for (int i = 0; i < 3; i++)
        {
            board.Driver.Unmask(Plain);
            board.Drive(Plain, !board.LevelAt(Plain));
            board.Turn();
            Assert.AreEqual(Plain << 8 | Gpio.Valid, board.Driver.TakeEvent());
        }
    }

    [TestMethod]
    public void Clock_GoesBack_EndsTheTimeAtOnce()
    {
        TestBoard board = Armed(Gpio.Falling, Debounce, 0);
        board.Driver.Unmask(Line);
        board.Drive(Line, false);
        board.Turn();

        Pass(board, -5);

        Assert.AreEqual(Event, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(0, false)]
    [DataRow(1, false)]
    [DataRow(2, false)]
    [DataRow(3, false)]
    [DataRow(0, true)]
    [DataRow(1, true)]
    [DataRow(2, true)]
    [DataRow(3, true)]
    public void Interrupt_TakenDownWhileItsTimeRuns_NothingRingsAndTheDeviceRests(int way, bool bounces)
    {
        TestBoard board = Armed(Gpio.Falling, Debounce, LongInterval);
        board.Driver.Unmask(Line);
        Change(board, false);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
        board.Driver.Unmask(Line);
        Change(board, true);
        if (bounces)
        {
            board.Drive(Line, false);
            board.Turn();
        }
        else
        {
            Change(board, false);
        }

        Assert.AreEqual(-1, board.Driver.TakeEvent());
        board.Turn();
        Assert.AreNotEqual(FullTick, board.LastTimeout);

        TakeDown(board, way);

        board.Turn();
        Assert.AreEqual(FullTick, board.LastTimeout);
        int rung = board.Notifications(1);
        for (int ms = 0; ms < 2 * LongInterval; ms += Debounce)
        {
            Pass(board, Debounce);
            Assert.AreEqual(FullTick, board.LastTimeout);
        }

        Assert.AreEqual(rung, board.Notifications(1));
        AssertRests(board);
    }

    [TestMethod]
    public void Trigger_Replaced_BeginsWithTheLevelOfThatMoment()
    {
        TestBoard board = Armed(Gpio.Falling, Debounce, 0);
        board.Driver.Unmask(Line);
        board.Drive(Line, false);
        board.Turn();

        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both);

        Pass(board, Debounce);
        Pass(board, Debounce);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        Change(board, true);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Restart_StateKeptWhileTheLineBounces_ReportsOnceForWhatMayHaveBeenMissed()
    {
        TestBoard board = Armed(Gpio.Falling, Debounce, Interval, keepsState: true);
        board.Driver.Unmask(Line);
        board.Drive(Line, false);
        board.Turn();

        board.StartFirmware();
        board.Turn();
        board.Turn();
        Assert.AreEqual(Event, board.Driver.TakeEvent());
        Pass(board, Debounce);
        board.Driver.Unmask(Line);
        Pass(board, Interval);

        Assert.AreEqual(-1, board.Driver.TakeEvent());
        Change(board, true);
        Change(board, false);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
        AssertRests(board);
    }

    [TestMethod]
    public void Time_ThatEnds_IsNoTick()
    {
        TestBoard board = Armed(Gpio.Falling, Debounce, 0, repeats: 8);
        board.Driver.Unmask(Line);
        board.Drive(Line, false);
        board.Turn();
        Pass(board, Debounce);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
        int rung = board.Notifications(1);

        // The buffer does not come back: a tick would repeat the notification.
        for (int i = 0; i < 5; i++)
        {
            board.Drive(Line, true);
            board.Turn();
            board.Drive(Line, false);
            board.Turn();
            Pass(board, Debounce);
            Pass(board, Debounce);
        }

        Assert.AreEqual(rung, board.Notifications(1));
    }

    [TestMethod]
    [DataRow(Gpio.Both)]
    [DataRow(Gpio.LevelHigh)]
    public void Storm_OnALineWithALeastInterval_IsOneEventPerInterval(int trigger)
    {
        TestBoard board = Armed(trigger, 0, Interval);
        int before = board.Interrupts;
        int events = 0;
        board.Driver.Unmask(Line);
        for (int ms = 0; ms < 20 * Interval; ms++)
        {
            for (int i = 0; i < 5; i++)
            {
                board.Drive(Line, !board.LevelAt(Line));
            }

            board.Turn();
            Pass(board, 1);
            if (board.Driver.TakeEvent() == Event)
            {
                events++;
                board.Driver.Unmask(Line);
            }
        }

        Assert.IsTrue(events == 20 || events == 21, events.ToString());
        if (trigger == Gpio.Both)
        {
            Assert.IsTrue(board.Interrupts - before <= events + 1, (board.Interrupts - before).ToString());
        }
    }

    [TestMethod]
    public void Level_StuckActive_IsOneEventPerIntervalAndTheLoopSleepsBetween()
    {
        TestBoard board = Armed(Gpio.LevelHigh, 0, Interval, level: true);
        board.Driver.Unmask(Line);
        Assert.AreEqual(Event, board.Driver.TakeEvent(), "the first does not wait");
        for (int i = 0; i < 10; i++)
        {
            board.Driver.Unmask(Line);
            Assert.AreEqual(-1, board.Driver.TakeEvent());
            Pass(board, 0);
            Assert.AreEqual(Interval, board.LastTimeout);
            Pass(board, Interval - 1);
            Assert.AreEqual(-1, board.Driver.TakeEvent());
            Pass(board, 1);
            Assert.AreEqual(Event, board.Driver.TakeEvent());
        }

        AssertRests(board);
    }

    [TestMethod]
    public void Edge_AfterTheInterval_DoesNotWait()
    {
        TestBoard board = Armed(Gpio.Both, 0, Interval);
        for (int i = 0; i < 5; i++)
        {
            board.Driver.Unmask(Line);
            board.Drive(Line, !board.LevelAt(Line));
            board.Turn();
            Assert.AreEqual(Event, board.Driver.TakeEvent());
            AssertRests(board);
            Pass(board, Interval);
        }
    }

    [TestMethod]
    public void Interval_DisabledAndEnabledBetween_StillCounts()
    {
        TestBoard board = Armed(Gpio.LevelHigh, 0, Interval, level: true);
        board.Driver.Unmask(Line);
        Assert.AreEqual(Event, board.Driver.TakeEvent());

        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.LevelHigh);
        board.Driver.Unmask(Line);

        Assert.AreEqual(-1, board.Driver.TakeEvent());
        Pass(board, Interval);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Interval_BegunUnderTheDriverBefore_DelaysNothing()
    {
        TestBoard board = Armed(Gpio.Both, 0, Interval);
        board.Driver.Unmask(Line);
        board.Drive(Line, false);
        board.Turn();
        Assert.AreEqual(Event, board.Driver.TakeEvent());

        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both);
        board.Driver.Unmask(Line);
        board.Drive(Line, true);
        board.Turn();

        Assert.AreEqual(Event, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Buffer_ThatWaitsForTheInterval_IsReturnedAtOnceByIrqTypeNone()
    {
        TestBoard board = Armed(Gpio.LevelHigh, 0, Interval, level: true);
        board.Driver.Unmask(Line);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
        board.Driver.Unmask(Line);

        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);

        Assert.AreEqual(Line << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        AssertRests(board);
    }

    private static TestBoard Armed(int trigger, int debounce, int interval, bool level = true, bool keepsState = false, int repeats = 0)
    {
        TestBoard board = new TestBoard(isLatched: true, configure: b =>
        {
            b.Lines[Line].DebounceMs = debounce;
            b.Lines[Line].LeastIntervalMs = interval;
            b.NotificationRepeats = repeats;
            b.StateAddress = keepsState ? TestBoard.SramAddress + TestBoard.StateOffset : 0;
        });
        board.Driver.ProbeAndTurn();
        board.Drive(Line, level);
        board.Driver.Request(Gpio.SetIrqType, Line, (uint)trigger);
        if (trigger < Gpio.LevelHigh)
        {
            Settle(board);
        }

        return board;
    }

    private static void TakeDown(TestBoard board, int way)
    {
        switch (way)
        {
            case 0:
                board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);
                break;
            case 1:
                board.Driver.Request(Gpio.SetDirection, Line, Gpio.None);
                break;
            case 2:
                board.Driver.DeviceStatus = 0;
                board.Turn();
                break;
            default:
                board.Driver.ProbeAndTurn();
                break;
        }

        board.Turn();
    }

    // Lets a time go by in which the line does not change.
    private static void Settle(TestBoard board)
    {
        Pass(board, Debounce);
        Pass(board, Debounce);
    }

    private static void Change(TestBoard board, bool level)
    {
        board.Drive(Line, level);
        board.Turn();
        Pass(board, Debounce);
        Pass(board, Debounce);
    }

    private static void Pass(TestBoard board, int ms)
    {
        board.Time += ms;
        board.Turn();
    }

    private static void AssertRests(TestBoard board)
    {
        for (int turn = 0; turn < 8 && board.LastTimeout != FullTick; turn++)
        {
            Pass(board, board.LastTimeout);
        }

        board.Turn();
        Assert.AreEqual(FullTick, board.LastTimeout);
    }
}
