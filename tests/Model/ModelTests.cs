// Random legal traffic, and requests that a device must refuse, against firmware and model at once: every reply, event and pin
// level must agree, and no access may be one that a device must not make. A failure prints its seed; VGPIO_SEED replays it,
// VGPIO_STEPS says how far.

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Firmware;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Model;

[TestClass]
public class ModelTests
{
    private const int Lines = 8;
    private const int Indirect = 1 << 28;
    private const int DefaultSteps = 520_000;

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(1 | Indirect, false)]
    [DataRow(1, true)]
    public void RandomTraffic_FirmwareAndModel_Agree(int features, bool isPool)
    {
        int seed = Settings.Seed;
        int steps = Settings.StepsOr(DefaultSteps);
        Traffic traffic = new(seed, features, isPool);
        for (int step = 0; step < steps; step++)
        {
            if (traffic.Step() is string difference)
            {
                Assert.Fail($"step {step}: {difference}\nreplay: VGPIO_SEED={seed} VGPIO_STEPS={step + 1} ./test Model");
            }
        }

        Numbers.Say($"model, features 0x{features:X8}, rings in the window {isPool}, seed {seed}: {steps} steps, {traffic.Requests} requests, {traffic.Events} events, {traffic.Reprobes} re-probes, 0 differences");
        Assert.IsTrue(steps < 100_000 || (traffic.Events > 1000 && traffic.Reprobes > 10), "the traffic did not reach what it is to reach");
    }

    private sealed class Traffic
    {
        private readonly Random random;
        private readonly TestBoard board;
        private readonly AccessRules rules;
        private readonly ModelDevice model = new(Lines);
        private readonly int features;
        private readonly bool[] isOffered = new bool[Lines];

        internal Traffic(int seed, int features, bool isPool)
        {
            random = new Random(seed);
            this.features = features;
            void Configure(GpioBoard b) => b.OffersIndirect = (features & Indirect) != 0;
            board = isPool ? PoolBoard.Start(Configure) : new TestBoard(Lines, configure: Configure);
            board.Driver.ProbeAndTurn(features);
            rules = new AccessRules(board);
            for (int line = 0; line < Lines; line++)
            {
                board.Drive(line, false);
            }
        }

        internal int Requests { get; private set; }

        internal int Events { get; private set; }

        internal int Reprobes { get; private set; }

        /// <summary>One step, and what differs after it; null if nothing does.</summary>
        internal string? Step()
        {
            string what = Act(random.Next(100));
            for (; ; )
            {
                int expected = model.TakeEvent();
                int came = board.Driver.TakeEvent();
                if (expected != came)
                {
                    return $"{what}: event {came}, the model's {expected}";
                }

                if (came < 0)
                {
                    break;
                }

                Events++;
                isOffered[came >> 8] = false;
            }

            for (int line = 0; line < Lines; line++)
            {
                if (board.LevelAt(line) != model.LevelAt(line))
                {
                    return $"{what}: line {line} is {(board.LevelAt(line) ? "high" : "low")}";
                }
            }

            return rules.Broken.Length != 0 ? $"{what}: {rules.Broken}" : Rests() ? null : $"{what}: the device does not rest";
        }

        // "After a turn in which neither side did anything, the next wait is a full tick." Asked now and then: it takes three turns.
        private bool Rests()
        {
            if (random.Next(32) != 0)
            {
                return true;
            }

            board.Turn();
            board.Turn();
            board.Turn();
            return board.LastTimeout == 1000;
        }

        private string Act(int dice)
        {
            // A mailbox that loses kicks, and one that rings for nothing or twice.
            board.Driver.LosesKicks = random.Next(8) == 0;
            if (random.Next(8) == 0)
            {
                board.RingCore(random.Next(3));
            }

            int line = random.Next(Lines);
            if (dice < 55)
            {
                return Ask(line);
            }

            if (dice < 75)
            {
                return Drive(line);
            }

            if (dice < 99)
            {
                return Unmask(line);
            }

            return random.Next(20) == 0 ? Reprobe() : Ask(line);
        }

        private string Ask(int line)
        {
            int type = random.Next(20) == 0 ? random.Next(0x10000) : random.Next(Gpio.GetDirection, Gpio.SetIrqType + 1);
            uint value = type switch
            {
                _ when random.Next(20) == 0 => (uint)random.Next(),
                Gpio.SetIrqType => (uint)(random.Next(3) == 0 ? 0 : new[] { 1, 2, 3, 4, 8 }[random.Next(5)]),
                Gpio.SetDirection => (uint)random.Next(3),
                _ => (uint)random.Next(2),
            };
            line = random.Next(50) == 0 ? random.Next(0x10000) : line;

            // A pin that drives must not be driven against.
            if (type == Gpio.SetDirection && value == Gpio.Out && line < Lines && model.Request(type, line, value) == 0)
            {
                board.LetGo(line);
                model.Drive(line, false);
            }

            int expected = type == Gpio.GetLineNames ? -1 : model.Request(type, line, value);
            int came = board.Driver.Request(type, line, value);
            Requests++;
            string what = $"request {type} line {line} value {value}";
            if (board.Driver.Length != 2)
            {
                throw new AssertFailedException($"{what}: used length {board.Driver.Length}");
            }

            return expected == came ? what : throw new AssertFailedException($"{what}: reply {came}, the model's {expected}");
        }

        private string Drive(int line)
        {
            if (model.Request(Gpio.GetDirection, line, 0) == Gpio.Out)
            {
                return "nothing";
            }

            bool level = random.Next(2) == 0;
            board.Drive(line, level);
            model.Drive(line, level);
            board.Turn();
            return $"line {line} driven {(level ? "high" : "low")}";
        }

        private string Unmask(int line)
        {
            // "The driver MUST NOT add multiple pairs of buffers for the same GPIO line."
            if (isOffered[line])
            {
                return "nothing";
            }

            isOffered[line] = true;
            model.Unmask(line);
            board.Driver.Unmask(line);
            return $"unmask line {line}";
        }

        private string Reprobe()
        {
            Reprobes++;
            model.Reset();
            Array.Clear(isOffered);
            board.Driver.ProbeAndTurn(features);
            return "re-probe";
        }
    }
}
