// Output and the comparison of arrays.

using System;

namespace nanoFramework.TestFramework;

public static class OutputHelper
{
    public static void Write(string message) => Console.Write(message);

    public static void WriteLine(string message) => Console.WriteLine(message);
}

public static class TestExtensions
{
    /// <summary>Whether both arrays have the same length and equal elements of the same types; false if one is null.</summary>
    public static bool SequenceEqual(this Array? a, Array? b)
    {
        if (a is null || b is null || a.Length != b.Length)
        {
            return false;
        }

        for (int i = 0; i < a.Length; i++)
        {
            if (!Equals(a.GetValue(i), b.GetValue(i)))
            {
                return false;
            }
        }

        return true;
    }
}
