// Stop at memory access 1, 2, 3 ... n: the driver goes away, or the firmware dies, in the middle of everything the firmware does.

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Hostile;

[TestClass]
public class StopTests
{
    private const int Line = 2;
    private const int Control = 2;

    /// <summary>What the firmware is doing when it is stopped.</summary>
    public enum Scene
    {
        Probe,
        Get,
        Set,
        Arm,
        Unmask,
        Fire,
        Disarm,
        Release,
        Reprobe,
    }

    /// <summary>What happens at the chosen access.</summary>
    public enum Stop
    {
        /// <summary>The driver resets the device.</summary>
        Reset,

        /// <summary>The driver resets the device and clears the rings.</summary>
        ResetAndClear,

        /// <summary>A new driver probes at once: the firmware sees status and rings change between two accesses.</summary>
        Reprobe,

        /// <summary>The firmware dies and is started again; the driver waits on.</summary>
        Crash,
    }

    [TestMethod]
    [DataRow(Stop.Reset)]
    [DataRow(Stop.ResetAndClear)]
    [DataRow(Stop.Reprobe)]
    [DataRow(Stop.Crash)]
    public void EveryScene_StoppedAtEveryAccess_WorksAfterANewProbe(Stop stop)
    {
        int stops = 0;
        int answeredLate = 0;
        foreach (Scene scene in Enum.GetValues<Scene>())
        {
            int before = stops;
            for (int access = 1; ; access++)
            {
                Stage stage = new(scene);
                bool wasReached = stage.Play(stop, access);
                answeredLate += stage.IsAnsweredLate ? 1 : 0;
                if (!wasReached)
                {
                    break;
                }

                stops++;
            }

            Assert.IsGreaterThan(before, stops, $"{scene}: the firmware was never stopped");
        }

        Numbers.Say($"{stop} at every access of {Enum.GetValues<Scene>().Length} scenes: {stops} faults injected, {answeredLate} requests answered by the firmware that came after, 0 lost");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void EveryScene_APinOperationFails_IsAnsweredAndWorksAfterwards(bool throws)
    {
        int failures = 0;
        foreach (Scene scene in Enum.GetValues<Scene>())
        {
            for (int operation = 1; ; operation++)
            {
                FailingOnce pins = new(throws);
                Stage stage = new(scene, inner => pins.Over(inner));
                pins.FailAt(operation);
                stage.PlayUndisturbed();
                if (!pins.HasFailed)
                {
                    break;
                }

                pins.FailAt(0);
                failures++;
                stage.ProbeAndCheck();
            }
        }

        Assert.IsGreaterThan(5, failures);
        Numbers.Say($"a pin operation that {(throws ? "throws" : "is refused")} at every operation of every scene: {failures} faults injected, 0 requests lost");
    }

    private sealed class Stage
    {
        private readonly TestBoard board;
        private readonly Scene scene;
        private int head = -1;

        internal Stage(Scene scene, PortOver? wrap = null)
        {
            this.scene = scene;
            board = new TestBoard(wrap: wrap, configure: b => b.RestartNotifyId = Control);
            if (scene == Scene.Probe)
            {
                return;
            }

            board.Driver.ProbeAndTurn();
            board.Drive(Line, false);
            board.Driver.Request(Gpio.SetDirection, Line, scene is Scene.Set ? (uint)Gpio.Out : Gpio.In);
            if (scene is Scene.Unmask or Scene.Fire or Scene.Disarm or Scene.Release)
            {
                board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
            }

            if (scene is Scene.Fire or Scene.Disarm or Scene.Release)
            {
                board.Driver.Unmask(Line);
            }
        }

        internal bool IsAnsweredLate { get; private set; }

        /// <summary>Plays the scene, stops it at an access, and probes anew.</summary>
        /// <returns>Whether the scene has so many accesses.</returns>
        internal bool Play(Stop stop, int access)
        {
            int seen = 0;
            board.OnAccess = (_, _, _) =>
            {
                seen++;
                if (seen == access && stop != Stop.Crash)
                {
                    Disturb(stop);
                }

                // A dead firmware makes no further access.
                if (seen >= access && stop == Stop.Crash)
                {
                    throw new InvalidOperationException("the firmware is dead");
                }
            };
            Prompt();
            board.Turn();
            board.OnAccess = null;
            if (stop == Stop.Crash)
            {
                board.StartFirmware();
                CheckAnswered();
            }
            else
            {
                Assert.AreEqual(-1, Traced.Ago(board.Firmware, Fault.Unexpected), $"{scene}, {stop} at access {access}: an exception reached the loop");
            }

            ProbeAndCheck();
            return seen >= access;
        }

        internal void PlayUndisturbed()
        {
            Prompt();
            board.Turn();
            CheckAnswered();
        }

        internal void ProbeAndCheck()
        {
            board.OnAccess = null;
            board.Driver.DeviceStatus = 0;
            board.Turn();
            board.Driver.ProbeAndTurn();
            board.Drive(Line, false);
            for (int line = 0; line < 8; line++)
            {
                Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, line), $"{scene}, line {line}");
            }

            Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both));
            board.Driver.Unmask(Line);
            board.Drive(Line, true);
            board.Turn();
            Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent(), $"{scene}: an event was lost");
        }

        // A request that was there before the crash is answered by whoever comes after; the used ring may already hold the answer.
        private void CheckAnswered()
        {
            if (head < 0)
            {
                return;
            }

            bool wasAnswered = board.Driver.Requests.UsedIndex == board.Driver.Requests.AvailableIndex;
            board.Driver.Answer(head);
            Assert.IsGreaterThanOrEqualTo(0, board.Driver.Length, $"{scene}: the request was lost");
            IsAnsweredLate = !wasAnswered;
        }

        private void Prompt()
        {
            switch (scene)
            {
                case Scene.Probe:
                    board.Driver.Probe();
                    break;
                case Scene.Reprobe:
                    board.Driver.Probe();
                    head = board.Driver.Send(Gpio.GetDirection, Line, 0, 8, 2);
                    break;
                case Scene.Get:
                    head = board.Driver.Send(Gpio.GetValue, Line, 0, 8, 2);
                    break;
                case Scene.Set:
                    head = board.Driver.Send(Gpio.SetValue, Line, 1, 8, 2);
                    break;
                case Scene.Arm:
                    head = board.Driver.Send(Gpio.SetIrqType, Line, Gpio.Both, 8, 2);
                    break;
                case Scene.Unmask:
                    board.Driver.OfferEvent(Line, Line, 2, 1);
                    break;
                case Scene.Fire:
                    board.Drive(Line, true);
                    break;
                case Scene.Disarm:
                    head = board.Driver.Send(Gpio.SetIrqType, Line, Gpio.None, 8, 2);
                    break;
                case Scene.Release:
                    head = board.Driver.Send(Gpio.SetDirection, Line, Gpio.None, 8, 2);
                    break;
            }
        }

        private void Disturb(Stop stop)
        {
            board.Driver.DeviceStatus = 0;
            if (stop != Stop.Reset)
            {
                board.Driver.Requests.Clear();
                board.Driver.Events.Clear();
            }

            if (stop == Stop.Reprobe)
            {
                board.Driver.Probe();
            }
        }
    }

    /// <summary>Pins of which one operation, counted from when it is told, fails.</summary>
    private sealed class FailingOnce(bool throws) : IPins
    {
        private IPins inner = null!;
        private int left;

        internal bool HasFailed { get; private set; }

        internal IPins Over(IPins pins)
        {
            inner = pins;
            return this;
        }

        internal void FailAt(int operation)
        {
            left = operation;
            HasFailed = false;
        }

        public bool MakeInput(int line) => !Fails() && inner.MakeInput(line);

        public bool Drive(int line, int value) => !Fails() && inner.Drive(line, value);

        public bool Release(int line) => !Fails() && inner.Release(line);

        public int Sense(int line) => Fails() ? -1 : inner.Sense(line);

        public bool Watch(int line, bool on) => !Fails() && inner.Watch(line, on);

        // Edges that are taken late are not lost: the port keeps them.
        public int TakeEdges() => Fails() ? -1 : inner.TakeEdges();

        private bool Fails()
        {
            if (left == 0 || --left != 0)
            {
                return false;
            }

            HasFailed = true;
            return throws ? throw new InvalidOperationException("pin") : true;
        }
    }
}
