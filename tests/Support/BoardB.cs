// BoardB: the second emulated SoC as a board of plain arrays.

using System.Linq;
using VirtioGpio.Boards.EmulatedB;

namespace VirtioGpio.Tests.Support;

/// <summary>A <see cref="TestBoard"/> that is <see cref="EmulatedBoardB"/>; its mailbox gives the rings the ids 4 and 9.</summary>
public static class BoardB
{
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
            Pins = [.. Enumerable.Range(0, EmulatedBoardB.LineCount).Select(EmulatedBoardB.PinOf)],
        };
        return new TestBoard(EmulatedBoardB.Describe(), wiring, isLatched);
    }
}
