// TraceTexts: what the codes of the trace are called, in bytes: a string that is indexed while serving would cost a native call a character.
//
// Spec:    none.
// Trusts:  -
// Thread:  while starting.
// Memory:  about 900 bytes at construction.

namespace VirtioGpio.Firmware.Trace;

/// <summary>A text for each code. In it <c>#</c> stands for the detail as a decimal number, <c>$</c> for its eight hexadecimal digits.</summary>
internal sealed class TraceTexts
{
    /// <summary>Beside the codes of <see cref="Fault"/> and <see cref="Life"/>: before a fault that was kept.</summary>
    internal const int BeforeTheRestart = 60;

    /// <summary>Faults came faster than they could be written. Detail: how many are not shown.</summary>
    internal const int Skipped = 61;

    /// <summary>The text was full, and its older lines are gone.</summary>
    internal const int Dropped = 62;

    /// <summary>Above the counters of the lines.</summary>
    internal const int Counters = 63;

    /// <summary>Above any code.</summary>
    internal const int CodeCount = 64;

    private readonly short[] starts = new short[CodeCount + 1];

    /// <summary>Makes the texts.</summary>
    internal TraceTexts()
    {
        string[] texts = new string[CodeCount];
        for (int code = 0; code < CodeCount; code++)
        {
            texts[code] = "";
        }

        NameLife(texts);
        NameFaults(texts);
        texts[BeforeTheRestart] = "before the restart: ";
        texts[Skipped] = "# faults are not shown";
        texts[Dropped] = "older lines are gone";
        texts[Counters] = "line       seen  coalesced  delivered    refused     masked";
        for (int code = 0; code < CodeCount; code++)
        {
            starts[code + 1] = (short)(starts[code] + texts[code].Length);
        }

        Bytes = new byte[starts[CodeCount]];
        for (int code = 0; code < CodeCount; code++)
        {
            for (int i = 0; i < texts[code].Length; i++)
            {
                Bytes[starts[code] + i] = (byte)texts[code][i];
            }
        }
    }

    /// <summary>All texts, one behind another.</summary>
    internal byte[] Bytes { get; }

    /// <summary>Where a code's text begins; that of the next code is where it ends.</summary>
    internal int StartOf(int code) => starts[code];

    /// <summary>Whether a code has a text: one that was found in memory may be any.</summary>
    internal bool Has(int code) => code > 0 && code < CodeCount && starts[code] != starts[code + 1];

    private static void NameLife(string[] texts)
    {
        texts[Life.DriverBound] = "driver bound, features 0x$";
        texts[Life.DriverGone] = "driver gone";
        texts[Life.DriverKept] = "driver goes on after the restart, features 0x$";
        texts[Life.StateLost] = "driver bound before the restart, its lines are lost, features 0x$";
        texts[Life.RecoveryAsked] = "Linux is asked to recover";
        texts[Life.OtherTable] = "driver bound to the table of another build";
    }

    private static void NameFaults(string[] texts)
    {
        texts[Fault.UnknownRequest] = "fault 10: unknown request type #";
        texts[Fault.LineOutOfRange] = "fault 11: line out of range (#)";
        texts[Fault.WrongValue] = "fault 12: value not allowed (#)";
        texts[Fault.ShortRequest] = "fault 13: request too short (# bytes)";
        texts[Fault.ShortResponse] = "fault 14: response buffer too short (# bytes)";
        texts[Fault.IrqOnOutput] = "fault 15: output and interrupt at once (line #)";
        texts[Fault.IrqNotNegotiated] = "fault 16: interrupts not negotiated (line #)";
        texts[Fault.SecondEventBuffer] = "fault 17: second eventq buffer (line #)";
        texts[Fault.StateLost] = "fault 18: state lost in a restart (line #)";
        texts[Fault.Forbidden] = "fault 19: forbidden by the row (line #)";
        texts[Fault.BadChain] = "fault 20: bad descriptor chain (head #)";
        texts[Fault.BadAddress] = "fault 21: buffer outside all windows (head #)";
        texts[Fault.HeadOutOfRange] = "fault 22: descriptor out of range (#)";
        texts[Fault.AvailableIndexJumped] = "fault 23: available index jumped (#)";
        texts[Fault.RingOutsideRegion] = "fault 30: ring outside of its region (0x$)";
        texts[Fault.FeaturesNotOffered] = "fault 31: features not offered (0x$)";
        texts[Fault.PinFailed] = "fault 40: pin failed (line #)";
        texts[Fault.Unexpected] = "fault 41: exception in the service loop";
        texts[Fault.MemoryFailed] = "fault 42: memory failed (head #)";
    }
}
