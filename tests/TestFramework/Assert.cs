// The assertions of nanoFramework.TestFramework. A failure says "Assert.What failed. ...", as on the device.

using System;
using System.Diagnostics.CodeAnalysis;
using TestFrameworkShared;
using Shown = System.Runtime.CompilerServices.CallerArgumentExpressionAttribute;

namespace nanoFramework.TestFramework;

/// <summary>Each method throws <see cref="AssertFailedException"/> unless what its name says holds; types must match exactly.</summary>
public sealed class Assert
{
    [DoesNotReturn]
    public static void SkipTest(string? message = null) => throw new SkipTestException(message);

    public static void AreNotSame(object? notExpected, object? actual, [Shown("actual")] string message = "")
    {
        Check(!ReferenceEquals(notExpected, actual), "AreNotSame", message);
    }

    public static void AreSame(object? expected, object? actual, [Shown("actual")] string message = "")
    {
        string hint = expected is ValueType || actual is ValueType ? "Boxed values are never the same, consider AreEqual(). " : "";
        Check(ReferenceEquals(expected, actual), "AreSame", hint + message);
    }

    public static void Contains(string expected, string value, [Shown("value")] string message = "")
    {
        Check(Both(expected, value) && value.Contains(expected), "Contains", $"'{value}' does not contain '{expected}'. {message}");
    }

    public static void DoesNotContains(string notExpected, string value, [Shown("value")] string message = "")
    {
        bool holds = Both(notExpected, value) && !value.Contains(notExpected);
        Check(holds, "DoesNotContains", $"'{value}' should not contain '{notExpected}'. {message}");
    }

    public static void EndsWith(string expected, string value, [Shown("value")] string message = "")
    {
        bool holds = Both(expected, value) && value.EndsWith(expected, StringComparison.Ordinal);
        Check(holds, "EndsWith", $"'{value}' does not end with '{expected}'. {message}");
    }

    public static void StartsWith(string expected, string value, [Shown("value")] string message = "")
    {
        bool holds = Both(expected, value) && value.StartsWith(expected, StringComparison.Ordinal);
        Check(holds, "StartsWith", $"'{value}' does not start with '{expected}'. {message}");
    }

    public static void IsFalse(bool condition, [Shown("condition")] string message = "") => Check(!condition, "IsFalse", message);

    public static void IsTrue(bool condition, [Shown("condition")] string message = "") => Check(condition, "IsTrue", message);

    public static void IsNull(object? value, [Shown("value")] string message = "") => Check(value is null, "IsNull", message);

    public static void IsNotNull([NotNull] object? value, [Shown("value")] string message = "")
    {
        Check(value is not null, "IsNotNull", message);
    }

    public static void IsInstanceOfType(object? value, Type expected, [Shown("value")] string message = "")
    {
        Type? actual = value?.GetType();
        Check(expected == actual, "IsInstanceOfType", $"Expected type:<{expected}>. Actual type:<{Text(actual)}>. {message}");
    }

    public static void IsNotInstanceOfType(object? value, Type notExpected, [Shown("value")] string message = "")
    {
        Check(notExpected != value?.GetType(), "IsNotInstanceOfType", $"Wrong type:<{notExpected}>. {message}");
    }

    public static void ThrowsException(Type exception, Action action, [Shown("action")] string message = "")
    {
        string outcome = $"No exception thrown. {exception.Name} exception was expected. {message}";
        try
        {
            action();
        }
        catch (Exception e) when (e.GetType() == exception)
        {
            return;
        }
        catch (Exception e)
        {
            outcome = $"Threw exception {e.GetType().Name}, but exception {exception.Name} was expected. {message}"
                + $"{Environment.NewLine}Exception Message: {e.Message}";
        }

        Check(false, "ThrowsException", outcome);
    }

    public static void AreEqual(bool expected, bool actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(byte expected, byte actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(char expected, char actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(DateTime expected, DateTime actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(double expected, double actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(float expected, float actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(int expected, int actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(long expected, long actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(object? expected, object? actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(sbyte expected, sbyte actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(short expected, short actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(string? expected, string? actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(uint expected, uint actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(ulong expected, ulong actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreEqual(ushort expected, ushort actual, [Shown("actual")] string message = "")
        => Same(expected, actual, message);

    public static void AreNotEqual(bool notExpected, bool actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(byte notExpected, byte actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(char notExpected, char actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(DateTime notExpected, DateTime actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(double notExpected, double actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(float notExpected, float actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(int notExpected, int actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(long notExpected, long actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(object? notExpected, object? actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(sbyte notExpected, sbyte actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(short notExpected, short actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(string? notExpected, string? actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(uint notExpected, uint actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(ulong notExpected, ulong actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    public static void AreNotEqual(ushort notExpected, ushort actual, [Shown("actual")] string message = "")
        => Differ(notExpected, actual, message);

    internal static void Check([DoesNotReturnIf(false)] bool holds, string assertion, string message)
    {
        if (!holds)
        {
            throw new AssertFailedException($"Assert.{assertion} failed. {message}");
        }
    }

    private static void Same(object? expected, object? actual, string message)
    {
        Check(Equals(expected, actual), "AreEqual", $"Expected:<{Text(expected)}>. Actual:<{Text(actual)}>. {message}");
    }

    private static void Differ(object? notExpected, object? actual, string message)
    {
        string values = $"Expected any value except:<{Text(notExpected)}>. Actual:<{Text(actual)}>.";
        Check(!Equals(notExpected, actual), "AreNotEqual", $"{values} {message}");
    }

    private static bool Both(string? expected, string? value) => expected is not null && value is not null;

    private static string Text(object? value) => value?.ToString()?.Replace("\0", "\\0", StringComparison.Ordinal) ?? "(null)";
}
