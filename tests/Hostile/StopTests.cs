// Stop at memory access and native call 1, 2, 3 ... n: the driver goes away, or the firmware dies, in the middle of everything that the
// firmware does. The driver waits for its doorbells, as Linux does.

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Firmware;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Hostile;

[TestClass]
public class StopTests
{
    private const int Line = 2;
    private const int Control = 2;
    private const int Indirect = 1 << 28;
    private const int IndirectTableAt = 0x20000;

    /// <summary>What the firmware is doing when it is stopped.</summary>
    public enum Scene
    {
        Probe,
        Get,
        Names,
        IndirectGet,
        ScatteredGet,
        Set,
        Arm,
        ArmLevel,
        Unmask,
        UnmaskActiveLevel,
        Fire,
        FireLevel,
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

        /// <summary>A bit that means nothing comes and goes in the status byte.</summary>
        StatusBit,

        /// <summary>The firmware dies and is started again; the driver waits on.</summary>
        Crash,
    }

    [TestMethod]
    [DataRow(Stop.Reset, false, false)]
    [DataRow(Stop.ResetAndClear, false, false)]
    [DataRow(Stop.Reprobe, false, false)]
    [DataRow(Stop.StatusBit, false, false)]
    [DataRow(Stop.Reset, true, false)]
    [DataRow(Stop.Reprobe, true, false)]
    [DataRow(Stop.Reset, false, true)]
    [DataRow(Stop.Reprobe, false, true)]
    [DataRow(Stop.StatusBit, false, true)]
    public void EveryScene_StoppedAtEveryAccess_WorksAfterANewProbe(Stop stop, bool isPool, bool isKept)
    {
        int stops = Enumerate(access => scene => new Stage(scene, hasDoorbell: true, isPool, isKept).Play(stop, access, atNatives: false, isReprobed: true));
        stops += Enumerate(call => scene => new Stage(scene, hasDoorbell: true, isPool, isKept).Play(stop, call, atNatives: true, isReprobed: true));
        Numbers.Say($"{stop}{(isPool ? " with rings in the window" : "")}{(isKept ? " with the state kept" : "")} at every access and native call of {Enum.GetValues<Scene>().Length} scenes: {stops} faults injected, 0 requests lost, at rest after each");
        Assert.IsGreaterThan(300, stops);
    }

    [TestMethod]
    [DataRow(true, true, false, false)]
    [DataRow(true, false, false, false)]
    [DataRow(false, true, false, false)]
    [DataRow(false, false, false, false)]
    [DataRow(true, true, true, false)]
    [DataRow(false, false, true, false)]
    [DataRow(true, true, false, true)]
    [DataRow(true, false, true, true)]
    public void EveryScene_TheFirmwareDiesAnywhere_LosesNothing(bool hasDoorbell, bool isReprobed, bool isPool, bool isKept)
    {
        int answeredLate = 0;
        bool PlayOne(Scene scene, int at, bool atNatives)
        {
            Stage stage = new(scene, hasDoorbell, isPool, isKept);
            bool wasReached = stage.Play(Stop.Crash, at, atNatives, isReprobed);
            answeredLate += stage.IsAnsweredLate ? 1 : 0;
            return wasReached;
        }

        int stops = Enumerate(access => scene => PlayOne(scene, access, atNatives: false));
        stops += Enumerate(call => scene => PlayOne(scene, call, atNatives: true));
        Numbers.Say($"the firmware dies at every access and native call, {(hasDoorbell ? "with" : "without")} a doorbell to tell of it, {(isReprobed ? "with" : "without")} a new probe{(isPool ? ", with rings in the window" : "")}{(isKept ? ", with the state kept" : "")}: {stops} deaths, {answeredLate} requests answered by the firmware that came after, 0 lost");
        Assert.IsGreaterThan(300, stops);
    }

    // Plays every scene with a stop at 1, 2, 3 ... until the scene is over.
    private static int Enumerate(Func<int, Func<Scene, bool>> play)
    {
        int stops = 0;
        foreach (Scene scene in Enum.GetValues<Scene>())
        {
            int before = stops;
            for (int at = 1; play(at)(scene); at++)
            {
                stops++;
            }

            Assert.IsGreaterThan(before, stops, $"{scene}: the firmware was never stopped");
        }

        return stops;
    }

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(true, true)]
    public void EveryScene_APinOperationFails_IsAnsweredAndWorksAfterwards(bool throws, bool isKept)
    {
        int failures = 0;
        foreach (Scene scene in Enum.GetValues<Scene>())
        {
            for (int operation = 1; ; operation++)
            {
                FailingOnce pins = new(throws);
                Stage stage = new(scene, hasDoorbell: true, isPool: false, isKept, inner => pins.Over(inner));
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
        Numbers.Say($"a pin operation that {(throws ? "throws" : "is refused")} at every operation of every scene{(isKept ? ", with the state kept" : "")}: {failures} faults injected, 0 requests lost");
    }

    private sealed class Stage
    {
        private const int MostTurns = 12;

        private readonly TestBoard board;
        private readonly Scene scene;
        private readonly bool hasDoorbell;
        private int head = -1;
        private bool isBound = true;

        internal Stage(Scene scene, bool hasDoorbell, bool isPool, bool isKept, PortOver? wrap = null)
        {
            this.scene = scene;
            this.hasDoorbell = hasDoorbell;
            void Configure(GpioBoard b)
            {
                b.RestartNotifyId = hasDoorbell ? Control : -1;
                b.OffersIndirect = true;
                b.NotificationRepeats = 2;
                b.StateAddress = isKept ? TestBoard.SramAddress + TestBoard.StateOffset : 0;
                b.TraceAddress = isKept && !isPool ? TestBoard.SramAddress + TestBoard.TraceOffset : 0;
                b.TraceSize = 1024;
            }

            board = isPool ? PoolBoard.Start(Configure, wrap) : new TestBoard(wrap: wrap, configure: Configure);
            if (scene == Scene.Probe)
            {
                return;
            }

            board.Driver.ProbeAndTurn(1 | Indirect);
            board.Drive(Line, false);
            board.Driver.Request(Gpio.SetDirection, Line, scene is Scene.Set ? (uint)Gpio.Out : Gpio.In);
            if (scene is Scene.Unmask or Scene.Fire or Scene.Disarm or Scene.Release)
            {
                board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
            }

            if (scene is Scene.UnmaskActiveLevel or Scene.FireLevel)
            {
                board.Driver.Request(Gpio.SetIrqType, Line, scene is Scene.FireLevel ? (uint)Gpio.LevelHigh : Gpio.LevelLow);
            }

            if (scene is Scene.Fire or Scene.FireLevel or Scene.Disarm or Scene.Release)
            {
                board.Driver.Unmask(Line);
            }

            Rest();
        }

        internal bool IsAnsweredLate { get; private set; }

        /// <summary>Plays the scene, stops it at an access or a native call, and goes on as the driver would.</summary>
        /// <returns>Whether the scene has so many.</returns>
        internal bool Play(Stop stop, int at, bool atNatives, bool isReprobed)
        {
            int seen = 0;
            void Count()
            {
                seen++;
                if (seen == at && stop != Stop.Crash)
                {
                    Disturb(stop);
                }

                // A dead firmware makes no further access and no further call.
                if (seen >= at && stop == Stop.Crash)
                {
                    throw new InvalidOperationException("the firmware is dead");
                }
            }

            Prompt();
            board.OnAccess = atNatives ? null : (_, _, _) => Count();
            board.OnNative = atNatives ? Count : null;
            board.Turn();
            board.OnAccess = null;
            board.OnNative = null;
            if (stop == Stop.Crash)
            {
                board.StartFirmware();
                CheckAnswered();
            }
            else
            {
                Assert.AreEqual(-1, Traced.Ago(board.Firmware, Fault.Unexpected), $"{scene}, {stop} at {at}: an exception reached the loop");
                if (stop == Stop.StatusBit)
                {
                    CheckAnswered();
                }
            }

            Rest();
            if (isReprobed || !isBound)
            {
                ProbeAndCheck();
            }
            else
            {
                TakeDownAndCheck();
            }

            return seen >= at;
        }

        internal void PlayUndisturbed()
        {
            Prompt();
            board.Turn();
            CheckAnswered();
        }

        internal void ProbeAndCheck()
        {
            board.Driver.DeviceStatus = 0;
            board.Turn();
            board.Driver.ProbeAndTurn(1 | Indirect);
            for (int line = 0; line < 8; line++)
            {
                Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, line), $"{scene}, line {line}");
            }

            ArmAndCheck();
        }

        // The driver goes on, with or without having learned of the restart: it takes its line down and uses it anew.
        private void TakeDownAndCheck()
        {
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None), $"{scene}: the line cannot be taken down");
            while (board.Driver.TakeEvent() >= 0)
            {
            }

            // A buffer that was offered has come back by now: as the event, or INVALID.
            Assert.AreEqual(board.Driver.Events.AvailableIndex, board.Driver.Events.UsedIndex, $"{scene}: a buffer was lost");
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None), $"{scene}: the line cannot be taken down");
            Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
            ArmAndCheck();
        }

        private void ArmAndCheck()
        {
            board.Drive(Line, false);
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both));
            board.Driver.Unmask(Line);
            board.Drive(Line, true);
            board.Turn();
            Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent(), $"{scene}: an event was lost");
            Rest();
        }

        // "After a turn in which neither side did anything, the next wait is a full tick."
        private void Rest()
        {
            for (int turn = 0; turn < MostTurns; turn++)
            {
                board.Turn();
            }

            Assert.AreEqual(1000, board.LastTimeout, $"{scene}: the device does not rest");
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
                    board.Driver.Probe(1 | Indirect);
                    break;
                case Scene.Reprobe:
                    board.Driver.Probe(1 | Indirect);
                    head = board.Driver.Send(Gpio.GetDirection, Line, 0, 8, 2);
                    break;
                case Scene.Get:
                    head = board.Driver.Send(Gpio.GetValue, Line, 0, 8, 2);
                    break;
                case Scene.Names:
                    head = board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 1 + 8 * 6);
                    break;
                case Scene.IndirectGet:
                    head = board.Driver.TakeDescriptors(2);
                    board.Driver.FillRequest(head, Gpio.GetValue, Line, 0);
                    DriverRing.DescribeAt(board.Dram, IndirectTableAt, board.Driver.SlotAddress(head), 8, DriverRing.Next, 1);
                    DriverRing.DescribeAt(board.Dram, IndirectTableAt + 16, board.Driver.SlotAddress(head + 1), 2, DriverRing.Write, 0);
                    board.Driver.Requests.Describe(head, board.CpuAddress(IndirectTableAt), 32, DriverRing.Indirect, 0);
                    board.Driver.Requests.Offer(head);
                    break;
                case Scene.ScatteredGet:
                    head = board.Driver.TakeDescriptors(3);
                    board.Driver.FillRequest(head, Gpio.GetValue, Line, 0);
                    board.Driver.Requests.Describe(head, board.Driver.SlotAddress(head), 8, DriverRing.Next, head + 1);
                    board.Driver.Requests.Describe(head + 1, board.Driver.SlotAddress(head + 1), 1, DriverRing.Write | DriverRing.Next, head + 2);
                    board.Driver.Requests.Describe(head + 2, board.Driver.SlotAddress(head + 1) + 1, 1, DriverRing.Write, 0);
                    board.Driver.Requests.Offer(head);
                    break;
                case Scene.Set:
                    head = board.Driver.Send(Gpio.SetValue, Line, 1, 8, 2);
                    break;
                case Scene.Arm:
                    head = board.Driver.Send(Gpio.SetIrqType, Line, Gpio.Both, 8, 2);
                    break;
                case Scene.ArmLevel:
                    head = board.Driver.Send(Gpio.SetIrqType, Line, Gpio.LevelHigh, 8, 2);
                    break;
                case Scene.Unmask:
                case Scene.UnmaskActiveLevel:
                    board.Driver.OfferEvent(Line, Line, 2, 1);
                    break;
                case Scene.Fire:
                case Scene.FireLevel:
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
            if (stop == Stop.StatusBit)
            {
                board.Driver.DeviceStatus |= board.Driver.DeviceStatus == 0 ? 0 : 8;
                return;
            }

            isBound = false;
            head = -1;
            board.Driver.DeviceStatus = 0;
            if (stop != Stop.Reset)
            {
                board.Driver.Requests.Clear();
                board.Driver.Events.Clear();
            }

            if (stop == Stop.Reprobe)
            {
                board.Driver.Probe(1 | Indirect);
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

        public bool Open(int line, int value) => inner.Open(line, value);

        public bool MakeInput(int line) => !Fails() && inner.MakeInput(line);

        public bool Drive(int line, int value) => !Fails() && inner.Drive(line, value);

        public bool Release(int line) => !Fails() && inner.Release(line);

        public int Sense(int line) => Fails() ? -1 : inner.Sense(line);

        public bool Watch(int line, int edges) => !Fails() && inner.Watch(line, edges);

        public bool Rearm(int line) => !Fails() && inner.Rearm(line);

        // Edges that are taken late are not lost: the port keeps them.
        public bool IsOpenDrain(int line) => false;

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
