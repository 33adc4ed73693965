// TemplateBoard: a board to copy. hal/PORTING.md says what goes where; until it is filled in, the firmware refuses to start.
//
// Spec:    none.
// Trusts:  nobody has filled it in yet.
// Thread:  Main, which becomes the service thread.
// Memory:  at start only.

using System.Device.Gpio;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Boards.Template;

/// <summary>Your SoC. Every 0 below is a question that hal/PORTING.md asks.</summary>
public static class TemplateBoard
{
    /// <summary>Describes the board to the firmware.</summary>
    public static GpioBoard Describe()
    {
        AddressWindows windows = new AddressWindows(1);

        // One window for each piece of memory in which the driver's buffers lie, mostly one for the pool: its bus address, its length, its
        // address for the co-processor.
        // windows.Add("pool", 0x9CB00000, 0x40000, 0x9CB00000);
        return new GpioBoard
        {
            TableAddress = 0,
            RequestRingAddress = 0,
            EventRingAddress = 0,
            RingRegionSize = 0x1000,
            RingSize = 4,
            RingAlign = 64,
            LineNames = new string[] { "example" },
            Windows = windows,
            RestartNotifyId = -1,
        };
    }

    /// <summary>Gives each line its pin, bias and drive.</summary>
    public static PinMap MapPins()
    {
        PinMap map = new PinMap(1);
        map.Set(0, 0, PinMode.Input, PinMode.Output);
        return map;
    }

    /// <summary>The program.</summary>
    public static void Main()
    {
        SharedMemory memory = new SharedMemory();
        Mailbox mailbox = new Mailbox();

        // The pins are opened after the description has been checked: a board that is not filled in touches none.
        GpioBoard board = Describe();
        board.Check();
        IPins pins = new LatchedPins(new Pads(), MapPins());
        GpioFirmware.Start(board, memory, mailbox, pins).Run();
    }
}
