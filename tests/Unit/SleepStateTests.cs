// A Linux that sleeps or is down, with a trace, with policies, with a state that is kept.

using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class SleepStateTests
{
    private const int Line = 2;
    private const int Waking = 4;
    private const int TraceRequest = 6;
    private const uint TraceSize = 1024;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Counters_AskedForDuringTheSleep_StandInTheTextAfterIt(bool isWaking)
    {
        TestBoard board = Live();
        Rest(board);
        SleepingLinux.FallAsleep(board);
        board.Drive(Waking, isWaking);
        SleepingLinux.Call(board);
        board.RingCore(TraceRequest);
        for (int turn = 0; turn < 200; turn++)
        {
            board.Turn();
            Assert.AreEqual(isWaking ? SleepingLinux.Tick : SleepingLinux.SleepTick, board.LastTimeout, "turn " + turn.ToString());
        }

        Assert.AreEqual(-1, Text(board).IndexOf("delivered"));
        Resume(board);

        Assert.IsTrue(Text(board).IndexOf("delivered") > 0, Text(board));
        Assert.AreEqual(SleepingLinux.Tick, board.LastTimeout);
    }

    [TestMethod]
    public void Fault_DuringTheSleep_StandsInTheTextAfterIt()
    {
        TestBoard board = Live();
        Rest(board);
        SleepingLinux.FallAsleep(board);
        string before = Text(board);
        for (int turn = 0; turn < 200; turn++)
        {
            board.Turn();
        }

        board.Firmware.Trace.Record(VirtioGpio.Firmware.Trace.Fault.PinFailed, Waking);
        board.Turn();
        board.Turn();
        Assert.AreEqual(before, Text(board));
        Resume(board);

        Assert.IsTrue(Text(board).IndexOf("pin failed (line " + Waking.ToString() + ")") > 0, Text(board));
    }

    [TestMethod]
    [DataRow(SleepingLinux.Sleeps)]
    [DataRow(SleepingLinux.Down)]
    public void Text_RestartWhileLinuxDoesNotRun_BeginsWhenItRuns(int state)
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.GetValue, 25);
        Rest(board);
        SleepingLinux.Tell(board, state);
        board.Turn();
        SleepingLinux.Watch(board);
        board.StartFirmware();
        board.RingCore(TraceRequest);
        board.Turn();
        board.Turn();

        Resume(board);

        Assert.AreEqual(0, Text(board).IndexOf("start: build "), Text(board));
        Assert.IsTrue(Text(board).IndexOf("\nbefore the restart: fault 11: line out of range (25)\n") > 0, Text(board));
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));
    }

    // The memory of the text fails at first, in its heading or behind it: it is begun as if it had not been.
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    public void Text_MemoryFailsWhenLinuxRuns_BeginsAtItsStart(int failing)
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.GetValue, 25);
        Rest(board);
        SleepingLinux.Tell(board, SleepingLinux.Sleeps);
        board.Turn();
        board.StartFirmware();
        SleepingLinux.Tell(board, SleepingLinux.Runs);
        int accesses = 0;
        board.OnAccess = (address, count, isWrite) =>
        {
            if (address - (TestBoard.SramAddress + TestBoard.TraceOffset) < TraceSize && ++accesses == failing)
            {
                throw new System.InvalidOperationException("no memory");
            }
        };
        board.Turn();
        Assert.AreEqual(failing, accesses);
        board.OnAccess = null;
        Rest(board);

        Assert.AreEqual(0, Text(board).IndexOf("start: build "), Text(board));
        Assert.IsTrue(Text(board).IndexOf("start: build ", 1) < 0, Text(board));
        Assert.IsTrue(Text(board).IndexOf("\nbefore the restart: fault 11: line out of range (25)\n") > 0, Text(board));
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));
    }

    [TestMethod]
    [DataRow((int)LineRest.Input, (int)PadMode.Input, false)]
    [DataRow((int)LineRest.Hold, (int)PadMode.Output, true)]
    [DataRow((int)LineRest.Safe, (int)PadMode.Output, false)]
    public void Linux_IsDown_LeavesThePinsAsTheirRowsSayOfItsReset(int rest, int mode, bool level)
    {
        TestBoard board = Live(configure: b =>
        {
            b.Lines[Line].SafeValue = 0;
            b.Lines[Line].OnLinuxReset = (LineRest)rest;
            b.Lines[Line].OnDriverGone = rest == (int)LineRest.Hold ? LineRest.Safe : LineRest.Hold;
        });
        BecomeHigh(board);

        SleepingLinux.Tell(board, SleepingLinux.Down);
        board.Turn();

        Assert.AreEqual(mode, (int)board.ModeOf(Line));
        Assert.AreEqual(level, board.LevelAt(Line));
    }

    [TestMethod]
    public void Output_RestartDuringTheSleepWithItsStateKept_IsDrivenAndLinuxIsToldNothing()
    {
        TestBoard board = Live();
        BecomeHigh(board);
        SleepingLinux.FallAsleep(board);

        board.StartFirmware();
        board.Turn();

        Assert.IsTrue(board.LevelAt(Line), "driven before Linux runs");
        Resume(board);
        Assert.AreEqual(Gpio.Out, board.Driver.Request(Gpio.GetDirection, Line));
        Assert.AreEqual(1, board.Driver.Request(Gpio.GetValue, Line));
        Assert.AreEqual(0, board.Notifications(SleepingLinux.Control));
    }

    [TestMethod]
    [DataRow((int)LineRest.Hold, true)]
    [DataRow((int)LineRest.Safe, false)]
    public void PinAtRest_RestartDuringTheSleepWithItsStateKept_DrivesOn(int rest, bool level)
    {
        TestBoard board = Live(configure: b =>
        {
            b.Lines[Line].SafeValue = 0;
            b.Lines[Line].OnRelease = (LineRest)rest;
        });
        BecomeHigh(board);
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));
        SleepingLinux.FallAsleep(board);

        board.StartFirmware();
        board.Turn();
        Assert.AreEqual(PadMode.Output, board.ModeOf(Line));
        Assert.AreEqual(level, board.LevelAt(Line));

        Resume(board);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
        Assert.AreEqual(PadMode.Output, board.ModeOf(Line));
        Assert.AreEqual(level, board.LevelAt(Line));
    }

    [TestMethod]
    public void Linux_DownBehindARestartDuringTheSleep_LeavesThePinsAsTheirRowsSay()
    {
        TestBoard board = Live(configure: b =>
        {
            b.Lines[Line].SafeValue = 0;
            b.Lines[Line].OnLinuxReset = LineRest.Safe;
        });
        BecomeHigh(board);
        SleepingLinux.FallAsleep(board);
        board.StartFirmware();
        Assert.IsTrue(board.LevelAt(Line));

        SleepingLinux.Tell(board, SleepingLinux.Down);
        board.Turn();

        Assert.AreEqual(PadMode.Output, board.ModeOf(Line));
        Assert.IsFalse(board.LevelAt(Line));
    }

    private static TestBoard Live(Configuration? configure = null)
    {
        TestBoard board = new(isLatched: true, configure: b =>
        {
            SleepingLinux.Describe(b);
            b.Lines[Waking].Wakes = true;
            b.StateAddress = TestBoard.SramAddress + TestBoard.StateOffset;
            b.TraceAddress = TestBoard.SramAddress + TestBoard.TraceOffset;
            b.TraceSize = TraceSize;
            b.TraceRequestId = TraceRequest;
            configure?.Invoke(b);
        });
        board.Driver.ProbeAndTurn();
        board.Drive(Waking, false);
        board.Driver.Request(Gpio.SetIrqType, Waking, Gpio.Rising);
        board.Driver.Unmask(Waking);
        return board;
    }

    private static void BecomeHigh(TestBoard board)
    {
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, Line, 1));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out));
        Assert.IsTrue(board.LevelAt(Line));
    }

    private static void Resume(TestBoard board)
    {
        SleepingLinux.Tell(board, SleepingLinux.Runs);
        Rest(board);
        SleepingLinux.Unwatch(board);
    }

    private static void Rest(TestBoard board)
    {
        for (int turn = 0; turn < 40; turn++)
        {
            board.Turn();
        }
    }

    // What Linux would show.
    private static string Text(TestBoard board)
    {
        string text = "";
        for (int at = TestBoard.TraceOffset; board.Sram[at] != 0; at++)
        {
            text += (char)board.Sram[at];
        }

        return text;
    }
}
