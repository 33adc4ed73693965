// Meter: a second copy of the whole system in this process, in which the flashed assemblies are rewritten to count.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;

namespace VirtioGpio.Tests.Price;

/// <summary>Prices messages.</summary>
internal sealed class Meter
{
    private static readonly Lazy<Meter> shared = new(() => new Meter());

    private readonly Rewriter rewriter = new();
    private readonly MethodInfo measure;
    private readonly MethodInfo measureGrowth;

    private Meter()
    {
        Dictionary<string, byte[]> rewritten = new[] { "VirtioGpio.Hal", "VirtioGpio.Firmware" }.ToDictionary(name => name, Rewrite);
        Assembly copy = new Context(rewritten).LoadFromAssemblyName(typeof(Meter).Assembly.GetName());
        measure = copy.GetType(typeof(Scenario).FullName!)!.GetMethod(nameof(Scenario.Measure))!;
        measureGrowth = copy.GetType(typeof(Growth).FullName!)!.GetMethod(nameof(Growth.Measure))!;
    }

    /// <summary>The one of this process.</summary>
    internal static Meter Shared => shared.Value;

    /// <summary>The bill for one message.</summary>
    internal Bill Price(string message) => Measure(message, measure, message);

    /// <summary>The bill for all messages of a comparison.</summary>
    internal Bill Price(Growth growth) =>
        Measure(growth.Kind, measureGrowth, growth.What, growth.Lines, growth.IsLatched, growth.Armed, growth.Busy);

    private Bill Measure(string name, MethodInfo method, params object?[] what)
    {
        object?[] arguments = [.. what, rewriter.Blocks.Count, null, null];
        long[] passed = (long[])method.Invoke(null, arguments)!;
        return new Bill(name, rewriter.Blocks, passed, arrayBytes: (long)arguments[^2]!, countedNatives: (long)arguments[^1]!);
    }

    private byte[] Rewrite(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "flashed");
        using Resolver resolver = new(folder);
        using AssemblyDefinition assembly =
            AssemblyDefinition.ReadAssembly(Path.Combine(folder, name + ".dll"), new ReaderParameters { AssemblyResolver = resolver });
        return rewriter.Rewrite(assembly);
    }

    /// <summary>Finds what flashed code refers to among the flashed assemblies and the contracts, nowhere else.</summary>
    private sealed class Resolver(string folder) : DefaultAssemblyResolver
    {
        public override AssemblyDefinition Resolve(AssemblyNameReference name) =>
            Resolve(name, new ReaderParameters { AssemblyResolver = this });

        public override AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) =>
            AssemblyDefinition.ReadAssembly(Path.Combine(folder, name.Name + ".dll"), parameters);
    }

    /// <summary>Loads everything of the project anew; twins and Toll are static, and the tests' own copies stay untouched.</summary>
    private sealed class Context(Dictionary<string, byte[]> rewritten) : AssemblyLoadContext("metered")
    {
        private static readonly string[] projects = ["VirtioGpio.", "System.Device.Gpio", "nanoFramework."];

        protected override Assembly? Load(AssemblyName name)
        {
            if (rewritten.TryGetValue(name.Name!, out byte[]? image))
            {
                return LoadFromStream(new MemoryStream(image));
            }

            string file = Path.Combine(AppContext.BaseDirectory, name.Name + ".dll");
            bool isOurs = projects.Any(start => name.Name!.StartsWith(start, StringComparison.Ordinal));
            return isOurs && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
}
