// Boards that are refused because of their trace, by the sentence that names what is wrong.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class TraceBoardTests
{
    private const uint State = TestBoard.SramAddress + TestBoard.StateOffset;
    private const uint Trace = TestBoard.SramAddress + TestBoard.TraceOffset;

    [TestMethod]
    [DataRow(0x20023002u, 1024u, "the trace: its address")]
    [DataRow(0xFFFFFF00u, 1024u, "the trace: its address")]
    [DataRow(0x20023000u, 1020u, "the trace: 1020 bytes, 1024 to 65536 are needed")]
    [DataRow(0x20023000u, 65540u, "the trace: 65540 bytes, 1024 to 65536 are needed")]
    [DataRow(0x20001000u, 1024u, "the trace: overlaps the resource table")]
    [DataRow(0x200013FCu, 1024u, "the trace: overlaps the resource table")]
    [DataRow(0x20000C04u, 1024u, "the trace: overlaps the resource table")]
    [DataRow(0x20001C04u, 1024u, "the trace: overlaps the requestq region")]
    [DataRow(0x20011FFCu, 1024u, "the trace: overlaps the requestq region")]
    [DataRow(0x20021FFCu, 1024u, "the trace: overlaps the eventq region")]
    [DataRow(0x20021000u, 4096u, "the trace: overlaps the eventq region")]
    [DataRow(0x2002208Cu, 1024u, "the trace: overlaps the state of the lines")]
    [DataRow(0x40000000u, 1024u, "the trace: overlaps window DRAM")]
    [DataRow(0x3FFFFC04u, 1024u, "the trace: overlaps window DRAM")]
    [DataRow(0x30000000u, 1024u, "the trace: is not in the memory of the port")]
    [DataRow(0x20023C04u, 1024u, "the trace: is not in the memory of the port")]
    [DataRow(0x20000C00u, 1024u, "")]
    [DataRow(0x20001400u, 1024u, "")]
    [DataRow(0x20022090u, 1024u, "")]
    [DataRow(0x20023C00u, 1024u, "")]
    public void Start_TraceThatIsNotMemoryOfItsOwn_IsRefused(uint address, uint size, string message) =>
        Check(message, board => Configure(board, address, size));

    [TestMethod]
    [DataRow(0, "trace request id 0")]
    [DataRow(1, "trace request id 1")]
    [DataRow(30, "trace request id 30")]
    [DataRow(2, "")]
    [DataRow(29, "")]
    [DataRow(-1, "")]
    public void Start_TraceRequestIdThatIsNone_IsRefused(int id, string message) => Check(
        message,
        board =>
        {
            Configure(board, Trace, 1024);
            board.TraceRequestId = id;
        });

    [TestMethod]
    public void Start_TraceRequestIdWithoutATrace_IsRefused() => Check("trace request id 5", board => board.TraceRequestId = 5);

    [TestMethod]
    [DataRow(147u, "the resource table: needs 148 bytes, has 147")]
    [DataRow(148u, "")]
    public void Start_LessRoomThanATableWithATraceTakes_IsRefused(uint size, string message) => Check(
        message,
        board =>
        {
            Configure(board, Trace, 1024);
            board.TableSize = size;
        });

    private static void Configure(GpioBoard board, uint address, uint size)
    {
        board.StateAddress = State;
        board.TraceAddress = address;
        board.TraceSize = size;
    }

    private static void Check(string message, Configuration configure)
    {
        string found = "";
        try
        {
            TestBoard board = new TestBoard(configure: configure);
        }
        catch (ArgumentException e)
        {
            found = e.Message;
        }

        Assert.AreEqual(message, found.Length < message.Length ? found : found.Substring(0, message.Length == 0 ? found.Length : message.Length));
    }
}
