// Fault: every reason why the firmware did less than it was asked, by number.
//
// Spec:    none.
// Trusts:  -
// Thread:  any, constants only.
// Memory:  none.

namespace VirtioGpio.Firmware.Trace;

/// <summary>Codes of <see cref="TraceRing"/>. Tens: who is at fault (1x a request, 2x a ring, 3x the resource table, 4x the board).</summary>
public static class Fault
{
    /// <summary>Request type that the device does not know. Detail: the type.</summary>
    public const int UnknownRequest = 10;

    /// <summary>Line number at or above ngpio. Detail: the line.</summary>
    public const int LineOutOfRange = 11;

    /// <summary>Value that the request does not allow. Detail: the value.</summary>
    public const int WrongValue = 12;

    /// <summary>Request shorter than its structure. Detail: its bytes.</summary>
    public const int ShortRequest = 13;

    /// <summary>Response buffer shorter than its structure. Detail: its bytes.</summary>
    public const int ShortResponse = 14;

    /// <summary>SET_IRQ_TYPE on an output, or an output asked for while the interrupt is enabled. Detail: the line.</summary>
    public const int IrqOnOutput = 15;

    /// <summary>SET_IRQ_TYPE although VIRTIO_GPIO_F_IRQ was not negotiated. Detail: the line.</summary>
    public const int IrqNotNegotiated = 16;

    /// <summary>A second eventq buffer for one line. Detail: the line.</summary>
    public const int SecondEventBuffer = 17;

    /// <summary>The request depends on a direction or value that a restart of the firmware has lost. Detail: the line.</summary>
    public const int StateLost = 18;

    /// <summary>The board's line table does not allow the request. Detail: the line.</summary>
    public const int Forbidden = 19;

    /// <summary>Descriptor chain against the rules. Detail: its head.</summary>
    public const int BadChain = 20;

    /// <summary>Buffer outside every window. Detail: the chain's head.</summary>
    public const int BadAddress = 21;

    /// <summary>Available ring names a descriptor beyond the table: the entry is passed over. Detail: the number.</summary>
    public const int HeadOutOfRange = 22;

    /// <summary>Available index ahead by more than the ring's size: the queue stops. Detail: the index.</summary>
    public const int AvailableIndexJumped = 23;

    /// <summary>
    /// Ring outside the region that the board gave it, not aligned, of another size, or over the other ring. Detail: the requestq's
    /// address in the resource table.
    /// </summary>
    public const int RingOutsideRegion = 30;

    /// <summary>Linux accepted features that were not offered. Detail: the features.</summary>
    public const int FeaturesNotOffered = 31;

    /// <summary>A pin failed. Detail: the line, or -1: the port could not say which.</summary>
    public const int PinFailed = 40;

    /// <summary>An exception reached the service loop: a defect of the firmware or the port. Detail: 0.</summary>
    public const int Unexpected = 41;

    /// <summary>Shared memory that a window of the board covers could not be accessed. Detail: the chain's head.</summary>
    public const int MemoryFailed = 42;
}
