// A driver that queues its buffer again at once when it comes back INVALID, as gpio-virtio does while it believes its interrupt to be
// enabled: whatever is asked of the lines meanwhile, that must end after a handful of exchanges.

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Model;

[TestClass]
public class RequeueTests
{
    private const int Lines = 8;
    private const int DefaultSteps = 100_000;
    private const int MostExchanges = 4;

    [TestMethod]
    public void RandomRequests_DriverRequeuesOnInvalid_ExchangesEnd()
    {
        int seed = Settings.Seed;
        int steps = Settings.StepsOr(DefaultSteps);
        Random random = new(seed);
        TestBoard board = new(Lines);
        board.Driver.ProbeAndTurn();
        bool[] isEnabled = new bool[Lines];
        bool[] isQueued = new bool[Lines];
        int most = 0;
        for (int step = 0; step < steps; step++)
        {
            int line = random.Next(Lines);
            switch (random.Next(8))
            {
                case 0:
                    // irq_enable, with any type, whatever the device says to it.
                    board.Driver.Request(Gpio.SetIrqType, line, (uint)random.Next(10));
                    isEnabled[line] = true;
                    Queue(board, isQueued, line);
                    break;
                case 1:
                    isEnabled[line] = false;
                    board.Driver.Request(Gpio.SetIrqType, line, Gpio.None);
                    break;
                case 2:
                    board.Drive(line, random.Next(2) == 0);
                    break;
                default:
                    // Another user of the line, who knows nothing of the interrupt; legal and illegal requests.
                    board.Driver.Request(random.Next(Gpio.GetLineNames, Gpio.SetIrqType + 2), line, (uint)random.Next(10));
                    break;
            }

            int exchanges = Settle(board, isEnabled, isQueued);
            most = Math.Max(most, exchanges);
            if (exchanges > MostExchanges)
            {
                Assert.Fail($"step {step}: {exchanges} exchanges without new input\nreplay: VGPIO_SEED={seed} VGPIO_STEPS={step + 1} ./test Model");
            }
        }

        Numbers.Say($"a driver that queues again on INVALID, seed {seed}: {steps} steps, at most {most} exchanges without new input");
    }

    // Takes what comes back until nothing does. An edge or a level is input; only INVALID is counted.
    private static int Settle(TestBoard board, bool[] isEnabled, bool[] isQueued)
    {
        int exchanges = 0;
        for (int turn = 0; turn < 4 * MostExchanges; turn++)
        {
            board.Turn();
            for (int taken = board.Driver.TakeEvent(); taken >= 0; taken = board.Driver.TakeEvent())
            {
                int line = taken >> 8;
                isQueued[line] = false;
                bool isInvalid = (taken & 0xFF) == Gpio.Invalid;
                exchanges += isInvalid ? 1 : 0;
                if (isEnabled[line] && isInvalid)
                {
                    Queue(board, isQueued, line);
                }
            }
        }

        return exchanges;
    }

    private static void Queue(TestBoard board, bool[] isQueued, int line)
    {
        if (!isQueued[line])
        {
            isQueued[line] = true;
            board.Driver.OfferEvent(line, line, 2, 1);
        }
    }
}
