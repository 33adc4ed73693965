using System;
using System.Device.Gpio;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class GpioBoardTests
{
    [TestMethod]
    public void Start_NativesOfAnotherAssembly_AreRefused()
    {
        TestBoard board = new();
        board.HasForeignNatives = true;

        Assert.ThrowsException(typeof(InvalidOperationException), () => board.StartFirmware());
    }

    [TestMethod]
    public void Start_NoLines_IsRefused() => Refuses("at least 1 line", names: new string[0]);

    [TestMethod]
    public void Start_DuplicateName_IsRefusedByLine() => Refuses("line 2: name led is that of line 0", names: new[] { "led", null, "led" });

    [TestMethod]
    public void Start_NeighboursOfOneName_AreRefusedByLine() => Refuses("line 1: name led is that of line 0", names: new[] { "led", "led" });

    [TestMethod]
    [DataRow("gr\u00FCn")]
    [DataRow("\u0080")]
    [DataRow("\u2192")]
    public void Start_NameNotAscii_IsRefusedByLine(string name) => Refuses("line 1: a name is printable ASCII", names: new[] { "ok", name });

    [TestMethod]
    [DataRow(15)]
    [DataRow(16)]
    public void Start_RingTooSmallForItsLines_IsRefused(int lines)
    {
        int size = lines == 15 ? 16 : 8;
        Refuses("ring size " + size + ": too small for " + lines + " lines", lines: lines, ringSize: size);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-16)]
    [DataRow(24)]
    [DataRow(65536)]
    public void Start_RingSizeNotAPowerOfTwo_IsRefused(int size) => Refuses("ring size " + size, lines: 1, ringSize: size);

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    [DataRow(48)]
    public void Start_RingAlignmentWrong_IsRefused(int align) => Refuses("ring alignment " + align, ringAlign: align);

    [TestMethod]
    public void Start_LeastPaddingThereIs_IsAccepted() => Refuses(null, ringSize: 32, ringAlign: 4);

    [TestMethod]
    public void Start_RingLargerThanItsRegion_IsRefused() => Refuses("does not fit its region", change: b => b.RingRegionSize = 901);

    [TestMethod]
    public void Start_RingThatJustFits_IsAccepted() => Refuses(null, change: b => b.RingRegionSize = 902);

    [TestMethod]
    public void Start_TableInAWindow_IsRefusedByName() => Refuses("resource table: overlaps window DRAM", change: b => b.TableAddress = 0x40000000);

    [TestMethod]
    [DataRow(0x20022002u, "the state of the lines: its address")]
    [DataRow(0x20001100u, "the state of the lines: overlaps the resource table")]
    [DataRow(0x20000FF8u, "the state of the lines: overlaps the resource table")]
    [DataRow(0x20002000u, "the state of the lines: overlaps the requestq region")]
    [DataRow(0x20001FE8u, "the state of the lines: overlaps the requestq region")]
    [DataRow(0x20021FFCu, "the state of the lines: overlaps the eventq region")]
    [DataRow(0x40000000u, "the state of the lines: overlaps window DRAM")]
    [DataRow(0x3FFFFFF8u, "the state of the lines: overlaps window DRAM")]
    [DataRow(0x30000000u, "the state of the lines: is not in the memory of the port")]
    [DataRow(0x20023F94u, "the state of the lines: is not in the memory of the port")]
    [DataRow(0x20023F90u, "")]
    [DataRow(0x20022000u, "")]
    public void Start_StateThatIsNotMemoryOfItsOwn_IsRefused(uint address, string message) =>
        Refuses(message.Length == 0 ? null : message, change: b => b.StateAddress = address);

    [TestMethod]
    public void StateSize_OfABoard_IsThatOfItsLines() => Assert.AreEqual(80u + 8 * 32, GpioBoard.StateSizeOf(32));

    [TestMethod]
    public void Start_RingRegionPartlyInAWindow_IsRefusedByName() =>
        Refuses("eventq region: lies partly in window DRAM", change: b => b.EventRingAddress = 0x400FFFC0);

    [TestMethod]
    public void Start_RingRegionsOverTheirTableInAWindow_IsRefused() => Refuses(
        "resource table: overlaps window", change: b => InOnePool(b, 0x90000000, 0x40000).TableAddress = b.RequestRingAddress + 0x30000);

    [TestMethod]
    [DataRow(0x90000000UL, 0x40000u)]
    [DataRow(0xFFFC0000UL, 0x40000u)]
    [DataRow(0x90000000UL, 960u + 902u)]
    public void Start_OneRingRegionThatIsAWindow_IsAccepted(ulong busAddress, uint size) =>
        Refuses(null, change: b => InOnePool(b, busAddress, size));

    [TestMethod]
    [DataRow(0xFFFC1000UL)]
    [DataRow(0x880000000UL)]
    public void Start_RingRegionThatATableCannotName_IsRefused(ulong busAddress) => Refuses(
        "the requestq region: lies in window pool, whose bus address has more than 32 bits", change: b => InOnePool(b, busAddress, 0x40000));

    [TestMethod]
    public void Start_OneRingRegionTooSmallForTwo_IsRefused() => Refuses(
        "two rings of 902 bytes: do not fit their region of 1861", change: b => InOnePool(b, 0x90000000, 960 + 901));

    [TestMethod]
    public void Start_AlignmentBeyondTheirRegion_IsRefused() => Refuses(
        "two rings of 33030 bytes", ringAlign: 0x8000, change: b => InOnePool(b, 0x90000000, 0xFFFF));

    [TestMethod]
    [DataRow(95u)]
    [DataRow(0u)]
    public void Start_LessThanTheTableTakes_IsRefused(uint size) =>
        Refuses("the resource table: needs 96 bytes, has " + size, change: b => b.TableSize = size);

    [TestMethod]
    public void Start_WhatTheTableTakes_IsEnough() => Refuses(
        null,
        change: b =>
        {
            b.TableSize = 96;
            b.TableAddress = b.RequestRingAddress - 96;
        });

    [TestMethod]
    public void Start_RoomForTheTableReachesIntoAWindow_IsRefusedByName() =>
        Refuses("resource table: overlaps window DRAM", change: b => b.TableAddress = 0x40000000 - 1020);

    [TestMethod]
    public void Start_RoomForTheTableIsNotInTheMemory_IsRefused() => Refuses(
        "the resource table: is not in the memory of the port", change: b => b.TableAddress = TestBoard.SramAddress + 0x24000 - 1020);

    [TestMethod]
    public void Start_RingRegionsOverlap_IsRefused() =>
        Refuses("eventq region: overlaps the requestq region", change: b => b.EventRingAddress = b.RequestRingAddress + 0x1000);

    [TestMethod]
    public void Start_TableInARingRegion_IsRefused() =>
        Refuses("eventq region: overlaps the resource table", change: b => b.TableAddress = b.EventRingAddress + 0x100);

    [TestMethod]
    public void Start_TableReachesIntoARingRegion_IsRefused() =>
        Refuses("requestq region: overlaps the resource table", change: b => b.TableAddress = b.RequestRingAddress - 1020);

    [TestMethod]
    public void Start_TableEndsWhereARingRegionBegins_IsAccepted() => Refuses(null, change: b => b.TableAddress = b.RequestRingAddress - 1024);

    [TestMethod]
    [DataRow(0u)]
    [DataRow(0x20001002u)]
    [DataRow(0xFFFFFFF0u)]
    public void Start_TableWhereNoneCanBe_IsRefused(uint address) => Refuses("the resource table: its address", change: b => b.TableAddress = address);

    [TestMethod]
    [DataRow(" ~")]
    [DataRow("0123456789012345678901234567890")]
    public void Start_NameAtTheLimits_IsAccepted(string name) => Refuses(null, names: new[] { name });

    [TestMethod]
    public void Start_NamesEmptyTwice_AreAccepted() => Refuses(null, names: new[] { "", "" });

    [TestMethod]
    public void Start_NoWindow_IsRefused() => Refuses("at least one window", change: b => b.Windows = null);

    [TestMethod]
    public void Start_NameLongerThanLinuxShows_IsRefusedByLine() =>
        Refuses("line 1: a name has at most 31 characters", names: new[] { new string('a', 31), new string('b', 32) });

    [TestMethod]
    [DataRow("a\tb")]
    [DataRow("a\x7F")]
    [DataRow("a\x1F")]
    [DataRow("\x1B[2J")]
    public void Start_NameWithAControlCharacter_IsRefusedByLine(string name) =>
        Refuses("line 1: a name is printable ASCII", names: new[] { "ok", name });

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Start_RingRegionNotOnTheRingsAlignment_IsRefused(bool isRequestq) => Refuses(
        isRequestq ? "the requestq region: its address is not aligned" : "the eventq region: its address is not aligned",
        change: b =>
        {
            b.RequestRingAddress += isRequestq ? 32u : 0u;
            b.EventRingAddress += isRequestq ? 0u : 32u;
        });

    [TestMethod]
    public void Start_RestartNotifyIdThatNoMailboxHas_IsRefused() => Refuses("restart notify id 30", change: b => b.RestartNotifyId = 30);

    [TestMethod]
    public void Start_NegativeRepeats_AreRefused() => Refuses("notification repeats -1", change: b => b.NotificationRepeats = -1);

    [TestMethod]
    public void Start_WindowWiderThanTheMemory_IsRefusedByName() => Refuses(
        "window too wide: is not in the memory of the port",
        change: b =>
        {
            b.Windows = new AddressWindows(1);
            b.Windows.Add("too wide", TestBoard.DramCpuAddress, 0x100001, 0x40000000);
        });

    [TestMethod]
    [DataRow(4, 4, true)]
    [DataRow(4, 4, false)]
    public void Start_OneDescriptorPerLine_NeedsIndirect(int lines, int ringSize, bool hasIndirect) => Refuses(
        hasIndirect ? null : "2 per line needed", lines: lines, ringSize: ringSize, change: b => b.OffersIndirect = hasIndirect);

    [TestMethod]
    [DataRow("SafeValue: the line may not be an output")]
    [DataRow("Wakes: the line may not have an interrupt")]
    [DataRow("DebounceMs: the line may not have an interrupt")]
    [DataRow("LeastIntervalMs: the line may not have an interrupt")]
    [DataRow("OnRelease: the line may not be an output")]
    [DataRow("OnDriverGone: the line may not be an output")]
    [DataRow("OnLinuxReset: the line may not be an output")]
    [DataRow("OnStart: the line may not be an output")]
    public void Start_RowThatSaysMoreThanItsUsesAllow_IsRefusedByLineNameAndColumn(string mistake)
    {
        RefusesRow(mistake, LineUses.None);
        RefusesRow(mistake, LineUses.Input);
    }

    [TestMethod]
    [DataRow("DebounceMs: is not 0 to 10000 ms", 10001)]
    [DataRow("DebounceMs: is not 0 to 10000 ms", -1)]
    [DataRow("DebounceMs: is not 0 to 10000 ms", 70000)]
    [DataRow("LeastIntervalMs: is not 0 to 60000 ms", 60001)]
    [DataRow("LeastIntervalMs: is not 0 to 60000 ms", -1)]
    [DataRow("InputMode: is no input mode", 3)]
    [DataRow("InputMode: is no input mode", 16)]
    [DataRow("OutputMode: is no output mode", 2)]
    [DataRow("OutputMode: is no output mode", 8)]
    [DataRow("OnRelease: is none of Input, Hold and Safe", 3)]
    [DataRow("OnRelease: is none of Input, Hold and Safe", 4)]
    [DataRow("OnStart: there is no SafeValue", 2)]
    [DataRow("OnRelease: there is no SafeValue", 2)]
    [DataRow("Uses: an interrupt needs an input", 4)]
    [DataRow("Uses: an interrupt needs an input", 6)]
    public void Start_RowWithANumberThatItsColumnDoesNotHave_IsRefusedByLineNameAndColumn(string mistake, int number)
    {
        Refuses("line 2 (line2): " + mistake, change: board => Set(board.Lines[2], mistake.Split(':')[0], number));
    }

    [TestMethod]
    public void Start_RowAtTheLimits_IsAccepted() => Refuses(
        null,
        change: board =>
        {
            Set(board.Lines[2], "DebounceMs", 10000);
            Set(board.Lines[2], "LeastIntervalMs", 60000);
            Set(board.Lines[2], "Wakes", 1);
            board.WakeNotifyId = 3;
            board.LinuxStateAddress = TestBoard.SramAddress + TestBoard.StateOffset;
            Set(board.Lines[2], "SafeValue", 1);
            Set(board.Lines[2], "OnStart", 2);
            Set(board.Lines[1], "Uses", 0);
        });

    [TestMethod]
    public void Start_TwoRowsWithOnePin_AreRefusedByLinesAndPin() => Refuses(
        "line 3 (line3): Pin: 4 serves line 1", change: board => board.Lines[3] = new LineConfig("line3", 4));

    // In a hash table of 8 places sources 0 and 8 have the same.
    [TestMethod]
    [DataRow(1)]
    [DataRow(8)]
    public void Start_TwoRowsWithOnePinOfTwoSources_AreAccepted(int source) => Refuses(
        null, change: board => board.Lines[3] = new LineConfig("line3", 4) { Source = source });

    [TestMethod]
    public void Start_ReservedRowWithAPinOfAnother_IsAccepted() => Refuses(
        null, change: board => board.Lines[3] = new LineConfig("line3", 4) { Uses = LineUses.None });

    [TestMethod]
    public void Start_RowWithoutAPin_IsRefusedByLineAndColumn() => Refuses(
        "line 3 (line3): Pin: -1 is no pin", change: board => board.Lines[3] = new LineConfig("line3", -1));

    // The pins that the source has are asked for when they are opened.
    [TestMethod]
    public void Start_RowOfASourceThatNobodyIs_IsRefusedByLineAndColumn()
    {
        string said = Ports.Refusal(() => new TestBoard(configure: board => board.Lines[5].Source = 1));

        Assert.Contains("line 5 (line5): Pin: is not available from source 1", said);
    }

    private static void RefusesRow(string mistake, LineUses uses) => Refuses(
        "line 2 (line2): " + mistake,
        change: board =>
        {
            board.Lines[2].Uses = uses;
            Set(board.Lines[2], mistake.Split(':')[0], 1);
        });

    private static void Set(LineConfig row, string column, int number)
    {
        switch (column)
        {
            case "Uses":
                row.Uses = (LineUses)number;
                break;
            case "InputMode":
                row.InputMode = (PinMode)number;
                break;
            case "OutputMode":
                row.OutputMode = (PinMode)number;
                break;
            case "SafeValue":
                row.SafeValue = number;
                break;
            case "OnRelease":
                row.OnRelease = (LineRest)number;
                break;
            case "OnDriverGone":
                row.OnDriverGone = (LineRest)number;
                break;
            case "OnLinuxReset":
                row.OnLinuxReset = (LineRest)number;
                break;
            case "OnStart":
                row.OnStart = (LineRest)number;
                break;
            case "DebounceMs":
                row.DebounceMs = number;
                break;
            case "LeastIntervalMs":
                row.LeastIntervalMs = number;
                break;
            default:
                row.Wakes = number != 0;
                break;
        }
    }

    // The machine's DRAM is at this local address, whatever Linux calls it.
    private static GpioBoard InOnePool(GpioBoard board, ulong busAddress, uint size)
    {
        board.RequestRingAddress = 0x40000000;
        board.EventRingAddress = 0x40000000;
        board.RingRegionSize = size;
        board.Windows = new AddressWindows(1);
        board.Windows.Add("pool", busAddress, 0x100000, 0x40000000);
        return board;
    }

    internal static void Refuses(
        string? message,
        string?[]? names = null,
        int lines = 4,
        int ringSize = 32,
        int ringAlign = 64,
        Configuration? change = null,
        uint eventRing = 0)
    {
        TestBoard machine = new();
        GpioBoard board = TestBoard.Describe(lines, ringSize, ringAlign, names);
        if (eventRing != 0)
        {
            board.EventRingAddress = eventRing;
        }

        change?.Invoke(board);
        int writes = 0;
        machine.OnAccess = (_, _, isWrite) => writes += isWrite ? 1 : 0;
        string said = "";
        try
        {
            GpioFirmware.Start(board, machine.Memory, machine.Mailbox, new NoPins());
        }
        catch (ArgumentException e)
        {
            said = e.Message;
        }

        Assert.Contains(message ?? "", said);
        Assert.AreEqual(message == null, said.Length == 0, said);
        Assert.AreEqual(message == null, writes != 0, "a board that is refused writes nothing to shared memory");
    }

    private sealed class NoPins : IPins
    {
        public bool Open(int line, int value) => true;

        public bool MakeInput(int line) => false;

        public bool Drive(int line, int value) => false;

        public bool Release(int line) => false;

        public int Sense(int line) => -1;

        public bool Watch(int line, int edges) => false;

        public bool Rearm(int line) => false;

        public bool IsOpenDrain(int line) => false;

        public int TakeEdges() => -1;
    }
}
