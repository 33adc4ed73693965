// A contract holds nothing that the real assembly lacks, and a twin holds exactly what it stands for: a contract, or the
// flashed assembly of the natives.
//
// The real surfaces are text listings, kept beside the project and not in it; without them their test is inconclusive.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class ContractSurfaceTests
{
    private const string Gpio = "System.Device.Gpio";
    private const string Events = "nanoFramework.Runtime.Events";
    private const string Natives = "VirtioGpio.Hal.Native";
    private const string TestFramework = "nanoFramework.TestFramework";

    [TestMethod]
    [DataRow(Events)]
    [DataRow(Gpio)]
    [DataRow(TestFramework)]
    public void Contract_ComparedWithRealAssembly_HoldsNothingMore(string name)
    {
        using AssemblyDefinition contract = ReadContract(name);
        AssertNone(FindExcess(Surface.OfAssembly(contract), Surface.OfListing(ListingOf(name))));
    }

    [TestMethod]
    [DataRow(Events, "1.11.37.0")]
    [DataRow(Gpio, "1.1.62.0")]
    [DataRow(TestFramework, "3.0.77.0")]
    public void Contract_Version_IsTheRealOne(string name, string version)
    {
        // The device binds by name and major.minor and ignores the rest.
        using AssemblyDefinition contract = ReadContract(name);
        Assert.AreEqual(name, contract.Name.Name);
        Assert.AreEqual(version, contract.Name.Version.ToString());
    }

    [TestMethod]
    [DataRow(Events)]
    [DataRow(Gpio)]
    [DataRow(Natives)]
    public void Twin_ComparedWithContract_IsTheSame(string name)
    {
        using AssemblyDefinition contract = ReadContract(name);
        using AssemblyDefinition twin = ReadTwin(name);
        Dictionary<string, TypeSurface> declared = Surface.OfAssembly(contract);
        Dictionary<string, TypeSurface> implemented = Surface.OfAssembly(twin);
        AssertNone(FindExcess(implemented, declared).Concat(FindExcess(declared, implemented)));
        Assert.AreEqual(contract.Name.FullName, twin.Name.FullName);
    }

    [TestMethod]
    public void ManagedNatives_ComparedWithNatives_AreTheSame()
    {
        using AssemblyDefinition natives = ReadContract(Natives);
        AssemblyDefinition managed = Flashed.Assemblies["VirtioGpio.Hal.Native.Managed"];
        Dictionary<string, TypeSurface> declared = Surface.OfAssembly(natives);
        Dictionary<string, TypeSurface> implemented = Surface.OfAssembly(managed);
        AssertNone(FindExcess(implemented, declared).Concat(FindExcess(declared, implemented)));
        Assert.AreEqual(natives.Name.FullName, managed.Name.FullName);
    }

    [TestMethod]
    public void TestFrameworkFacade_ComparedWithContract_DiffersInBasesAlone()
    {
        using AssemblyDefinition contract = ReadContract(TestFramework);
        using AssemblyDefinition facade = ReadTwin(TestFramework);
        Dictionary<string, TypeSurface> declared = WithoutBases(Surface.OfAssembly(contract));
        Dictionary<string, TypeSurface> implemented = WithoutBases(Surface.OfAssembly(facade));
        AssertNone(FindExcess(implemented, declared).Concat(FindExcess(declared, implemented)));
        Assert.AreEqual(contract.Name.FullName, facade.Name.FullName);
    }

    [TestMethod]
    public void BogusMember_AddedToContract_IsFound()
    {
        using AssemblyDefinition contract = ReadContract(Gpio);
        Dictionary<string, TypeSurface> before = Surface.OfAssembly(contract);
        TypeDefinition pin = contract.MainModule.GetType("System.Device.Gpio.GpioPin");
        pin.Methods.Add(new MethodDefinition("Bogus", MethodAttributes.Public, contract.MainModule.TypeSystem.Void));
        Dictionary<string, TypeSurface> after = Surface.OfAssembly(contract);
        CollectionAssert.AreEqual(new[] { "System.Device.Gpio.GpioPin: void Bogus()" }, FindExcess(after, before).ToArray());
    }

    [TestMethod]
    public void BogusType_AddedToContract_IsFound()
    {
        using AssemblyDefinition contract = ReadContract(Gpio);
        Dictionary<string, TypeSurface> before = Surface.OfAssembly(contract);
        TypeAttributes visible = TypeAttributes.Public | TypeAttributes.Interface | TypeAttributes.Abstract;
        contract.MainModule.Types.Add(new TypeDefinition("System", "Bogus", visible));
        CollectionAssert.AreEqual(new[] { "type System.Bogus" }, FindExcess(Surface.OfAssembly(contract), before).ToArray());
    }

    [TestMethod]
    public void Enum_OfAnyContract_IsAnInt()
    {
        // The listings do not show it: none of the real enums names another underlying type.
        foreach (string name in new[] { Events, Gpio, TestFramework })
        {
            using AssemblyDefinition contract = ReadContract(name);
            AssertNone(contract.MainModule.GetTypes()
                .Where(type => type.IsEnum && type.GetEnumUnderlyingType().FullName != "System.Int32")
                .Select(type => type.FullName));
        }
    }

    private static IEnumerable<string> FindExcess(Dictionary<string, TypeSurface> some, Dictionary<string, TypeSurface> all)
    {
        foreach ((string name, TypeSurface type) in some)
        {
            if (!all.TryGetValue(name, out TypeSurface? other))
            {
                yield return $"type {name}";
                continue;
            }

            IEnumerable<string> head = type.Head == other.Head ? [] : [type.Head];
            IEnumerable<string> bases = type.Bases.Except(other.Bases).Select(given => $"derives from {given}");
            foreach (string excess in head.Concat(bases).Concat(type.Members.Except(other.Members)))
            {
                yield return $"{name}: {excess}";
            }
        }
    }

    // The facade's attributes derive from MSTest's and override what makes them run.
    private static Dictionary<string, TypeSurface> WithoutBases(Dictionary<string, TypeSurface> types)
    {
        return types.ToDictionary(entry => entry.Key, entry => entry.Value with
        {
            Bases = new HashSet<string>(),
            Members = entry.Value.Members.Where(member => !member.StartsWith("override ", StringComparison.Ordinal)).ToHashSet(),
        });
    }

    private static void AssertNone(IEnumerable<string> found)
    {
        string[] lines = found.ToArray();
        Assert.IsEmpty(lines, Environment.NewLine + string.Join(Environment.NewLine, lines));
    }

    private static AssemblyDefinition ReadContract(string name) => ReadTwin(Path.Combine("contracts", name));

    private static AssemblyDefinition ReadTwin(string name)
    {
        return AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
    }

    private static string ListingOf(string name)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Directory.Build.props")))
        {
            root = root.Parent;
        }

        string path = Path.Combine(root?.Parent?.FullName ?? "", "shared", "nanoframework-api", name + ".txt");
        if (!File.Exists(path))
        {
            Assert.Inconclusive($"The listing of the real {name} is not at hand (../shared/nanoframework-api beside the project).");
        }

        return path;
    }
}
