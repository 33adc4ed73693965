// PinPage: the pins of the emulated SoC as one page of memory that the board and the co-processor share.
//
// Every byte has one writer, so no lock is needed and a process that dies leaves nothing locked: the co-processor writes
// what it asks of a pin, the board writes what is wired to it and what level came of it. Only the two edge latches are
// written by both, by atomic operations. The page also has the count of the co-processor's bus errors.
//
// A chip on the board that follows a pin must see every edge. After a write to such a pin the co-processor counts it, and waits until the
// board has settled: two writes are never one for the chip, and its answer is at the pin before the next. The board waits for nobody.

using System;
using System.Threading;

namespace VirtioGpio.Emulated;

/// <summary>
/// The page, one record of 8 bytes a pin, then the two latches of a bit a pin, then the counts:
/// <code>
///   8 * pin + 0 mode   (co-processor)   + 1 output   (co-processor)   + 2 watched (co-processor)   + 3 driver (co-processor)
///           + 4 outside (board)         + 5 net      (board)          + 6 level   (board)          + 7 soldered (board)
///   8 * pins               rising edges, 32 pins a word
///   8 * pins + pins / 8    falling edges
///   8 * pins + 2 * pins / 8    bus errors, 32 bits (co-processor)
///                        + 4   writes to followed pins, 32 bits (co-processor)
///                        + 8   of those, the board has settled so many, 32 bits (board)
/// </code>
/// What is soldered to a pin: 1 a resistor to the supply, 2 a chip that pulls it low now, 4 a chip that follows its level.
/// </summary>
public sealed unsafe class PinPage
{
    private const int RecordSize = 8;
    private const int ModeByte = 0;
    private const int OutputByte = 1;
    private const int WatchedByte = 2;
    private const int DriverByte = 3;
    private const int OutsideByte = 4;
    private const int NetByte = 5;
    private const int LevelByte = 6;
    private const int SolderedByte = 7;
    private const int PulledUp = 1;
    private const int PulledLow = 2;
    private const int Followed = 4;

    private readonly byte* page;

    /// <summary>Lays the page over memory that is zero, or holds a page already.</summary>
    /// <param name="memory">At least <see cref="SizeOf"/> bytes, 4-byte aligned.</param>
    /// <param name="pins">Pins, a multiple of 32.</param>
    public PinPage(byte* memory, int pins)
    {
        page = memory;
        Pins = pins;
    }

    /// <summary>Raised by <see cref="Settle"/> for each pin whose level changed, in the process that settles.</summary>
    public event Action<int, bool>? LevelChanged;

    /// <summary>Number of pins.</summary>
    public int Pins { get; }

    /// <summary>Bytes of a page.</summary>
    public static int SizeOf(int pins) => RecordSize * pins + 2 * (pins / 8) + 3 * sizeof(int);

    /// <summary>Accesses of the co-processor to addresses that its bus does not reach, since the board was powered on.</summary>
    public int BusErrors => Volatile.Read(ref *BusErrorCount);

    /// <summary>Writes of the co-processor to pins that a chip follows, since the board was powered on.</summary>
    public int Writes => Volatile.Read(ref *(BusErrorCount + 1));

    private int* BusErrorCount => (int*)(page + RecordSize * Pins + 2 * (Pins / 8));

    /// <summary>The co-processor's side: counts a bus error.</summary>
    public void CountBusError() => Interlocked.Increment(ref *BusErrorCount);

    /// <summary>The co-processor's side: whether a chip on the board follows a pin.</summary>
    public bool IsFollowed(int pin) => (Volatile.Read(ref *Byte(pin, SolderedByte)) & Followed) != 0;

    /// <summary>The co-processor's side: counts a write to a pin that a chip follows; the board is to be told after that.</summary>
    /// <returns>What <see cref="AwaitSettled"/> takes.</returns>
    public int CountWrite() => Interlocked.Increment(ref *(BusErrorCount + 1));

    /// <summary>The co-processor's side: returns when the board has settled after a write. The board takes some 50 us for that.</summary>
    public void AwaitSettled(int write)
    {
        SpinWait spin = default;
        while (write - Volatile.Read(ref *(BusErrorCount + 2)) > 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>The board's side: has settled with all writes up to one, by what <see cref="Writes"/> was before.</summary>
    public void AcknowledgeWrites(int writes) => Volatile.Write(ref *(BusErrorCount + 2), writes);

    /// <summary>The co-processor's side: sets a pin's mode.</summary>
    public void SetMode(int pin, PadMode mode) => Volatile.Write(ref *Byte(pin, ModeByte), (byte)mode);

    /// <summary>A pin's mode.</summary>
    public PadMode ModeOf(int pin) => (PadMode)Volatile.Read(ref *Byte(pin, ModeByte));

    /// <summary>The co-processor's side: sets the level that a pin drives as an output.</summary>
    public void SetOutput(int pin, bool high) => Volatile.Write(ref *Byte(pin, OutputByte), high ? (byte)1 : (byte)0);

    /// <summary>The level that a pin drives as an output.</summary>
    public bool OutputOf(int pin) => Volatile.Read(ref *Byte(pin, OutputByte)) != 0;

    /// <summary>The co-processor's side: asks for edges of a pin: 1 when it rises, 2 when it falls, 3 both; 0 no longer.</summary>
    public void SetWatched(int pin, int edges) => Volatile.Write(ref *Byte(pin, WatchedByte), (byte)edges);

    /// <summary>Whether the co-processor asks for edges of a pin.</summary>
    public bool IsWatched(int pin) => Volatile.Read(ref *Byte(pin, WatchedByte)) != 0;

    /// <summary>The co-processor's side: notes which of its drivers has a pin. Nothing depends on it; the board can be asked.</summary>
    public void SetDriver(int pin, PadDriver driver) => Volatile.Write(ref *Byte(pin, DriverByte), (byte)driver);

    /// <summary>Which driver of the co-processor has a pin.</summary>
    public PadDriver DriverOf(int pin) => (PadDriver)Volatile.Read(ref *Byte(pin, DriverByte));

    /// <summary>The co-processor's side: gives up every pin, as a reset does.</summary>
    public void ResetPads()
    {
        for (int pin = 0; pin < Pins; pin++)
        {
            SetMode(pin, PadMode.Input);
            SetOutput(pin, false);
            SetWatched(pin, 0);
            SetDriver(pin, PadDriver.None);
            TakeEdges(pin);
        }
    }

    /// <summary>The board's side: drives a pin from outside, or lets it go. <see cref="Settle"/> makes it felt.</summary>
    public void SetOutside(int pin, Outside drive) => *Byte(pin, OutsideByte) = (byte)drive;

    /// <summary>What drives a pin from outside.</summary>
    public Outside OutsideOf(int pin) => (Outside)(*Byte(pin, OutsideByte));

    /// <summary>The board's side: solders a wire between pins.</summary>
    /// <param name="net">The wire, 1 to 255.</param>
    /// <param name="pins">The pins on it.</param>
    public void Wire(byte net, params int[] pins)
    {
        foreach (int pin in pins)
        {
            *Byte(pin, NetByte) = net;
        }
    }

    /// <summary>The board's side: solders a resistor from a pin to the supply.</summary>
    public void PullUp(int pin) => *Byte(pin, SolderedByte) |= PulledUp;

    /// <summary>The board's side: solders a chip to a pin that must see each of its edges.</summary>
    public void Follow(int pin) => *Byte(pin, SolderedByte) |= Followed;

    /// <summary>The board's side: has a chip pull a pin low, or let it go. <see cref="Settle"/> makes it felt.</summary>
    /// <returns>Whether that is a change.</returns>
    public bool SetPulledLow(int pin, bool isPulled)
    {
        byte before = *Byte(pin, SolderedByte);
        byte after = (byte)(isPulled ? before | PulledLow : before & ~PulledLow);
        Volatile.Write(ref *Byte(pin, SolderedByte), after);
        return before != after;
    }

    /// <summary>
    /// The level at a pin now, from all that drives its wire: low wins over high, any driver over a resistor, a resistor up
    /// over one down; a wire that nothing holds reads low.
    /// </summary>
    public bool LevelAt(int pin)
    {
        byte net = *Byte(pin, NetByte);
        if (net == 0)
        {
            return Resolve(ForceAt(pin));
        }

        int force = 0;
        for (int other = 0; other < Pins; other++)
        {
            if (*Byte(other, NetByte) == net)
            {
                force |= ForceAt(other);
            }
        }

        return Resolve(force);
    }

    /// <summary>The level at a pin when the board last settled.</summary>
    public bool SettledLevelAt(int pin) => *Byte(pin, LevelByte) != 0;

    /// <summary>Whether a chip on the board pulls a pin low.</summary>
    public bool IsPulledLow(int pin) => (Volatile.Read(ref *Byte(pin, SolderedByte)) & PulledLow) != 0;

    /// <summary>The board's side: the level that a pin with no wire to another would have without the chip that may pull it low.</summary>
    public bool LevelWithoutChip(int pin) => Resolve(ForceWithoutChip(pin));

    /// <summary>The board's side: works out every level and latches the edges of watched pins.</summary>
    /// <returns>Whether an edge was latched: the co-processor wants to know.</returns>
    public bool Settle()
    {
        bool latched = false;
        for (int pin = 0; pin < Pins; pin++)
        {
            bool level = LevelAt(pin);
            if (level == SettledLevelAt(pin))
            {
                continue;
            }

            *Byte(pin, LevelByte) = level ? (byte)1 : (byte)0;
            if ((Volatile.Read(ref *Byte(pin, WatchedByte)) & (level ? 1 : 2)) != 0)
            {
                Interlocked.Or(ref *Latch(pin, level), 1 << (pin & 31));
                latched = true;
            }

            LevelChanged?.Invoke(pin, level);
        }

        return latched;
    }

    /// <summary>The co-processor's side: takes the edges of a pin since they were last taken.</summary>
    /// <returns>Whether it rose, and whether it fell.</returns>
    public (bool Rose, bool Fell) TakeEdges(int pin) => (TakeLatch(pin, rising: true), TakeLatch(pin, rising: false));

    /// <summary>Whether edges of a pin are latched that nobody has taken.</summary>
    public bool HasEdges(int pin) => (((Volatile.Read(ref *Latch(pin, rising: true)) | Volatile.Read(ref *Latch(pin, rising: false))) >> (pin & 31)) & 1) != 0;

    private static bool Resolve(int force)
    {
        if ((force & Force.DriveLow) != 0)
        {
            return false;
        }

        return (force & (Force.DriveHigh | Force.PullUp)) != 0;
    }

    private int ForceAt(int pin) =>
        ForceWithoutChip(pin) | (IsPulledLow(pin) ? Force.DriveLow : 0);

    private int ForceWithoutChip(int pin)
    {
        int force = OutsideOf(pin) switch
        {
            Outside.Low => Force.DriveLow,
            Outside.High => Force.DriveHigh,
            _ => 0,
        };
        force |= (Volatile.Read(ref *Byte(pin, SolderedByte)) & PulledUp) != 0 ? Force.PullUp : 0;
        bool high = OutputOf(pin);
        return force | ModeOf(pin) switch
        {
            PadMode.InputPullUp => Force.PullUp,
            PadMode.Output => high ? Force.DriveHigh : Force.DriveLow,
            PadMode.OutputOpenDrain => high ? 0 : Force.DriveLow,
            PadMode.OutputOpenDrainPullUp => high ? Force.PullUp : Force.DriveLow,
            PadMode.OutputOpenSource or PadMode.OutputOpenSourcePullDown => high ? Force.DriveHigh : 0,
            _ => 0,
        };
    }

    private bool TakeLatch(int pin, bool rising)
    {
        int bit = 1 << (pin & 31);
        int* latch = Latch(pin, rising);
        return (Volatile.Read(ref *latch) & bit) != 0 && (Interlocked.And(ref *latch, ~bit) & bit) != 0;
    }

    private byte* Byte(int pin, int which)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)pin, (uint)Pins, nameof(pin));
        return page + RecordSize * pin + which;
    }

    private int* Latch(int pin, bool rising) =>
        (int*)(page + RecordSize * Pins + (rising ? 0 : Pins / 8)) + pin / 32;

    private static class Force
    {
        internal const int DriveLow = 1;
        internal const int DriveHigh = 2;
        internal const int PullUp = 4;
    }
}
