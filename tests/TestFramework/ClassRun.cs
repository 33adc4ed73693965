// ClassRun: set-up before a class's first test and clean-up after its last, as the device's launcher does it.
//
// MSTest has the like only for static methods of its own form. One test runs at a time (tests.props), and those of a class
// come together, so a class is over when a test of another one begins.

using System;
using System.Linq;
using System.Reflection;
using TestFrameworkShared;

namespace nanoFramework.TestFramework;

/// <summary>The class whose tests are running.</summary>
internal static class ClassRun
{
    private static readonly object gate = new();
    private static Type? current;
    private static Exception? fault;

    static ClassRun() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Leave();

    /// <summary>A test of the class is about to run.</summary>
    /// <returns>Why no test of the class can run, or null.</returns>
    internal static Exception? Enter(Type testClass)
    {
        lock (gate)
        {
            if (current != testClass)
            {
                Exception? cleanupFault = Leave();
                current = testClass;
                fault = cleanupFault ?? FindState(testClass) ?? Run<SetupAttribute>(testClass);
            }

            return fault;
        }
    }

    private static Exception? Leave()
    {
        Type? last = current;
        current = null;
        Exception? cleanupFault = last is null || fault is not null ? null : Run<CleanupAttribute>(last);
        if (cleanupFault is not null)
        {
            Console.Error.WriteLine($"Cleanup of {last} failed: {cleanupFault}");
        }

        return cleanupFault;
    }

    private static AssertFailedException? FindState(Type testClass)
    {
        FieldInfo? field = testClass
            .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .FirstOrDefault();
        return field is null
            ? null
            : new AssertFailedException($"{testClass} has the instance field {field.Name}; the device calls tests without an object.");
    }

    private static Exception? Run<TAttribute>(Type testClass)
        where TAttribute : Attribute
    {
        try
        {
            foreach (MethodInfo method in testClass.GetMethods().Where(method => method.IsDefined(typeof(TAttribute))))
            {
                object? instance = method.IsStatic ? null : Activator.CreateInstance(testClass);
                method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, null, null);
            }

            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
