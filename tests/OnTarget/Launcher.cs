// Launcher: finds and runs the tests of NFUnitTest as nanoFramework's does: by its attributes, a row at a time.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using nanoFramework.TestFramework;

namespace VirtioGpio.Tests.OnTarget;

/// <summary>One run of a test.</summary>
/// <param name="Method">The test.</param>
/// <param name="Row">The number of its data row, or 0.</param>
internal sealed record DeployedTest(MethodInfo Method, int Row)
{
    /// <summary>Class, method and row, as the launcher reports them.</summary>
    internal string Name => $"{Method.DeclaringType!.Name}.{Method.Name}.{Row}";

    /// <summary>Runs it; throws what it throws.</summary>
    internal void Run()
    {
        object?[]? row = Method.GetCustomAttributes<DataRowAttribute>().ElementAtOrDefault(Row)?.MethodParameters;
        Method.Invoke(Activator.CreateInstance(Method.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, row, null);
    }
}

internal static class Launcher
{
    private static readonly Lazy<IReadOnlyDictionary<string, DeployedTest>> tests = new(() => Find().ToDictionary(test => test.Name));

    /// <summary>The runs of all tests, by name.</summary>
    internal static IReadOnlyDictionary<string, DeployedTest> Tests => tests.Value;

    private static IEnumerable<DeployedTest> Find()
    {
        Assembly deployed = new Deployment().LoadFromAssemblyName(new AssemblyName("NFUnitTest"));
        return
            from type in deployed.GetTypes()
            where type.IsDefined(typeof(TestClassAttribute))
            from method in type.GetMethods()
            where method.IsDefined(typeof(TestMethodAttribute))
            from row in Enumerable.Range(0, Math.Max(1, method.GetCustomAttributes<DataRowAttribute>().Count()))
            select new DeployedTest(method, row);
    }

    /// <summary>The deployed assemblies; the core library, System.Device.Gpio and the test framework are the desktop's.</summary>
    private sealed class Deployment() : AssemblyLoadContext("deployed")
    {
        protected override Assembly? Load(AssemblyName name)
        {
            string file = Path.Combine(AppContext.BaseDirectory, "deployed", name.Name + ".dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
}
