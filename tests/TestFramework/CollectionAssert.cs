// The assertions on collections.

using System.Collections;
using System.Linq;

namespace nanoFramework.TestFramework;

/// <summary>Equal collections have equal elements in the same order.</summary>
public sealed class CollectionAssert
{
    public static void Empty(ICollection collection, string message = "")
    {
        Assert.Check(collection.Count == 0, "Empty", $"{collection.Count} elements. {message}");
    }

    public static void NotEmpty(ICollection collection, string message = "")
    {
        Assert.Check(collection.Count != 0, "NotEmpty", message);
    }

    public static void AreEqual(ICollection? expected, ICollection? actual, string message = "")
    {
        Assert.Check(Equal(expected, actual), "AreEqual", $"Expected:<{Text(expected)}>. Actual:<{Text(actual)}>. {message}");
    }

    public static void AreNotEqual(ICollection? notExpected, ICollection? actual, string message = "")
    {
        Assert.Check(!Equal(notExpected, actual), "AreNotEqual", $"Both:<{Text(actual)}>. {message}");
    }

    private static bool Equal(ICollection? a, ICollection? b)
    {
        return ReferenceEquals(a, b) || (a is not null && b is not null && a.Cast<object?>().SequenceEqual(b.Cast<object?>()));
    }

    private static string Text(ICollection? items) => items is null ? "(null)" : string.Join(", ", items.Cast<object?>());
}
