// Contract of nanoFramework.TestFramework 3.0: test attributes, assertions, output.
// The obsolete aliases (Equal, True, Throws ...) and the launcher's Helper are left out.

using System;
using System.Collections;
using Shown = System.Runtime.CompilerServices.CallerArgumentExpressionAttribute;

namespace nanoFramework.TestFramework;

[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public class TestClassAttribute : Attribute
{
    public virtual TestMethodAttribute GetTestMethodAttribute(TestMethodAttribute testMethodAttribute) => throw null;
}

[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
public class TestMethodAttribute : Attribute { }

[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class DataRowAttribute : Attribute
{
    public object[] MethodParameters => throw null;
    public DataRowAttribute(params object[] methodParameters) => throw null;
}

[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
public class SetupAttribute : Attribute { }

[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
public class CleanupAttribute : Attribute { }

public class SkipTestException : Exception
{
    public SkipTestException(string message = null, Exception innerException = null) => throw null;
}

public static class OutputHelper
{
    public static void Write(string message) => throw null;
    public static void WriteLine(string message) => throw null;
}

public static class TestExtensions
{
    public static bool SequenceEqual(this Array a, Array b) => throw null;
}

public sealed class CollectionAssert
{
    public static void Empty(ICollection collection, string message = "") => throw null;
    public static void NotEmpty(ICollection collection, string message = "") => throw null;
    public static void AreEqual(ICollection expected, ICollection actual, string message = "") => throw null;
    public static void AreNotEqual(ICollection notExpected, ICollection actual, string message = "") => throw null;
}

public sealed class Assert
{
    public static void SkipTest(string message = null) => throw null;
    public static void AreNotSame(object notExpected, object actual, [Shown("actual")] string message = "") => throw null;
    public static void AreSame(object expected, object actual, [Shown("actual")] string message = "") => throw null;
    public static void Contains(string expected, string value, [Shown("value")] string message = "") => throw null;
    public static void DoesNotContains(string notExpected, string value, [Shown("value")] string message = "") => throw null;
    public static void EndsWith(string expected, string value, [Shown("value")] string message = "") => throw null;
    public static void IsFalse(bool condition, [Shown("condition")] string message = "") => throw null;
    public static void IsInstanceOfType(object value, Type expected, [Shown("value")] string message = "") => throw null;
    public static void IsNotInstanceOfType(object value, Type notExpected, [Shown("value")] string message = "") => throw null;
    public static void IsNotNull(object value, [Shown("value")] string message = "") => throw null;
    public static void IsNull(object value, [Shown("value")] string message = "") => throw null;
    public static void IsTrue(bool condition, [Shown("condition")] string message = "") => throw null;
    public static void StartsWith(string expected, string value, [Shown("value")] string message = "") => throw null;
    public static void ThrowsException(Type exception, Action action, [Shown("action")] string message = "") => throw null;
    public static void AreEqual(bool expected, bool actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(byte expected, byte actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(char expected, char actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(DateTime expected, DateTime actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(double expected, double actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(float expected, float actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(int expected, int actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(long expected, long actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(object expected, object actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(sbyte expected, sbyte actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(short expected, short actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(string expected, string actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(uint expected, uint actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(ulong expected, ulong actual, [Shown("actual")] string message = "") => throw null;
    public static void AreEqual(ushort expected, ushort actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(bool notExpected, bool actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(byte notExpected, byte actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(char notExpected, char actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(DateTime notExpected, DateTime actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(double notExpected, double actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(float notExpected, float actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(long notExpected, long actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(int notExpected, int actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(object notExpected, object actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(sbyte notExpected, sbyte actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(short notExpected, short actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(string notExpected, string actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(uint notExpected, uint actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(ulong notExpected, ulong actual, [Shown("actual")] string message = "") => throw null;
    public static void AreNotEqual(ushort notExpected, ushort actual, [Shown("actual")] string message = "") => throw null;
}
