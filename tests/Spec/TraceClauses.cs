// The trace that Linux reads: its entry in the resource table, its text, the counters, and the faults of before a restart.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class TraceClauses
{
    private const int Size = 1024;
    private const int Table = TestBoard.TableOffset;
    private const int Request = 5;
    private const uint Trace = TestBoard.SramAddress + TestBoard.TraceOffset;
    private const uint State = TestBoard.SramAddress + TestBoard.StateOffset;

    [TestMethod]
    public void Table_BoardWithATrace_HasItsEntryBehindTheDevice()
    {
        TestBoard board = Boot();

        Assert.AreEqual(2, Word(board, Table + 4), "entries");
        Assert.AreEqual(24, Word(board, Table + 16), "the device");
        Assert.AreEqual(3, Word(board, Table + 24));
        Assert.AreEqual(100, Word(board, Table + 20), "the trace");
        Assert.AreEqual(2, Word(board, Table + 100));
        Assert.AreEqual((int)Trace, Word(board, Table + 104));
        Assert.AreEqual(Size, Word(board, Table + 108));
        Assert.AreEqual(0, Word(board, Table + 112), "Linux refuses a table with anything else");
        Assert.AreEqual("virtio-gpio", Read(board, Table + 116, 11));
        Assert.AreEqual((byte)0, board.Sram[Table + 127]);
    }

    [TestMethod]
    public void Start_TableOfBeforeWithATrace_IsTakenForItsOwn()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);

        board.StartFirmware();

        Assert.AreEqual(Gpio.Out, board.Driver.Request(Gpio.GetDirection, 0));
    }

    [TestMethod]
    public void Text_DriverComesAndGoes_SaysSoLineByLine()
    {
        TestBoard board = Boot();
        string start = Text(board);
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.GetValue, 25);
        board.Driver.DeviceStatus = 0;
        Rest(board);

        AssertBegins("start: build ", start);
        AssertEnds(", 8 lines, state of before: not found\n", start);
        Assert.AreEqual(start + "driver bound, features 0x00000001\nfault 11: line out of range (25)\ndriver gone\n", Text(board));
    }

    [TestMethod]
    public void Text_RequestsCome_IsWrittenAtATickAndThenTheDeviceRests()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        string before = Text(board);

        board.Driver.Request(Gpio.GetValue, 25);
        board.Driver.Request(Gpio.GetValue, 26);

        Assert.AreEqual(before, Text(board), "not while requests are served");
        board.Turn();
        board.Turn();
        Assert.AreNotEqual(before, Text(board));
        Rest(board);
        Assert.AreEqual(1000, board.LastTimeout);
        AssertEnds("(25)\nfault 11: line out of range (26)\n", Text(board));
    }

    [TestMethod]
    public void Text_RequestsComeWhileItIsWritten_ComeFirst()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        Rest(board);
        board.Driver.Request(Gpio.GetValue, 25);
        board.Driver.Request(Gpio.GetValue, 26);
        board.Turn();
        board.Turn();
        string before = Text(board);

        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));

        Assert.AreEqual(before, Text(board));
    }

    [TestMethod]
    public void Text_ReadAtAnyMoment_HasWholeLines()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        Rest(board);
        int start = Text(board).IndexOf("driver bound");
        string found = "";
        board.OnAccess = (address, count, isWrite) =>
        {
            if (isWrite && address - Trace < Size)
            {
                string text = Text(board);
                found += HasWholeLines(text, start) ? "" : text;
            }
        };
        for (int line = 8; line < 60; line++)
        {
            board.Driver.Request(Gpio.GetValue, line);
            Rest(board);
        }

        board.OnAccess = null;
        Assert.AreEqual("", found);
        Assert.IsTrue(Text(board).IndexOf("older lines are gone\n") > 0);
    }

    [TestMethod]
    public void Text_IsFull_BeginsAnewWithTheNewestAndStaysInItsPlace()
    {
        TestBoard board = Boot();
        string start = Text(board);
        board.Sram[TestBoard.TraceOffset + Size] = 77;
        board.Driver.ProbeAndTurn();
        for (int line = 8; line < 508; line++)
        {
            board.Driver.Request(Gpio.GetValue, line);
            if (line % 3 == 0)
            {
                Rest(board);
            }
        }

        Rest(board);
        string text = Text(board);
        AssertBegins(start + "older lines are gone\n", text);
        AssertEnds("line out of range (505)\nfault 11: line out of range (506)\nfault 11: line out of range (507)\n", text);
        Assert.AreEqual((byte)77, board.Sram[TestBoard.TraceOffset + Size]);
    }

    [TestMethod]
    public void Text_MoreFaultsThanTheRingHolds_SaysHowManyAreNotShown()
    {
        TestBoard board = Boot(size: 0x1000 - 4);
        board.Driver.ProbeAndTurn();
        Rest(board);
        string before = Text(board);
        for (int line = 100; line < 140; line++)
        {
            board.Driver.Request(Gpio.GetValue, line);
        }

        Rest(board);
        AssertBegins(before + "8 faults are not shown\nfault 11: line out of range (108)\n", Text(board));
    }

    [TestMethod]
    public void Text_MemoryFails_IsNoFaultAndIsTriedAgain()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        Rest(board);
        board.Driver.Request(Gpio.GetValue, 25);
        int faults = board.Firmware.Trace.Count;
        board.OnAccess = (address, count, isWrite) =>
        {
            if (address - Trace < Size)
            {
                throw new ArgumentOutOfRangeException();
            }
        };

        Rest(board);
        board.OnAccess = null;

        Assert.AreEqual(faults, board.Firmware.Trace.Count);
        Rest(board);
        AssertEnds("fault 11: line out of range (25)\n", Text(board));
    }

    [TestMethod]
    public void Counters_LinuxAsks_StandInTheText()
    {
        TestBoard board = Boot(isLatched: true);
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising);
        board.Driver.Unmask(1);
        board.Driver.Request(Gpio.SetIrqType, 3, Gpio.LevelHigh);
        board.Driver.Request(Gpio.SetValue, 2, 7);
        board.Driver.Request(Gpio.SetDirection, 2, 7);
        Pulse(board, 1);
        Pulse(board, 1);
        Pulse(board, 1);
        Pulse(board, 3);
        Rest(board);

        board.RingCore(Request);
        Rest(board);

        AssertEnds(
            "line       seen  coalesced  delivered    refused     masked\n"
            + "   1          2          0          1          0          1\n"
            + "   2          0          0          0          2          0\n"
            + "   3          1          0          0          0          1\n",
            Text(board));
        Assert.AreEqual(1000, board.LastTimeout, "the device rests");
    }

    [TestMethod]
    public void Counters_LinuxDoesNotAsk_DoNotStandInTheText()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetValue, 2, 7);
        board.RingCore(Request + 1);
        Rest(board);

        Assert.AreEqual(-1, Text(board).IndexOf("refused"));
    }

    [TestMethod]
    public void Counters_OfMoreLinesThanThereIsRoom_EndWhereTheRoomEnds()
    {
        TestBoard board = Boot(lines: 16);
        board.Driver.ProbeAndTurn();
        for (int line = 0; line < 16; line++)
        {
            board.Driver.Request(Gpio.SetValue, line, 2);
            Rest(board);
        }

        for (int time = 0; time < 3; time++)
        {
            board.RingCore(Request);
            Rest(board);
        }

        string text = Text(board);
        Assert.IsTrue(text.IndexOf("refused     masked\n   0          0          0          0          1          0\n   1  ") > 0, text);
        Assert.IsTrue(text.Length < Size);
        Assert.AreEqual(1000, board.LastTimeout);
    }

    [TestMethod]
    public void Restart_FaultsOfBefore_AreTold()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        for (int line = 20; line < 30; line++)
        {
            board.Driver.Request(Gpio.GetValue, line);
        }

        board.StartFirmware();

        string text = Text(board);
        Assert.IsTrue(text.IndexOf(", state of before: found\nbefore the restart: fault 11: line out of range (22)\nbefore the restart: ") > 0, text);
        AssertEnds("before the restart: fault 11: line out of range (28)\nbefore the restart: fault 11: line out of range (29)\n", text);
        board.Turn();
        Rest(board);
        AssertEnds("(29)\ndriver goes on after the restart, features 0x00000001\n", Text(board));
    }

    [TestMethod]
    public void Restart_SeveralTimes_FaultsStayInTheirOrder()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        for (int line = 16; line < 300; line++)
        {
            board.Driver.Request(Gpio.GetValue, line);
            if (line % 5 == 0)
            {
                board.StartFirmware();
                AssertEnds("(" + (line - 1).ToString() + ")\nbefore the restart: fault 11: line out of range (" + line.ToString() + ")\n", Text(board));
            }
        }
    }

    [TestMethod]
    public void Restart_BytesThatAreNoFault_AreNotTold()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.GetValue, 25);
        board.Driver.Request(Gpio.GetValue, 26);
        int faults = TestBoard.StateOffset + 12 + 8 * 8;
        for (int bit = 0; bit < 32; bit++)
        {
            board.Sram[faults + 4 + 8 * 2 + bit / 8] ^= (byte)(1 << bit % 8);
            board.StartFirmware();
            Assert.AreEqual(-1, Text(board).IndexOf("(26)"), bit.ToString());
            board.Sram[faults + 4 + 8 * 2 + bit / 8] ^= (byte)(1 << bit % 8);
        }

        board.StartFirmware();
        AssertEnds("(25)\nbefore the restart: fault 11: line out of range (26)\n", Text(board));
    }

    [TestMethod]
    public void Restart_OtherLines_TellsNoFaultOfBefore()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.GetValue, 25);
        board.Driver.DeviceStatus = 0;
        board.Turn();
        board.Description.StateBuild++;

        board.StartFirmware();

        Assert.AreEqual(-1, Text(board).IndexOf("before the restart"));
        board.StartFirmware();
        Assert.AreEqual(-1, Text(board).IndexOf("before the restart"));
    }

    [TestMethod]
    public void Faults_OfOneKind_AreStoredOnceAndOthersByTwoStores()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        int stores = 0;
        board.OnAccess = (address, count, isWrite) => stores += isWrite && address - State < 0x1000 ? 1 : 0;
        for (int time = 0; time < 20; time++)
        {
            board.Driver.Request(Gpio.GetValue, 25);
        }

        Assert.AreEqual(2, stores);
        for (int time = 0; time < 20; time++)
        {
            board.Driver.Request(Gpio.GetValue, 100 + time);
        }

        board.OnAccess = null;
        Assert.AreEqual(42, stores);
    }

    [TestMethod]
    public void Faults_CannotBeStored_RequestsAreAnswered()
    {
        TestBoard board = Boot();
        board.Driver.ProbeAndTurn();
        board.OnAccess = (address, count, isWrite) =>
        {
            if (isWrite && address - State < 0x1000)
            {
                throw new ArgumentOutOfRangeException();
            }
        };
        board.Driver.Request(Gpio.GetValue, 25);
        board.OnAccess = null;

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(Fault.LineOutOfRange, board.Firmware.Trace.FaultAt(0));
    }

    private static TestBoard Boot(int lines = 8, uint size = Size, bool isLatched = false) =>
        new TestBoard(lines, configure: board => Configure(board, size), isLatched: isLatched);

    private static void Configure(GpioBoard board, uint size)
    {
        board.StateAddress = State;
        board.TraceAddress = Trace;
        board.TraceSize = size;
        board.TraceRequestId = Request;
    }

    // Turns until the device waits for a tick, and lets one pass.
    private static void Rest(TestBoard board)
    {
        board.Turn();
        do
        {
            board.Turn();
        }
        while (board.LastTimeout == 0);

        board.Turn();
    }

    // Whether the text is no more than the lines of the start, and lines that this class has made.
    private static bool HasWholeLines(string text, int start)
    {
        for (int at = start; at < text.Length;)
        {
            int end = text.IndexOf('\n', at);
            string line = end < 0 ? "" : text.Substring(at, end - at);
            if (line != "older lines are gone" && line.IndexOf("driver bound") != 0 && line.IndexOf("fault 11: line out of range (") != 0)
            {
                return false;
            }

            at = end + 1;
        }

        return text.Length == 0 || text[text.Length - 1] == '\n';
    }

    private static void Pulse(TestBoard board, int line)
    {
        board.Drive(line, true);
        board.Turn();
        board.Drive(line, false);
        board.Turn();
    }

    // What Linux would show.
    private static string Text(TestBoard board)
    {
        int end = TestBoard.TraceOffset;
        while (board.Sram[end] != 0)
        {
            end++;
        }

        return Read(board, TestBoard.TraceOffset, end - TestBoard.TraceOffset);
    }

    private static string Read(TestBoard board, int at, int count)
    {
        char[] text = new char[count];
        for (int i = 0; i < count; i++)
        {
            text[i] = (char)board.Sram[at + i];
        }

        return new string(text);
    }

    private static int Word(TestBoard board, int at) =>
        board.Sram[at] | board.Sram[at + 1] << 8 | board.Sram[at + 2] << 16 | board.Sram[at + 3] << 24;

    private static void AssertBegins(string expected, string text) =>
        Assert.AreEqual(expected, text.Length < expected.Length ? text : text.Substring(0, expected.Length));

    private static void AssertEnds(string expected, string text) =>
        Assert.AreEqual(expected, text.Length < expected.Length ? text : text.Substring(text.Length - expected.Length));
}
