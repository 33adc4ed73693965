// A firmware that is restarted in the middle of random traffic on the eventq.

using System;
using System.Collections.Generic;
using System.Linq;
using nanoFramework.TestFramework;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class AdoptionTrafficTests
{
    [TestMethod]
    public void Restart_RandomTraffic_NoBufferIsReturnedThatIsNotOutstanding()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            int lines = random.Next(1, 5);
            EventTraffic traffic = new(new TestBoard(lines, ringSize: lines > 2 ? 8 : 4, ringAlign: 64), lines);
            traffic.Run(random, random.Next(0, 40));

            List<int> returned = traffic.RestartAndTakeDown();

            Assert.AreEqual("", string.Join(",", returned.Except(traffic.Parked)), "seed " + seed);
            Assert.AreEqual(returned.Count, returned.Distinct().Count(), "seed " + seed);
        }
    }

    private sealed class EventTraffic(TestBoard board, int lines)
    {
        internal HashSet<int> Parked { get; } = [];

        internal void Run(Random random, int steps)
        {
            board.Driver.ProbeAndTurn();
            for (int line = 0; line < lines; line++)
            {
                board.Drive(line, false);
                board.Driver.Request(Gpio.SetIrqType, line, Gpio.Both);
            }

            for (int step = 0; step < steps; step++)
            {
                int line = random.Next(lines) * random.Next(2);
                if (Parked.Add(line))
                {
                    board.Driver.Unmask(line);
                    continue;
                }

                Parked.Remove(line);
                board.Drive(line, !board.LevelAt(line));
                board.Turn();
                Assert.AreEqual(line << 8 | Gpio.Valid, board.Driver.TakeEvent());
            }
        }

        internal List<int> RestartAndTakeDown()
        {
            board.StartFirmware();
            List<int> returned = [];
            for (int line = 0; line < lines; line++)
            {
                Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, line, Gpio.None));
                for (int taken = board.Driver.TakeEvent(); taken != -1; taken = board.Driver.TakeEvent())
                {
                    returned.Add(taken >> 8);
                }
            }

            return returned;
        }
    }
}
