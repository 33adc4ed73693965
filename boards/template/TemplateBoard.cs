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
            Lines = DescribeLines(),
            Windows = windows,
            RestartNotifyId = -1,
        };
    }

    /// <summary>The line table: one row a line, by line number. What a row does not say is as VIRTIO has it.</summary>
    private static LineConfig[] DescribeLines() => new LineConfig[]
    {
        new LineConfig("example", 0)
        {
            // What Linux may do; InputMode and OutputMode say how the pin is biased and driven then.
            Uses = LineUses.Input | LineUses.Output,
            InputMode = PinMode.InputPullDown,

            // A supply that must not blink: it stays when its user ends, and is off without a driver.
            SafeValue = 0,
            OnRelease = LineRest.Hold,
            OnDriverGone = LineRest.Safe,
            OnLinuxReset = LineRest.Safe,
            OnStart = LineRest.Safe,
        },
    };

    /// <summary>The program.</summary>
    public static void Main()
    {
        SharedMemory memory = new SharedMemory();
        Mailbox mailbox = new Mailbox();

        // The pins are opened after the description has been checked: a board that is not filled in touches none.
        GpioBoard board = Describe();
        board.Check();
        IPins pins = new LatchedPins(new Pads(), board.Lines);
        GpioFirmware.Start(board, memory, mailbox, pins).Run();
    }
}
