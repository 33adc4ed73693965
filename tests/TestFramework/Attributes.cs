// The attributes of nanoFramework.TestFramework as MSTest understands them.

using System;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using MSTest = Microsoft.VisualStudio.TestTools.UnitTesting;

namespace nanoFramework.TestFramework;

/// <summary>A class of tests. It has no instance state: the device calls its methods without an object.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public class TestClassAttribute : MSTest.TestClassAttribute
{
    public virtual TestMethodAttribute GetTestMethodAttribute(TestMethodAttribute testMethodAttribute) => testMethodAttribute;
}

/// <summary>A test. With <see cref="DataRowAttribute"/> on the same method it runs once for each row.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
public class TestMethodAttribute : MSTest.TestMethodAttribute
{
    public TestMethodAttribute()
        : base(string.Empty, -1)
    {
    }

    /// <summary>Runs the class's set-up if this is its first test, then the test.</summary>
    public override Task<TestResult[]> ExecuteAsync(ITestMethod testMethod)
    {
        Exception? fault = ClassRun.Enter(testMethod.MethodInfo.ReflectedType!);
        return fault is null ? base.ExecuteAsync(testMethod) : Task.FromResult<TestResult[]>([NotRun(fault)]);
    }

    private static TestResult NotRun(Exception fault)
    {
        return new TestResult
        {
            Outcome = fault is AssertInconclusiveException ? UnitTestOutcome.Inconclusive : UnitTestOutcome.Failed,
            TestFailureException = fault,
        };
    }
}

/// <summary>Arguments for one run of the test; at least one.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class DataRowAttribute : MSTest.DataRowAttribute
{
    public DataRowAttribute(params object[] methodParameters)
        : base(methodParameters)
    {
    }

    public object[] MethodParameters => Data!;
}

/// <summary>Runs once, before the first test of its class. If it fails or skips, so do all tests of the class.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
public class SetupAttribute : Attribute
{
}

/// <summary>Runs once, after the last test of its class: when a test of another class begins, or the process ends.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
public class CleanupAttribute : Attribute
{
}
