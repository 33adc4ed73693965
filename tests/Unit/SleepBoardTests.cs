// Boards that are refused because of what they say of a Linux that sleeps, by the sentence that names what is wrong.

using nanoFramework.TestFramework;
using VirtioGpio.Firmware;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class SleepBoardTests
{
    private const string What = "the state of Linux: ";

    [TestMethod]
    [DataRow(0x20000102u, What + "its address")]
    [DataRow(0xFFFFFFFCu, What + "its address")]
    [DataRow(0x20001000u, What + "overlaps the resource table")]
    [DataRow(0x20000FFCu, What + "overlaps the resource table")]
    [DataRow(0x200013FCu, What + "overlaps the resource table")]
    [DataRow(0x20001FFCu, What + "overlaps the requestq region")]
    [DataRow(0x20011FFCu, What + "overlaps the requestq region")]
    [DataRow(0x20021FFCu, What + "overlaps the eventq region")]
    [DataRow(0x20022000u, What + "overlaps the state of the lines")]
    [DataRow(0x2002208Cu, What + "overlaps the state of the lines")]
    [DataRow(0x20023000u, "the trace: overlaps the state of Linux")]
    [DataRow(0x20022FFCu, "the trace: overlaps the state of Linux")]
    [DataRow(0x200233FCu, "the trace: overlaps the state of Linux")]
    [DataRow(0x40000000u, What + "overlaps window DRAM")]
    [DataRow(0x3FFFFFFCu, What + "overlaps window DRAM")]
    [DataRow(0x30000000u, What + "is not in the memory of the port")]
    [DataRow(0x20000000u, "")]
    [DataRow(0x20000FF8u, "")]
    [DataRow(0x20001400u, "")]
    [DataRow(0x20022090u, "")]
    [DataRow(0x20022FF8u, "")]
    [DataRow(0x20023400u, "")]
    public void Start_StateOfLinuxThatIsNotMemoryOfItsOwn_IsRefused(uint address, string message) =>
        Check(message, board => board.LinuxStateAddress = address);

    [TestMethod]
    [DataRow(0, 1, "tick 0 ms: 1 to 60000")]
    [DataRow(-1, 1, "tick -1 ms: 1 to 60000")]
    [DataRow(60001, 1, "tick 60001 ms: 1 to 60000")]
    [DataRow(1, 0, "sleep tick 0 ms: -1, or 1 to 60000")]
    [DataRow(1, -2, "sleep tick -2 ms: -1, or 1 to 60000")]
    [DataRow(1, 60001, "sleep tick 60001 ms: -1, or 1 to 60000")]
    [DataRow(1, -1, "")]
    [DataRow(60000, 60000, "")]
    public void Start_TickOutOfRange_IsRefused(int tick, int sleepTick, string message) => Check(
        message,
        board =>
        {
            board.TickMs = tick;
            board.SleepTickMs = sleepTick;
        });

    [TestMethod]
    [DataRow(30, "wake notify id 30: at most 29")]
    [DataRow(29, "")]
    [DataRow(0, "")]
    [DataRow(-1, "line 4 (line4): Wakes: the board has no LinuxStateAddress or no WakeNotifyId")]
    public void Start_WakeNotifyIdThatIsNone_IsRefused(int id, string message) => Check(message, board => board.WakeNotifyId = id);

    [TestMethod]
    public void Start_LineThatWakesAndNoStateOfLinux_IsRefusedByLineAndColumn() =>
        Check("line 4 (line4): Wakes: the board has no LinuxStateAddress or no WakeNotifyId", board => board.LinuxStateAddress = 0);

    [TestMethod]
    public void Start_NoLineWakes_NeedsNoWakeNotifyId() => Check(
        "",
        board =>
        {
            board.Lines[4].Wakes = false;
            board.WakeNotifyId = -1;
        });

    private static void Check(string message, Configuration change)
    {
        string found = Ports.Refusal(() => new TestBoard(configure: board =>
        {
            SleepingLinux.Describe(board);
            board.Lines[4].Wakes = true;
            board.StateAddress = TestBoard.SramAddress + TestBoard.StateOffset;
            board.TraceAddress = TestBoard.SramAddress + TestBoard.TraceOffset;
            board.TraceSize = 1024;
            change(board);
        }));

        if (message.Length == 0)
        {
            Assert.AreEqual("", found);
        }
        else
        {
            Assert.Contains(message, found);
        }
    }
}
