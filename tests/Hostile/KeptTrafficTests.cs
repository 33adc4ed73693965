// Random traffic under a firmware that dies again and again, on a board that keeps the lines' state: no buffer is returned that is not
// outstanding, none is lost, and every reply is as if it had never died. Rings as small as the lines allow, for many rounds.

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Hostile;

[TestClass]
public class KeptTrafficTests
{
    private const int Control = 2;
    private const int DefaultSteps = 60_000;

    [TestMethod]
    [DataRow(2, 4, 0)]
    [DataRow(5, 16, 0)]
    [DataRow(3, 8, 65500)]
    public void RandomTraffic_TheFirmwareDiesNowAndThen_NothingIsLost(int lines, int ringSize, int firstIndex)
    {
        int seed = Settings.Seed;
        int steps = Settings.StepsOr(DefaultSteps);
        Traffic traffic = new(seed, lines, ringSize);
        traffic.Skip(firstIndex);
        for (int step = 0; step < steps; step++)
        {
            traffic.Step($"seed {seed}, step {step}");
        }

        Numbers.Say($"state kept, {lines} lines, {ringSize} descriptors, seed {seed}: {steps} steps, {traffic.Deaths} deaths, {traffic.Events} events, 0 buffers lost or returned twice, Linux never asked to recover");
        Assert.IsGreaterThan(steps / 100, traffic.Deaths);
    }

    // The buffer is returned exactly when the used index is again what it was when the buffer was parked.
    [TestMethod]
    public void Buffer_ReturnedWhenTheUsedIndexHasComeRound_IsKnownToBeReturned()
    {
        Traffic traffic = new(seed: 1, lines: 2, ringSize: 8);
        traffic.Skip(65535);

        traffic.FireLastAndDie();

        traffic.Step("the used index has come round");
    }

    private sealed class Traffic
    {
        private readonly Random random;
        private readonly TestBoard board;
        private readonly int lines;
        private readonly bool[] isOut;
        private readonly bool[] isHigh;
        private readonly bool[] isEnabled;
        private readonly bool[] isOffered;
        private int toDeath;

        internal Traffic(int seed, int lines, int ringSize)
        {
            random = new Random(seed);
            this.lines = lines;
            board = new TestBoard(
                lines,
                ringSize: ringSize,
                isLatched: true,
                configure: b =>
                {
                    b.RestartNotifyId = Control;
                    b.StateAddress = TestBoard.SramAddress + TestBoard.StateOffset;
                    b.TraceAddress = TestBoard.SramAddress + TestBoard.TraceOffset;
                    b.TraceSize = 1024;
                });
            board.Driver.WaitsForDoorbell = false;
            isOut = new bool[lines];
            isHigh = new bool[lines];
            isEnabled = new bool[lines];
            isOffered = new bool[lines];
            board.Driver.ProbeAndTurn();
        }

        internal int Deaths { get; private set; }

        internal int Events { get; private set; }

        // The last line is parked for so long that its used index comes round, while the first is busy.
        internal void Skip(int publications)
        {
            if (publications == 0)
            {
                return;
            }

            Enable(0, true);
            Enable(lines - 1, true);
            Offer(lines - 1);
            for (int i = 0; i < publications; i++)
            {
                Offer(0);
                board.Drive(0, !board.LevelAt(0));
                board.Turn();
                TakeEvents("the rounds before");
            }
        }

        internal void FireLastAndDie()
        {
            board.Drive(lines - 1, !board.LevelAt(lines - 1));
            board.Turn();
            TakeEvents("the last line");
            Assert.AreEqual(0, board.Driver.Events.UsedIndex);
            board.StartFirmware();
        }

        internal void Step(string where)
        {
            int line = random.Next(lines);
            if (random.Next(20) == 0)
            {
                toDeath = random.Next(1, 60);
            }

            switch (random.Next(7))
            {
                case 0:
                    Enable(line, true);
                    break;
                case 1 when random.Next(4) == 0:
                    Enable(line, false);
                    break;
                case 2:
                    SetOutput(line);
                    break;
                case 3 when isEnabled[line] && !isOffered[line]:
                    Offer(line);
                    Turn();
                    break;
                default:
                    board.Drive(line, random.Next(2) == 0);
                    Turn();
                    break;
            }

            TakeEvents(where);
            Assert.AreEqual(0, board.Notifications(Control), where);
            Assert.AreEqual(-1, Traced.Ago(board.Firmware, Fault.Unexpected), where);
            int direction = Ask(Gpio.GetDirection, line, 0);
            Assert.AreEqual(isOut[line], direction == Gpio.Out, where);
            Assert.IsTrue(!isOut[line] || (int)board.ModeOf(line) >= 3, where);
        }

        private void Enable(int line, bool on)
        {
            int outcome = Ask(Gpio.SetIrqType, line, on ? (uint)Gpio.Both : 0);
            if (on)
            {
                Assert.AreEqual(isOut[line], outcome == -1);
            }

            isEnabled[line] = on && !isOut[line];
            TakeEvents("disabled");
            Assert.IsTrue(on || !isOffered[line], "the buffer of a disabled line has come back");
        }

        private void SetOutput(int line)
        {
            if (isEnabled[line] || isOffered[line])
            {
                return;
            }

            isHigh[line] = random.Next(2) == 0;
            isOut[line] = random.Next(3) != 0;
            board.LetGo(line);
            Assert.AreEqual(0, Ask(Gpio.SetValue, line, isHigh[line] ? 1u : 0));
            Assert.AreEqual(0, Ask(Gpio.SetDirection, line, isOut[line] ? (uint)Gpio.Out : Gpio.None));
            Assert.IsTrue(!isOut[line] || board.LevelAt(line) == isHigh[line]);
        }

        private void Offer(int line)
        {
            isOffered[line] = true;
            board.Driver.OfferEvent(line, line, 2, 1);
        }

        private int Ask(int type, int line, uint value)
        {
            int head = board.Driver.Send(type, line, value, 8, 2);
            Turn();
            board.Driver.Answer(head);
            Assert.AreEqual(2, board.Driver.Length, "a request was lost");
            return board.Driver.Status == 0 ? board.Driver.Value : -1;
        }

        private void Turn()
        {
            if (toDeath == 0)
            {
                board.Turn();
                return;
            }

            board.OnNative = () =>
            {
                if (--toDeath <= 0)
                {
                    throw new InvalidOperationException("the firmware is dead");
                }
            };
            board.Turn();
            board.OnNative = null;
            if (toDeath <= 0)
            {
                toDeath = 0;
                Deaths++;
                board.HoldsPads = random.Next(2) == 0;
                board.StartFirmware();
            }
        }

        private void TakeEvents(string where)
        {
            for (int taken = board.Driver.TakeEvent(); taken != -1; taken = board.Driver.TakeEvent())
            {
                Assert.IsTrue(taken >= 0 && isOffered[taken >> 8], $"{where}: buffer {taken >> 8} came back, and was not outstanding");
                isOffered[taken >> 8] = false;
                Events++;
            }
        }
    }
}
