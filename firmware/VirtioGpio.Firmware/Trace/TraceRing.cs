// TraceRing: the last faults, for a debugger, a port's own report, or the text that Linux reads.
//
// Spec:    none.
// Trusts:  -
// Thread:  Record on the service thread; readers may see an entry half new.
// Memory:  two arrays of fixed size at construction.

namespace VirtioGpio.Firmware.Trace;

/// <summary>A fixed ring of fault codes. Recording costs a few array stores and never fails.</summary>
public sealed class TraceRing
{
    /// <summary>Entries kept; a power of two.</summary>
    public const int Capacity = 32;

    private readonly int[] faults = new int[Capacity];
    private readonly int[] details = new int[Capacity];

    /// <summary>Where faults are kept for a later run; null: nowhere.</summary>
    internal KeptFaults Kept;

    /// <summary>Whether the codes of <see cref="Life"/> are recorded among the faults.</summary>
    internal bool HasLife;

    /// <summary>How many faults were recorded since start, those that the ring has dropped included.</summary>
    public int Count { get; private set; }

    /// <summary>Records a fault.</summary>
    /// <param name="fault">A code of <see cref="Fault"/>.</param>
    /// <param name="detail">What that code's text says.</param>
    public void Record(int fault, int detail)
    {
        Add(fault, detail);
        if (Kept != null)
        {
            Kept.Store(fault, detail);
        }
    }

    /// <summary>Records what is no fault, on a board that has a text for it.</summary>
    /// <param name="code">A code of <see cref="Life"/>.</param>
    /// <param name="detail">What that code's text says.</param>
    internal void Note(int code, int detail)
    {
        if (HasLife)
        {
            Add(code, detail);
        }
    }

    /// <summary>The code of the fault recorded <paramref name="ago"/> faults before the last one, 0 = the last; 0 if there is none.</summary>
    public int FaultAt(int ago) => faults[(Count - 1 - ago) & (Capacity - 1)];

    /// <summary>The detail that goes with <see cref="FaultAt"/>.</summary>
    public int DetailAt(int ago) => details[(Count - 1 - ago) & (Capacity - 1)];

    private void Add(int code, int detail)
    {
        faults[Count & (Capacity - 1)] = code;
        details[Count & (Capacity - 1)] = detail;
        Count++;
    }
}
