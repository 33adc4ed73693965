// Linux sleeps, wakes and goes down, on a board one of whose lines is debounced and has a least interval: the firmware dies, the driver goes, or Linux
// changes its mind at memory access and native call 1, 2, 3 ... n. Afterwards the device serves and rests.

using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Firmware;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Hostile;

[TestClass]
public class SleepStopTests
{
    /// <summary>What the firmware is doing when it is stopped.</summary>
    public enum Scene
    {
        /// <summary>Linux goes to sleep behind a request and an edge.</summary>
        FallAsleep,

        /// <summary>A line wakes Linux.</summary>
        Wake,

        /// <summary>Linux runs again: a request and an edge wait.</summary>
        Resume,

        /// <summary>The firmware is started while Linux sleeps.</summary>
        Restart,

        /// <summary>A firmware that was started while Linux sleeps finds that it runs.</summary>
        ResumeBehindARestart,

        /// <summary>Linux is down.</summary>
        GoDown,

        /// <summary>An edge of the debounced line.</summary>
        Bounce,

        /// <summary>Its level has been stable.</summary>
        Settle,

        /// <summary>The least interval of the other line is over.</summary>
        IntervalOver,
    }

    /// <summary>What happens at the chosen access.</summary>
    public enum Stop
    {
        /// <summary>The firmware dies and is started again.</summary>
        Crash,

        /// <summary>Linux goes to sleep.</summary>
        Sleep,

        /// <summary>Linux runs.</summary>
        Run,

        /// <summary>Linux is down; it comes back with a new driver.</summary>
        Down,
    }

    [TestMethod]
    [DataRow(Stop.Crash, false)]
    [DataRow(Stop.Crash, true)]
    [DataRow(Stop.Sleep, false)]
    [DataRow(Stop.Sleep, true)]
    [DataRow(Stop.Run, false)]
    [DataRow(Stop.Run, true)]
    [DataRow(Stop.Down, false)]
    [DataRow(Stop.Down, true)]
    public void EveryScene_StoppedAnywhere_ServesAndRestsAfterwards(Stop stop, bool isKept)
    {
        int stops = 0;
        foreach (Scene scene in Enum.GetValues<Scene>())
        {
            int before = stops;
            foreach (bool atNatives in new[] { false, true })
            {
                for (int at = 1; new Stage(scene, isKept).Play(stop, at, atNatives); at++)
                {
                    stops++;
                }
            }

            Assert.IsGreaterThan(before, stops, $"{scene}: the firmware was never stopped");
        }

        Numbers.Say($"{stop}{(isKept ? " with the state kept" : "")} at every access and native call of {Enum.GetValues<Scene>().Length} scenes with a Linux that sleeps and lines with times: {stops} faults injected, 0 requests lost, at rest after each");
        Assert.IsGreaterThan(50, stops);
    }

    private sealed class Stage
    {
        private const int Plain = 1;
        private const int Debounced = 3;
        private const int Spaced = 5;
        private const int Debounce = 20;
        private const int Interval = 50;
        private const int MostTurns = 40;

        private readonly TestBoard board;
        private readonly Scene scene;
        private readonly List<int> heads = [];
        private string what = "";
        private bool isNewDriver;
        private bool mayLose;

        internal Stage(Scene scene, bool isKept)
        {
            this.scene = scene;
            board = new TestBoard(isLatched: true, configure: b =>
            {
                SleepingLinux.Describe(b);
                b.NotificationRepeats = 2;
                b.StateAddress = isKept ? TestBoard.SramAddress + TestBoard.StateOffset : 0;
                b.TraceAddress = TestBoard.SramAddress + TestBoard.TraceOffset;
                b.TraceSize = 1024;
                b.Lines[Debounced].DebounceMs = Debounce;
                b.Lines[Debounced].Wakes = true;
                b.Lines[Spaced].LeastIntervalMs = Interval;
                b.Lines[Plain].OnLinuxReset = VirtioGpio.Hal.LineRest.Hold;
            });
            board.Driver.ProbeAndTurn();
            Arm();
            Rest();
            Prepare();
        }

        /// <summary>Plays the scene, stops it at an access or a native call, and goes on as Linux would.</summary>
        /// <returns>Whether the scene has so many.</returns>
        internal bool Play(Stop stop, int at, bool atNatives)
        {
            what = $"{scene}, {stop} at {(atNatives ? "native call" : "access")} {at}";
            int seen = 0;
            void Count()
            {
                seen++;
                if (seen == at && stop != Stop.Crash)
                {
                    Tell(stop == Stop.Sleep ? SleepingLinux.Sleeps : stop == Stop.Run ? SleepingLinux.Runs : SleepingLinux.Down);
                }

                if (seen >= at && stop == Stop.Crash)
                {
                    throw new InvalidOperationException("the firmware is dead");
                }
            }

            SleepingLinux.Watch(board);
            board.OnAccess = (address, _, _) =>
            {
                SleepingLinux.See(board, address);
                if (!atNatives)
                {
                    Count();
                }
            };
            board.OnNative = atNatives ? Count : null;
            Prompt();
            board.OnNative = null;
            board.OnAccess = (address, _, _) => SleepingLinux.See(board, address);
            if (stop == Stop.Crash)
            {
                mayLose = scene == Scene.IntervalOver && board.Description.StateAddress == 0;
                board.StartFirmware();
            }

            GoOn();
            return seen >= at;
        }

        private void Tell(int state)
        {
            // The driver of a Linux that was down has gone; the firmware has not seen it go.
            isNewDriver |= state == SleepingLinux.Down;
            SleepingLinux.Tell(board, state);
        }

        private void Arm()
        {
            foreach (int line in new[] { Debounced, Spaced })
            {
                board.Drive(line, true);
                Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, line, Gpio.Falling), what);
                board.Driver.Unmask(line);
            }
        }

        private void Prepare()
        {
            switch (scene)
            {
                case Scene.Wake or Scene.Restart:
                    FallAsleep();
                    break;
                case Scene.Resume or Scene.ResumeBehindARestart:
                    FallAsleep();
                    Press(Debounced);
                    heads.Add(board.Driver.Send(Gpio.GetValue, Plain, 0, 8, 2));
                    if (scene == Scene.ResumeBehindARestart)
                    {
                        board.StartFirmware();
                    }

                    break;
                case Scene.Settle:
                    Press(Debounced);
                    break;
                case Scene.IntervalOver:
                    Press(Spaced);
                    Assert.AreEqual(Spaced << 8 | Gpio.Valid, board.Driver.TakeEvent());
                    board.Driver.Unmask(Spaced);
                    board.Drive(Spaced, true);
                    Press(Spaced);
                    Assert.AreEqual(-1, board.Driver.TakeEvent());
                    break;
            }
        }

        private void Prompt()
        {
            switch (scene)
            {
                case Scene.FallAsleep:
                    heads.Add(board.Driver.Send(Gpio.GetValue, Plain, 0, 8, 2));
                    board.Drive(Debounced, false);
                    Tell(SleepingLinux.Sleeps);
                    break;
                case Scene.Wake or Scene.Bounce:
                    board.Drive(Debounced, false);
                    break;
                case Scene.Resume or Scene.ResumeBehindARestart:
                    Tell(SleepingLinux.Runs);
                    break;
                case Scene.Restart:
                    StartAgain();
                    break;
                case Scene.GoDown:
                    Tell(SleepingLinux.Down);
                    break;
                case Scene.Settle or Scene.IntervalOver:
                    board.Time += Interval;
                    break;
            }

            board.Turn();
        }

        // A firmware that dies while it is started is started again.
        private void StartAgain()
        {
            try
            {
                board.StartFirmware();
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException)
            {
                // It died.
            }
        }

        private void GoOn()
        {
            Tell(SleepingLinux.Runs);
            if (isNewDriver)
            {
                board.Driver.DeviceStatus = 0;
                Rest();
                board.Driver.ProbeAndTurn();
                Arm();
            }
            else
            {
                Rest();
                foreach (int head in heads)
                {
                    board.Driver.Answer(head);
                    Assert.IsGreaterThanOrEqualTo(0, board.Driver.Length, $"{what}: the request was lost");
                }

                TakeDown();
                Arm();
            }

            SleepingLinux.Unwatch(board);
            Assert.IsTrue(isNewDriver || board.Driver.Requests.UsedIndex == board.Driver.Requests.AvailableIndex, what);
            Rest();
            CheckPress(Debounced);
            CheckPress(Spaced);
            Assert.AreEqual(-1, Traced.Ago(board.Firmware, Fault.Unexpected), $"{what}: an exception reached the loop");
        }

        private void TakeDown()
        {
            foreach (int line in new[] { Debounced, Spaced })
            {
                Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, line, Gpio.None), $"{what}: the line cannot be taken down");
            }

            while (board.Driver.TakeEvent() >= 0)
            {
            }

            // Of a buffer that was used before and offered again the rings do not tell enough, if the firmware dies between the used element and the index.
            Assert.IsTrue(mayLose || board.Driver.Events.AvailableIndex == board.Driver.Events.UsedIndex, $"{what}: a buffer was lost");
        }

        private void CheckPress(int line)
        {
            board.Drive(line, false);
            Rest();
            Assert.AreEqual(line << 8 | Gpio.Valid, board.Driver.TakeEvent(), $"{what}: an event was lost");
            Assert.AreEqual(-1, board.Driver.TakeEvent(), what);
        }

        private void FallAsleep()
        {
            SleepingLinux.Tell(board, SleepingLinux.Sleeps);
            board.Turn();
        }

        private void Press(int line)
        {
            board.Drive(line, false);
            board.Turn();
        }

        private void Rest()
        {
            for (int turn = 0; turn < MostTurns; turn++)
            {
                board.Time += Debounce;
                board.Turn();
            }

            Assert.AreEqual(SleepingLinux.Tick, board.LastTimeout, $"{what}: the device does not rest");
        }
    }
}
