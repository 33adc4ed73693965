// Debounced lines, lines with a least interval, and levels, while Linux sleeps.

using nanoFramework.TestFramework;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class SleepTimerTests
{
    private const int Line = 4;
    private const int Debounce = 20;
    private const int Interval = 50;
    private const int Event = Line << 8 | Gpio.Valid;

    [TestMethod]
    [DataRow(Gpio.Falling, 5, 1)]
    [DataRow(Gpio.Falling, 6, 1)]
    [DataRow(Gpio.Both, 5, 1)]
    [DataRow(Gpio.Both, 6, 2)]
    public void DebouncedLine_BouncesDuringTheSleep_WakesOnceAndReportsItsLastLevel(int trigger, int changes, int events)
    {
        TestBoard board = Live(trigger, Debounce);
        SleepingLinux.FallAsleep(board);
        int before = board.Interrupts;
        Toggle(board, changes);
        Assert.AreEqual(1, board.Notifications(SleepingLinux.Wake));
        Assert.AreEqual(1, board.Interrupts - before);

        Resume(board);
        int delivered = TakeAll(board);

        Assert.AreEqual(events, delivered);
        Assert.AreEqual(1, board.Notifications(SleepingLinux.Wake));
        Change(board, true);
        TakeAll(board);
        Change(board, false);
        Assert.AreEqual(1, TakeAll(board), "the next press");
        AssertRests(board);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void DebouncedLine_ReleasedDuringTheSleepAndPressedBehindIt_IsReported(bool isAtOnce)
    {
        TestBoard board = Live(Gpio.Falling, Debounce);
        Change(board, false);
        Assert.AreEqual(1, TakeAll(board));
        SleepingLinux.FallAsleep(board);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(0, board.Notifications(SleepingLinux.Wake));

        Resume(board);
        Pass(board, isAtOnce ? 1 : 2 * Debounce);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        Change(board, false);

        Assert.AreEqual(1, TakeAll(board));
        AssertRests(board);
    }

    [TestMethod]
    [DataRow(Gpio.Falling)]
    [DataRow(Gpio.Both)]
    [DataRow(Gpio.LevelLow)]
    public void DebouncedLine_BouncedWhenLinuxFellAsleep_WakesWhenItIsPressed(int trigger)
    {
        TestBoard board = Live(trigger, Debounce);
        board.Drive(Line, false);
        board.Turn();
        board.Drive(Line, true);
        board.Turn();
        SleepingLinux.FallAsleep(board);
        Assert.AreEqual(0, board.Notifications(SleepingLinux.Wake));

        board.Drive(Line, false);
        SleepingLinux.Call(board);

        Assert.AreEqual(1, board.Notifications(SleepingLinux.Wake));
        Resume(board);
        Pass(board, Debounce);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(Gpio.Falling, 1)]
    [DataRow(Gpio.Falling, 3)]
    [DataRow(Gpio.Both, 1)]
    [DataRow(Gpio.Both, 3)]
    [DataRow(Gpio.LevelLow, 1)]
    [DataRow(Gpio.LevelLow, 3)]
    public void DebouncedLine_PressedBeforeLinuxFellAsleep_WakesIt(int trigger, int changes)
    {
        TestBoard board = Live(trigger, Debounce);
        Toggle(board, changes);
        SleepingLinux.FallAsleep(board);

        Assert.AreEqual(1, board.Notifications(SleepingLinux.Wake));
        Resume(board);
        Pass(board, Debounce);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
        if (trigger == Gpio.LevelLow)
        {
            return;
        }

        board.Driver.Unmask(Line);
        Assert.AreEqual(0, TakeAll(board), "reported once");
        AssertRests(board);
    }

    [TestMethod]
    public void LeastInterval_OverASleep_CountsFromTheLastInterrupt()
    {
        TestBoard board = Live(Gpio.Both, 0, Interval);
        board.Drive(Line, false);
        board.Turn();
        Assert.AreEqual(Event, board.Driver.TakeEvent());
        board.Driver.Unmask(Line);
        SleepingLinux.FallAsleep(board);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(1, board.Notifications(SleepingLinux.Wake));
        Pass(board, 10);

        Resume(board);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        Assert.AreEqual(Interval - 10, board.LastTimeout);
        Pass(board, Interval - 10);

        Assert.AreEqual(Event, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void LeastInterval_OverDuringTheSleep_DelaysNothing()
    {
        TestBoard board = Live(Gpio.Both, 0, Interval);
        board.Drive(Line, false);
        board.Turn();
        Assert.AreEqual(Event, board.Driver.TakeEvent());
        board.Driver.Unmask(Line);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        SleepingLinux.FallAsleep(board);
        Assert.AreEqual(1, board.Notifications(SleepingLinux.Wake));
        Pass(board, Interval);
        Assert.AreEqual(SleepingLinux.Tick, board.LastTimeout, "no time runs");

        Resume(board);

        Assert.AreEqual(Event, board.Driver.TakeEvent());
        AssertRests(board);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(Debounce)]
    public void Level_OverBeforeItIsSensed_DoesNotWakeAndTheNextDoes(int debounce)
    {
        TestBoard board = Live(Gpio.LevelLow, debounce);
        SleepingLinux.FallAsleep(board);
        for (int pulse = 0; pulse < 3; pulse++)
        {
            board.Drive(Line, false);
            board.Drive(Line, true);
            SleepingLinux.Call(board);
            Assert.AreEqual(0, board.Notifications(SleepingLinux.Wake));
        }

        int before = board.Interrupts;
        board.Drive(Line, false);
        Assert.AreEqual(1, board.Interrupts - before, "the pin is watched");
        SleepingLinux.Call(board);

        Assert.AreEqual(1, board.Notifications(SleepingLinux.Wake));
        Resume(board);
        Pass(board, debounce);
        Assert.AreEqual(Event, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(Gpio.Both, 0)]
    [DataRow(Gpio.Falling, 0)]
    [DataRow(Gpio.LevelLow, 0)]
    [DataRow(Gpio.Both, Debounce)]
    [DataRow(Gpio.Falling, Debounce)]
    [DataRow(Gpio.LevelLow, Debounce)]
    public void Storm_OnAWakingLine_CostsAtMostTwoInterrupts(int trigger, int debounce)
    {
        TestBoard board = Live(trigger, debounce);
        SleepingLinux.FallAsleep(board);
        int before = board.Interrupts;

        // Fewer turns than would count as a tick.
        for (int round = 0; round < 60; round++)
        {
            board.Drive(Line, round % 2 != 0);
            board.Drive(Line, round % 2 == 0);
            board.Drive(Line, round % 2 != 0);
            SleepingLinux.Call(board);
        }

        Assert.AreEqual(1, board.Notifications(SleepingLinux.Wake));
        Assert.IsTrue(board.Interrupts - before <= 2, (board.Interrupts - before).ToString());
        Resume(board);
        Pass(board, 2 * Debounce);
        Pass(board, 2 * Debounce);
        Assert.AreEqual(trigger == Gpio.LevelLow ? -1 : Event, board.Driver.TakeEvent());
        AssertRests(board);
    }

    private static TestBoard Live(int trigger, int debounce, int interval = 0)
    {
        TestBoard board = new(isLatched: true, configure: b =>
        {
            SleepingLinux.Describe(b);
            b.Lines[Line].Wakes = true;
            b.Lines[Line].DebounceMs = debounce;
            b.Lines[Line].LeastIntervalMs = interval;
        });
        board.Driver.ProbeAndTurn();
        board.Drive(Line, true);
        board.Driver.Request(Gpio.SetIrqType, Line, (uint)trigger);
        board.Driver.Unmask(Line);
        Pass(board, Debounce);
        Pass(board, Debounce);
        return board;
    }

    private static void Resume(TestBoard board)
    {
        SleepingLinux.Tell(board, SleepingLinux.Runs);
        board.Turn();
        SleepingLinux.Unwatch(board);
    }

    // The first change is to low.
    private static void Toggle(TestBoard board, int changes)
    {
        for (int change = 1; change <= changes; change++)
        {
            board.Drive(Line, change % 2 == 0);
            SleepingLinux.Call(board);
        }
    }

    private static void Change(TestBoard board, bool level)
    {
        board.Drive(Line, level);
        board.Turn();
        Pass(board, Debounce);
        Pass(board, Debounce);
    }

    // As Linux does, which queues the buffer again behind each event.
    private static int TakeAll(TestBoard board)
    {
        int events = 0;
        for (int n = 0; n < 10; n++)
        {
            if (board.Driver.TakeEvent() == Event)
            {
                events++;
                board.Driver.Unmask(Line);
            }

            Pass(board, Debounce);
        }

        return events;
    }

    private static void Pass(TestBoard board, int ms)
    {
        board.Time += ms;
        board.Turn();
    }

    private static void AssertRests(TestBoard board)
    {
        for (int turn = 0; turn < 8; turn++)
        {
            Pass(board, Debounce);
        }

        Assert.AreEqual(SleepingLinux.Tick, board.LastTimeout);
    }
}
