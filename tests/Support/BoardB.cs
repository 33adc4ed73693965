// BoardB: the second emulated SoC as a board of plain arrays.

using System.Linq;
using VirtioGpio.Boards.EmulatedB;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

/// <summary>A <see cref="TestBoard"/> that is <see cref="EmulatedBoardB"/>; its mailbox gives the rings the ids 4 and 9.</summary>
public static class BoardB
{
    private const int ExpanderOffset = (int)(EmulatedBoardB.ExpanderAddress - EmulatedBoardB.SharedAddress);
    private const int Levels = 4;
    private const int Outside = 8;

    /// <summary>Powers it on.</summary>
    public static TestBoard Start(bool isLatched)
    {
        Wiring wiring = new()
        {
            SramAddress = EmulatedBoardB.SharedAddress,
            DramAddress = EmulatedBoardB.HighDdrAddress,
            DramCpuAddress = EmulatedBoardB.HighDdrCpuAddress,
            WindowEnds = [0x80000000, 0xBFFFFFFF, EmulatedBoardB.HighDdrAddress + 0x1FFFFFFF],
            RequestNotifyId = 4,
            EventNotifyId = 9,
            Pins = [.. Enumerable.Range(0, EmulatedBoardB.PortLineCount).Select(EmulatedBoardB.PinOf)],
        };
        VirtualPins? own = null;
        wiring.Sources = (board, ports) =>
        {
            board.OnAccess = (_, _, _) => SettleExpander(board);
            own = EmulatedBoardB.MakeOwnLines(board.Mailbox, board.Description.Lines);
            return EmulatedBoardB.Aggregate(board.Description.Lines, ports, board.Memory, own);
        };
        TestBoard made = new(EmulatedBoardB.Describe(), wiring, isLatched);
        EmulatedBoardB.SetReady(own!);
        return made;
    }

    /// <summary>Pulls lines of the expander low from outside, a bit each; the others are left to their pull-ups.</summary>
    public static void PullLow(TestBoard board, byte pins)
    {
        board.Sram[ExpanderOffset + Outside] = pins;
        SettleExpander(board);
        board.Mailbox.Wake(Mailbox.PinsChanged);
    }

    /// <summary>What the expander's latch drives low, a bit each.</summary>
    public static int DrivenLow(TestBoard board) => ~board.Sram[ExpanderOffset] & 0xFF;

    // The hardware of the expander: a pin is high unless somebody pulls it low.
    private static void SettleExpander(TestBoard board) =>
        board.Sram[ExpanderOffset + Levels] = (byte)(board.Sram[ExpanderOffset] & ~board.Sram[ExpanderOffset + Outside]);
}
