// Charge: what one instruction costs.

namespace VirtioGpio.Tests.Price;

/// <summary>An item on a bill.</summary>
/// <param name="Kind">What it is for: one of the kinds of <see cref="PriceList"/>.</param>
/// <param name="Operations">Simple operations of the interpreter.</param>
/// <param name="Natives">Native calls.</param>
/// <param name="Bytes">Bytes of the heap, but for arrays, whose length only the run knows.</param>
internal sealed record Charge(string Kind, double Operations, int Natives = 0, int Bytes = 0)
{
    /// <summary>Bytes of an array besides its elements, on a 32-bit device.</summary>
    internal const int ArrayHeader = 20;

    private const int HeapBlock = 12;

    /// <summary>Bytes of an object: a block for itself and one for each field.</summary>
    internal static int OfObject(int fields) => HeapBlock * (1 + fields);

    /// <summary>Rounds up to whole blocks.</summary>
    internal static int InBlocks(int bytes) => (bytes + HeapBlock - 1) / HeapBlock * HeapBlock;
}
