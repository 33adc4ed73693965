// Lines of one device from several sources, and lines that the firmware itself sets.

using nanoFramework.TestFramework;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class AggregatedPinsTests
{
    private const int Lines = 8;

    // Every second line is a virtual one; their pins are numbered from 0 in the other direction.
    private static VirtualPins own = null!;

    [TestMethod]
    public void Lines_OfInterleavedSources_AreEachThatOfItsSource()
    {
        TestBoard board = Interleaved();
        for (int line = 0; line < Lines; line += 2)
        {
            board.LetGo(line);
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, line, 1));
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, line, Gpio.Out));
            Assert.IsTrue(board.LevelAt(line), "line " + line.ToString());
            own.Set(PinOf(line + 1), 1);
            for (int other = 1; other < Lines; other += 2)
            {
                Assert.AreEqual(other <= line + 1 ? 1 : 0, board.Driver.Request(Gpio.GetValue, other), "line " + other.ToString());
            }
        }
    }

    [TestMethod]
    public void Edges_OfInterleavedSources_AreDeliveredByTheDevicesNumbers()
    {
        TestBoard board = Interleaved();
        for (int line = 0; line < Lines; line++)
        {
            WatchRising(board, line);
        }

        int delivered = 0;
        for (int line = 0; line < Lines; line++)
        {
            Raise(board, line);
            board.Turn();
            Assert.AreEqual(line << 8 | Gpio.Valid, board.Driver.TakeEvent());
            Assert.AreEqual(-1, board.Driver.TakeEvent());
            delivered++;
        }

        Assert.AreEqual(Lines, delivered);
    }

    // The ports are armed again for each interrupt, by their own line.
    [TestMethod]
    public void Edges_OfInterleavedSourcesAgainAndAgain_AreEachDelivered()
    {
        TestBoard board = Interleaved();
        for (int line = 0; line < Lines; line++)
        {
            WatchRising(board, line);
        }

        int falling = 0;
        for (int round = 0; round < 3; round++)
        {
            for (int line = 0; line < Lines; line++)
            {
                Raise(board, line);
                board.Turn();
                Assert.AreEqual(line << 8 | Gpio.Valid, board.Driver.TakeEvent());
                board.Driver.Unmask(line);
                Lower(board, line);
                board.Turn();
                falling += board.Driver.TakeEvent() == -1 ? 0 : 1;
            }
        }

        Assert.AreEqual(0, falling, "not the edge that was asked for");
    }

    [TestMethod]
    [DataRow(Edge.Rising, 1)]
    [DataRow(Edge.Falling, 2)]
    public void VirtualPin_EdgeOfTheOtherKind_IsNotTaken(int edges, int changes)
    {
        TestBoard board = Interleaved();
        board.Pins.Watch(3, edges);
        int taken = 0;
        for (int change = 1; change <= 2; change++)
        {
            own.Set(PinOf(3), change % 2);
            int found = board.Pins.TakeEdges();
            Assert.AreEqual(change == changes ? 3 << 2 | edges : -1, found);
            taken += found < 0 ? 0 : 1;
        }

        Assert.AreEqual(1, taken);
    }

    [TestMethod]
    public void TakeEdges_BothSourcesHaveMany_TakesTurns()
    {
        TestBoard board = Interleaved();
        for (int line = 0; line < Lines; line++)
        {
            Assert.IsTrue(board.Pins.Watch(line, Edge.Rising | Edge.Falling));
            Raise(board, line);
        }

        int sourceOfLast = -1;
        for (int n = 0; n < Lines; n++)
        {
            int source = (board.Pins.TakeEdges() >> 2) % 2;
            Assert.AreNotEqual(sourceOfLast, source, "edge " + n.ToString());
            sourceOfLast = source;
        }

        Assert.IsTrue(board.Pins.TakeEdges() < 0);
    }

    [TestMethod]
    [DataRow(1, Gpio.Rising)]
    [DataRow(2, Gpio.Both)]
    [DataRow(5, Gpio.Both)]
    public void VirtualPin_ChangesBeforeItIsTaken_AreOneLineWithItsEdges(int changes, int edges)
    {
        TestBoard board = Interleaved();
        board.Pins.Watch(3, Edge.Rising | Edge.Falling);
        for (int change = 0; change < changes; change++)
        {
            own.Set(PinOf(3), (change + 1) % 2);
        }

        Assert.AreEqual(3 << 2 | edges, board.Pins.TakeEdges());
        Assert.IsTrue(board.Pins.TakeEdges() < 0);
        own.Set(PinOf(3), changes % 2);
        Assert.IsTrue(board.Pins.TakeEdges() < 0, "the level was set again");
    }

    [TestMethod]
    public void VirtualPin_ChangedWhileNotWatched_BringsNoEdge()
    {
        TestBoard board = Interleaved();
        own.Set(PinOf(1), 1);
        board.Pins.Watch(1, Edge.Rising | Edge.Falling);
        Assert.IsTrue(board.Pins.TakeEdges() < 0);

        own.Set(PinOf(1), 0);
        board.Pins.Watch(1, 0);
        Assert.IsTrue(board.Pins.TakeEdges() < 0);
    }

    [TestMethod]
    public void VirtualPin_IsToBeDriven_RepliesErrAndKeepsItsLevel()
    {
        TestBoard board = Interleaved();

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out));

        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 1));
    }

    [TestMethod]
    public void Start_RowOfASourceThatThereIsNot_IsRefusedByLineAndColumn()
    {
        TestBoard board = new();
        LineConfig[] rows = Ports.RowsNamed("a", "b");
        rows[1].Source = 1;

        Assert.Contains("line 1 (b): Source: there is no source 1", Ports.Refusal(() => new AggregatedPins(rows, board.Pins)));
    }

    [TestMethod]
    public void Start_RowOfAPinThatTheSourceLacks_IsRefusedByLineAndColumn()
    {
        TestBoard board = new();
        LineConfig[] rows = { new LineConfig("a", 0), new LineConfig("b", 2) };

        Assert.Contains("line 1 (b): Pin: the source has pins 0 to 1", Ports.Refusal(() => new VirtualPins(board.Mailbox, rows, 0)));
    }

    private static int PinOf(int line) => (Lines - 1 - line) / 2;

    private static void Raise(TestBoard board, int line)
    {
        if (line % 2 == 0)
        {
            board.Drive(line, true);
        }
        else
        {
            own.Set(PinOf(line), 1);
        }
    }

    private static void Lower(TestBoard board, int line)
    {
        if (line % 2 == 0)
        {
            board.Drive(line, false);
        }
        else
        {
            own.Set(PinOf(line), 0);
        }
    }

    private static void WatchRising(TestBoard board, int line)
    {
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, line, Gpio.In));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, line, Gpio.Rising));
        board.Driver.Unmask(line);
    }

    private static TestBoard Interleaved()
    {
        GpioBoard description = TestBoard.Describe(Lines, 32, 64, null);
        for (int line = 1; line < Lines; line += 2)
        {
            description.Lines[line] = new LineConfig("own" + line.ToString(), PinOf(line)) { Source = 1 };
        }

        Wiring wiring = new()
        {
            Sources = (made, ports) =>
            {
                own = new VirtualPins(made.Mailbox, made.Description.Lines, 1);
                return new AggregatedPins(made.Description.Lines, ports, own);
            },
        };
        TestBoard board = new(description, wiring, true);
        for (int line = 0; line < Lines; line += 2)
        {
            board.Drive(line, false);
        }

        board.Driver.ProbeAndTurn();
        return board;
    }
}
