// Toll: what rewritten code calls at the start of each basic block, and before it makes an array.

namespace VirtioGpio.Tests.Price;

/// <summary>Counts how often each block was passed. One thread.</summary>
public static class Toll
{
    private static long[] passed = [];

    /// <summary>Bytes of arrays since <see cref="Open"/>, as the device's heap counts them.</summary>
    public static long ArrayBytes { get; private set; }

    /// <summary>Starts to count, from nothing.</summary>
    public static void Open(int blocks)
    {
        passed = new long[blocks];
        ArrayBytes = 0;
    }

    /// <summary>How often each block was passed.</summary>
    public static long[] Read() => (long[])passed.Clone();

    /// <summary>A block begins.</summary>
    public static void Pass(int block)
    {
        if (block < passed.Length)
        {
            passed[block]++;
        }
    }

    /// <summary>An array is made.</summary>
    /// <returns>Its length, unchanged.</returns>
    public static int MakeArray(int length, int elementSize)
    {
        ArrayBytes += Charge.InBlocks(Charge.ArrayHeader + length * elementSize);
        return length;
    }
}
