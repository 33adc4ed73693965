using System;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class GpioBoardTests
{
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
    public void Start_NameNotAscii_IsRefusedByLine(string name) => Refuses("line 1: a name is 7-bit ASCII", names: new[] { "ok", name });

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
    public void Start_RingRegionInAWindow_IsRefusedByName() =>
        Refuses("eventq region: overlaps window DRAM", change: b => b.EventRingAddress = 0x400FFFFC);

    [TestMethod]
    public void Start_RingRegionsOverlap_IsRefused() =>
        Refuses("requestq region: overlaps the eventq region", change: b => b.EventRingAddress = b.RequestRingAddress + 0x1000);

    [TestMethod]
    public void Start_TableInARingRegion_IsRefused() =>
        Refuses("eventq region: overlaps the resource table", change: b => b.TableAddress = b.EventRingAddress + 0x100);

    [TestMethod]
    public void Start_TableReachesIntoARingRegion_IsRefused() =>
        Refuses("requestq region: overlaps the resource table", change: b => b.TableAddress = b.RequestRingAddress - 92);

    [TestMethod]
    public void Start_TableEndsWhereARingRegionBegins_IsAccepted() => Refuses(null, change: b => b.TableAddress = b.RequestRingAddress - 96);

    [TestMethod]
    [DataRow(0u)]
    [DataRow(0x20001002u)]
    [DataRow(0xFFFFFFF0u)]
    public void Start_TableWhereNoneCanBe_IsRefused(uint address) => Refuses("the resource table: its address", change: b => b.TableAddress = address);

    [TestMethod]
    public void Start_NoWindow_IsRefused() => Refuses("at least one window", change: b => b.Windows = null);

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
        Assert.AreEqual(message == null ? 2 : 0, writes, "writes to shared memory");
    }

    private sealed class NoPins : IPins
    {
        public bool MakeInput(int line) => false;

        public bool Drive(int line, int value) => false;

        public bool Release(int line) => false;

        public int Sense(int line) => -1;

        public bool Watch(int line, bool on) => false;

        public int TakeEdges() => -1;
    }
}
