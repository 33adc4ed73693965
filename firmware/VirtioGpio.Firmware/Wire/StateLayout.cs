// StateLayout: numbers and offsets of the state that outlives a restart of the co-processor.
//
// Spec:    none: VIRTIO knows no device that is restarted under its driver.
// Trusts:  -
// Thread:  any, constants only.
// Memory:  none.

namespace VirtioGpio.Firmware.Wire;

/// <summary>
/// 32-bit words, each written by one store:
/// <code>
///   0 magic and version of this layout   4 identity of the build's lines   8 line count
///   12 + 8 line   what requests have set: direction (bits 0-1), value (2), trigger (8-15), and what the pin does without a direction (3-4);
///                 bits 16-31: the complement of bits 0-15
///   16 + 8 line   the event buffer: its chain's head (bits 0-14), parked (15), the used index of then (16-31); or one of the two below
/// </code>
/// Magic and version are written last, and are 0 while the rest does not hold. Behind the lines the last faults, in a ring of their own:
/// <code>
///   0 magic, exclusive-or identity
///   4 + 8 slot   the fault's code (bits 0-7), its number, which counts the faults (8-15), a check of the three (16-31)
///   8 + 8 slot   its detail
/// </code>
/// A fault's slot is its number modulo the slots.
/// </summary>
internal static class StateLayout
{
    /// <summary>"VGS", and the version of this layout.</summary>
    public const int Magic = 0x56475302;

    /// <summary>"VGF", and the version of this layout.</summary>
    public const int FaultMagic = 0x56474601;

    /// <summary>Faults that are kept; a power of two.</summary>
    public const int FaultSlots = 8;

    /// <summary>Words of the faults.</summary>
    public const int FaultWords = 1 + 2 * FaultSlots;

    public const int CodeBits = 0xFF;
    public const int NumberShift = 8;
    public const int NumberBits = 0xFF;

    public const int MagicWord = 0;
    public const int IdentityWord = 1;
    public const int LineCountWord = 2;

    public const int DirectionBits = 3;
    public const int ValueShift = 2;

    /// <summary>What the pin does without a direction; 0: it is an input.</summary>
    public const int RestBits = 3 << RestShift;

    /// <summary>It is as it was when the firmware started.</summary>
    public const int RestsAsItWas = 1 << RestShift;

    /// <summary>It drives low.</summary>
    public const int RestsLow = 2 << RestShift;

    /// <summary>It drives high.</summary>
    public const int RestsHigh = 3 << RestShift;

    public const int LineBits = DirectionBits | 1 << ValueShift | RestBits;
    public const int TriggerShift = 8;
    public const int SettingBits = LineBits | 0xFF << TriggerShift;

    /// <summary>In a trigger: it was rejected, or there is none, and the line's buffer is kept until one is enabled.</summary>
    public const int TriggerRejected = 0x80;

    public const int HeadBits = 0x7FFF;
    public const int Parked = 0x8000;

    /// <summary>An event buffer's word: none is parked.</summary>
    public const int NotParked = 0;

    /// <summary>An event buffer's word: it was returned VALID, and has not come back.</summary>
    public const int Delivered = 1;

    private const int RestShift = 3;
    private const int HeaderWords = 3;
    private const int WordsPerLine = 2;

    /// <summary>Words for so many lines; behind them come the faults.</summary>
    public static int WordsOf(int lines) => HeaderWords + WordsPerLine * lines;

    /// <summary>Where a fault's word is among the words of the faults; its detail follows.</summary>
    public static int FaultAt(int number) => 1 + 2 * (number & (FaultSlots - 1));

    /// <summary>The word of a fault: never 0.</summary>
    public static int FaultWord(int fault, int number, int detail)
    {
        int word = fault & CodeBits | (number & NumberBits) << NumberShift;
        int sum = (word + (detail & 0xFFFF)) * 31 + ((detail >> 16) & 0xFFFF);
        return word | ~sum << 16;
    }

    /// <summary>The word of what requests have set.</summary>
    public static int SettingOf(int line) => HeaderWords + WordsPerLine * line;

    /// <summary>The word of the line's event buffer.</summary>
    public static int BufferOf(int line) => HeaderWords + WordsPerLine * line + 1;
}
