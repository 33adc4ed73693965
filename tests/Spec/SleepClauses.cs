// A Linux that sleeps, wakes and goes down: what the firmware leaves alone meanwhile, and what it makes up for. SPEC.md names the
// clause of each test.

using nanoFramework.TestFramework;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class SleepClauses
{
    private const int LinuxAt = 0x100;
    private const int SeenAt = LinuxAt + 4;
    private const int Runs = 0;
    private const int Sleeps = 1;
    private const int Down = 2;
    private const int Control = 2;
    private const int Wake = 5;
    private const int Quiet = 3;
    private const int Waking = 4;
    private const int Tick = 700;

    // What of Linux's was accessed while it did not run.
    private static uint stray;

    [TestMethod]
    public void Linux_GoesToSleep_IsSeenAndNothingOfItsIsAccessed()
    {
        TestBoard board = Asleep(Gpio.Both);
        string rung = board.NotificationOrder();
        int answered = board.Driver.Requests.UsedIndex;

        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        board.Turn();
        Pulse(board, Quiet);
        board.Turn();
        board.Turn();

        Assert.AreEqual(Sleeps, (int)board.Sram[SeenAt]);
        Assert.AreEqual(answered, board.Driver.Requests.UsedIndex);
        Assert.AreEqual(rung, board.NotificationOrder());
    }

    [TestMethod]
    public void Request_OfASleepingLinux_IsAnsweredWhenItRuns()
    {
        TestBoard board = Asleep(Gpio.Both);
        int head = board.Driver.Send(Gpio.GetDirection, Quiet, 0, 8, 2);
        board.Turn();

        Tell(board, Runs);
        board.Driver.Answer(head);

        Assert.AreEqual(Gpio.In, board.Driver.Value);
        Assert.AreEqual(Runs, (int)board.Sram[SeenAt]);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    public void Edges_OfALineThatDoesNotWake_AreOneEventOnResume(int pulses)
    {
        TestBoard board = Asleep(Gpio.Both);
        for (int pulse = 0; pulse < pulses; pulse++)
        {
            Pulse(board, Quiet);
            board.Turn();
        }

        Tell(board, Runs);
        board.Turn();

        Assert.AreEqual(Quiet << 8 | Gpio.Valid, board.Driver.TakeEvent());
        board.Driver.Unmask(Quiet);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "delivered once");
        Assert.AreEqual(0, board.Notifications(Wake));
    }

    [TestMethod]
    public void Edge_LatchedBeforeTheSleepAndMasked_IsDeliveredAfterIt()
    {
        TestBoard board = Live(Gpio.Both);
        Pulse(board, Quiet);
        board.Turn();
        Assert.AreEqual(Quiet << 8 | Gpio.Valid, board.Driver.TakeEvent());
        Pulse(board, Quiet);
        board.Turn();
        Tell(board, Sleeps);
        board.Turn();
        board.Driver.OfferEvent(Quiet, Quiet, 2, 1);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent());

        Tell(board, Runs);
        board.Turn();

        Assert.AreEqual(Quiet << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Level_OverBeforeResume_IsNotDelivered()
    {
        TestBoard board = Asleep(Gpio.LevelHigh);
        Pulse(board, Quiet);
        board.Turn();

        Tell(board, Runs);
        board.Turn();
        board.Turn();

        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Level_ActiveOnResume_IsDeliveredOnce()
    {
        TestBoard board = Asleep(Gpio.LevelHigh);
        board.Drive(Quiet, true);
        board.Turn();

        Tell(board, Runs);
        board.Turn();

        Assert.AreEqual(Quiet << 8 | Gpio.Valid, board.Driver.TakeEvent());
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(Gpio.Rising)]
    [DataRow(Gpio.LevelHigh)]
    public void WakingLine_InterruptDuringTheSleep_RingsAtOnceAndThenAtGrowingDistances(int type)
    {
        TestBoard board = Asleep(type);
        board.Drive(Waking, true);
        board.Turn();
        Assert.AreEqual(1, board.Notifications(Wake));

        string rung = "";
        for (int tick = 1; tick <= 15; tick++)
        {
            int before = board.Notifications(Wake);
            board.Turn();
            rung += board.Notifications(Wake) == before ? "." : "!";
            Assert.AreEqual(Tick, board.LastTimeout);
        }

        Assert.AreEqual("!.!...!.......!", rung);
        Tell(board, Runs);
        board.Turn();
        Assert.AreEqual(Waking << 8 | Gpio.Valid, board.Driver.TakeEvent());
        for (int tick = 0; tick < 40; tick++)
        {
            board.Turn();
        }

        Assert.AreEqual(5, board.Notifications(Wake), "not under a Linux that runs");
    }

    [TestMethod]
    public void WakingLine_MoreEdgesWhileLinuxWakes_RingNoMore()
    {
        TestBoard board = Asleep(Gpio.Both);
        for (int pulse = 0; pulse < 5; pulse++)
        {
            // Each turn is one that something has called for: at a tick the notification is repeated.
            Pulse(board, Waking);
            board.RingCore(Control);
            board.Turn();
        }

        Assert.AreEqual(1, board.Notifications(Wake));
    }

    // The buffer went back, but Linux has ceased to look.
    [TestMethod]
    public void WakingLine_EventThatLinuxHasNotHeardOf_RingsWhenLinuxSleeps()
    {
        TestBoard board = Live(Gpio.Both);
        Pulse(board, Waking);
        board.Turn();
        Assert.AreEqual(0, board.Notifications(Wake));

        Tell(board, Sleeps);
        board.Turn();

        Assert.AreEqual(1, board.Notifications(Wake));
    }

    [TestMethod]
    public void WakingLine_EventThatLinuxHasHeardOf_DoesNotRing()
    {
        TestBoard board = Live(Gpio.Both);
        Pulse(board, Waking);
        board.Turn();
        Assert.AreEqual(Waking << 8 | Gpio.Valid, board.Driver.TakeEvent());
        board.Driver.Unmask(Waking);
        Tell(board, Sleeps);
        board.Turn();
        board.Turn();

        Assert.AreEqual(0, board.Notifications(Wake));
    }

    [TestMethod]
    public void WakingLine_LinuxHasWokenAndSleepsAgain_RingsForTheNextInterruptOnly()
    {
        TestBoard board = Asleep(Gpio.Both);
        Pulse(board, Waking);
        board.Turn();
        Tell(board, Runs);
        board.Turn();
        Assert.AreEqual(Waking << 8 | Gpio.Valid, board.Driver.TakeEvent());
        board.Driver.Unmask(Waking);
        board.Turn();

        Tell(board, Sleeps);
        for (int tick = 0; tick < 4; tick++)
        {
            board.Turn();
        }

        Assert.AreEqual(1, board.Notifications(Wake));
        Pulse(board, Waking);
        board.Turn();
        Assert.AreEqual(2, board.Notifications(Wake));
    }

    [TestMethod]
    [DataRow(Gpio.None)]
    [DataRow(Gpio.Falling)]
    [DataRow(Gpio.LevelLow)]
    public void WakingLine_OtherTriggerOrNone_DoesNotRing(int type)
    {
        TestBoard board = Live(Gpio.LevelHigh);
        board.Drive(Waking, true);
        board.Turn();
        board.Driver.TakeEvent();
        board.Driver.Request(Gpio.SetIrqType, Waking, (uint)type);
        board.Driver.OfferEvent(Waking, Waking, 2, 1);
        board.Turn();
        board.Drive(Waking, true);
        Tell(board, Sleeps);
        Watch(board);
        board.Turn();
        board.Turn();

        Assert.AreEqual(0, board.Notifications(Wake));
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(5000)]
    public void Sleep_NothingDue_RestsForAsLongAsTheBoardSays(int sleepTick)
    {
        TestBoard board = Live(Gpio.Both, sleepTick: sleepTick);
        board.Turn();
        Assert.AreEqual(Tick, board.LastTimeout);
        Tell(board, Sleeps);
        board.Turn();
        Pulse(board, Quiet);
        board.Turn();
        board.Turn();
        Assert.AreEqual(sleepTick, board.LastTimeout);

        Tell(board, Runs);
        board.Turn();
        board.Turn();
        board.Turn();
        Assert.AreEqual(Tick, board.LastTimeout);
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(0x80)]
    [DataRow(0xFF)]
    public void State_ThatSaysNothingKnown_MeansThatLinuxRuns(int word)
    {
        TestBoard board = Asleep(Gpio.Both);
        Tell(board, word);
        Assert.AreEqual(Gpio.In, board.Driver.Request(Gpio.GetDirection, Quiet));
        Assert.AreEqual(Runs, (int)board.Sram[SeenAt]);

        Tell(board, word | 1 << 8);
        Assert.AreEqual(Gpio.In, board.Driver.Request(Gpio.GetDirection, Quiet));
    }

    // Linux stores and then looks at the firmware's word; the firmware stores and then looks at Linux's again.
    [TestMethod]
    public void Linux_SleepsAgainWhileItsResumeIsNoted_NothingOfItsIsAccessed()
    {
        TestBoard board = Asleep(Gpio.Both);
        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        Tell(board, Runs);
        int accesses = 0;
        board.OnAccess = (address, count, isWrite) =>
        {
            accesses += IsLinuxs(address) ? 1 : 0;
            if (isWrite && address == TestBoard.SramAddress + SeenAt)
            {
                board.Sram[LinuxAt] = Sleeps;
            }
        };

        board.Turn();

        Assert.AreEqual(Runs, (int)board.Sram[SeenAt], "so Linux waits");
        Assert.AreEqual(0, accesses);
        Watch(board);
        board.Turn();
        Assert.AreEqual(Tick, board.LastTimeout, "the doorbell that tells of the sleep may be lost");
        Assert.AreEqual(Sleeps, (int)board.Sram[SeenAt]);
        board.Turn();
        Assert.AreEqual(-1, board.LastTimeout);
    }

    [TestMethod]
    public void Linux_ResumesWhileItsSleepIsNoted_IsServedByTheNextTurn()
    {
        TestBoard board = Live(Gpio.Both);
        int head = board.Driver.Send(Gpio.GetDirection, Quiet, 0, 8, 2);
        Tell(board, Sleeps);
        board.OnAccess = (address, count, isWrite) =>
        {
            if (isWrite && address == TestBoard.SramAddress + SeenAt && board.Sram[SeenAt] == Runs)
            {
                board.Sram[LinuxAt] = Runs;
            }
        };

        board.Turn();
        board.Turn();
        Assert.AreEqual(Tick, board.LastTimeout, "the doorbell that tells of the resume may be lost");
        board.Driver.Answer(head);

        Assert.AreEqual(Gpio.In, board.Driver.Value);
    }

    [TestMethod]
    public void Linux_FallsAsleepAtEachAccess_NothingIsLost()
    {
        for (int at = 1; at < 200; at++)
        {
            TestBoard board = Live(Gpio.Both);
            int head = board.Driver.Send(Gpio.GetDirection, Quiet, 0, 8, 2);
            Pulse(board, Quiet);
            int accesses = 0;
            board.OnAccess = (address, count, isWrite) =>
            {
                Assert.IsFalse(IsLinuxs(address) && board.Sram[SeenAt] != Runs, "an access while Linux sleeps");
                if (++accesses == at)
                {
                    Tell(board, Sleeps);
                }
            };

            board.Turn();
            bool fellAsleep = accesses >= at;
            board.Turn();
            board.Turn();
            Tell(board, Runs);
            board.Turn();
            board.Driver.Answer(head);
            Assert.AreEqual(Gpio.In, board.Driver.Value);
            Assert.AreEqual(Quiet << 8 | Gpio.Valid, board.Driver.TakeEvent());
            Assert.AreEqual(-1, board.Driver.TakeEvent());
            if (!fellAsleep)
            {
                Assert.IsTrue(at > 10, "the turn makes accesses");
                return;
            }
        }

        Assert.IsTrue(false, "a turn ends");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Restart_WhileLinuxSleeps_WakesItAndAccessesNothingBefore(bool isKept)
    {
        TestBoard board = Live(Gpio.Both, isKept: isKept);
        Tell(board, Sleeps);
        board.Turn();
        Watch(board);
        board.StartFirmware();
        Assert.AreEqual(1, board.Notifications(Wake));
        board.Driver.Send(Gpio.GetDirection, Quiet, 0, 8, 2);
        board.Turn();
        board.Turn();
        Assert.AreEqual(0, board.Notifications(Control));

        Tell(board, Runs);
        board.Turn();
        board.Turn();

        Assert.AreEqual(isKept ? 0 : 1, board.Notifications(Control), "Linux is asked to recover");
        Assert.AreEqual(Runs, (int)board.Sram[SeenAt]);
        Assert.AreEqual(board.Driver.Requests.AvailableIndex, board.Driver.Requests.UsedIndex, "what waited is answered");
    }

    [TestMethod]
    public void Linux_Down_LinesAreReleasedAndNothingOfItsIsAccessed()
    {
        TestBoard board = Live(Gpio.Both);
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        Watch(board);
        Tell(board, Down);
        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        board.Turn();
        board.Turn();

        Assert.IsFalse(board.LevelAt(0));
        Assert.AreEqual(Down, (int)board.Sram[SeenAt]);
        Assert.AreEqual(-1, board.LastTimeout);
        board.Driver.DeviceStatus = 0;
        Tell(board, Runs);
        board.Turn();
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0), "the next driver starts from nothing");
        Assert.AreEqual(0, board.Notifications(Control));
    }

    // Whoever said that it was down was wrong: its requests are answered all the same.
    [TestMethod]
    public void Linux_DownAndBackWithItsDriver_IsAskedToRecoverAndAnswered()
    {
        TestBoard board = Live(Gpio.Both);
        Tell(board, Down);
        board.Turn();
        int head = board.Driver.Send(Gpio.SetDirection, 0, Gpio.In, 8, 2);
        Tell(board, Runs);
        board.Driver.Answer(head);

        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
        Assert.AreEqual(1, board.Notifications(Control));
    }

    [TestMethod]
    public void Trigger_SaidAgain_KeepsTheLatch()
    {
        TestBoard board = Live(Gpio.Both);
        Pulse(board, Quiet);
        board.Turn();
        Pulse(board, Quiet);
        board.Driver.Request(Gpio.SetIrqType, Quiet, Gpio.Both);
        Assert.AreEqual(Quiet << 8 | Gpio.Valid, board.Driver.TakeEvent());
        board.Driver.Unmask(Quiet);

        Assert.AreEqual(Quiet << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    internal static TestBoard Live(int type, int sleepTick = -1, bool isKept = false)
    {
        TestBoard board = new(isLatched: true, configure: b =>
        {
            b.LinuxStateAddress = TestBoard.SramAddress + LinuxAt;
            b.WakeNotifyId = Wake;
            b.RestartNotifyId = Control;
            b.TickMs = Tick;
            b.SleepTickMs = sleepTick;
            b.StateAddress = isKept ? TestBoard.SramAddress + TestBoard.StateOffset : 0;
            b.Lines[Waking].Wakes = true;
        });
        board.Driver.ProbeAndTurn();
        foreach (int line in new int[] { Quiet, Waking })
        {
            board.Drive(line, false);
            board.Driver.Request(Gpio.SetDirection, line, Gpio.In);
            board.Driver.Request(Gpio.SetIrqType, line, (uint)type);
            board.Driver.Unmask(line);
        }

        return board;
    }

    internal static void Watch(TestBoard board)
    {
        stray = 0;
        board.OnAccess = (address, count, isWrite) =>
        {
            // No exception: the firmware would take it for memory that fails, and go on.
            if (IsLinuxs(address) && board.Sram[SeenAt] != Runs)
            {
                stray = address;
            }
        };
    }

    // As the SoC does: the word, then the doorbell.
    internal static void Tell(TestBoard board, int state)
    {
        Assert.AreEqual(0u, stray, "an access while Linux did not run");
        board.Sram[LinuxAt] = (byte)state;
        board.Sram[LinuxAt + 1] = (byte)(state >> 8);
        board.RingCore(Control);
    }

    private static TestBoard Asleep(int type)
    {
        TestBoard board = Live(type);
        Tell(board, Sleeps);
        Watch(board);
        board.Turn();
        return board;
    }

    private static bool IsLinuxs(uint address) =>
        address - TestBoard.SramAddress >= TestBoard.TableOffset
        && (address - TestBoard.SramAddress < TestBoard.StateOffset || address >= 2 * TestBoard.SramAddress);

    private static void Pulse(TestBoard board, int line)
    {
        board.Drive(line, true);
        board.Drive(line, false);
    }
}
