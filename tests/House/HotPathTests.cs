// What runs for a message allocates nothing and does nothing dear, and each rule finds its breach.

using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class HotPathTests
{
    private const string Seam = "VirtioGpio.Hal.IPins";

    private static readonly string[] roots =
    [
        "DeviceLoop.Step",

        // The pin's callback, on the event dispatcher.
        "GpioControllerPins.OnValueChanged",
    ];

    // Method, rule, and why it may.
    private static readonly (string Place, string Rule, string Reason)[] allowed =
    [
        ("EventQueue.Resume", HotPath.Allocation, "once, for a driver that an earlier run of the firmware has served"),
        ("EventQueue.ResumeBuffers", HotPath.Allocation, "once, for a driver that an earlier run of the firmware has served"),
        ("Virtqueue.AdoptParked", HotPath.Allocation, "once, for a driver that an earlier run of the firmware has served"),
        ("Virtqueue.ReadUsedAgo", HotPath.Allocation, "once, for a driver that an earlier run of the firmware has served"),
        ("Virtqueue.FindOutstanding", HotPath.Allocation, "once, for a driver that an earlier run of the firmware has served"),
        ("Virtqueue.Collect", HotPath.Allocation, "once, for a driver that an earlier run of the firmware has served"),
        ("GpioControllerPins.Drive", HotPath.Struct, "System.Device.Gpio speaks in PinValue"),
        ("GpioControllerPins.Sense", HotPath.Struct, "System.Device.Gpio speaks in PinValue"),
    ];

    [TestMethod]
    public void Message_OnItsWay_MeetsNothingDear()
    {
        Found.None(
            from finding in Firmware().Inspect()
            where !allowed.Any(allowance => allowance.Place == finding.Place && allowance.Rule == finding.Rule)
            select finding.ToString());
    }

    [TestMethod]
    public void Allowance_OfTheList_IsStillNeeded()
    {
        Finding[] findings = Firmware().Inspect().ToArray();
        Found.None(
            from allowance in allowed
            where !findings.Any(finding => allowance.Place == finding.Place && allowance.Rule == finding.Rule)
            select $"{allowance.Place}: {allowance.Rule} ({allowance.Reason})");
    }

    [TestMethod]
    public void Path_OfAMessage_EntersEveryRoomThatServesIt()
    {
        string[] entered = Firmware().Methods.Select(method => method.DeclaringType.Name).Distinct().ToArray();
        string[] rooms =
            ["DeviceLoop", "Vdev", "Virtqueue", "DescriptorChain", "RequestQueue", "EventQueue", "LineTable", "GpioControllerPins"];
        CollectionAssert.IsSubsetOf(rooms, entered);
        Assert.IsTrue(Firmware().Methods.Any(method => method.DeclaringType.Interfaces.Any(given => given.InterfaceType.FullName == Seam)));
        Assert.IsFalse(Firmware().Methods.Any(method => method.IsConstructor || method.DeclaringType.Name == "GpioBoard"));
    }

    [TestMethod]
    [DataRow(HotPath.Allocation, "new object();")]
    [DataRow(HotPath.Allocation, "F = new byte[2];")]
    [DataRow(HotPath.Boxing, "O = N;")]
    [DataRow(HotPath.Struct, "TimeSpan t = S; if (t == S) { N = 1; }")]
    [DataRow(HotPath.Struct, "Take(S);")]
    [DataRow(HotPath.Virtual, "O.GetHashCode();")]
    [DataRow(HotPath.Virtual, "Other.Do();")]
    [DataRow(HotPath.Virtual, "D();")]
    [DataRow(HotPath.Lock, "lock (O) { N++; }")]
    [DataRow(HotPath.Lock, "Synchronized();")]
    [DataRow(HotPath.Throw, "throw null;")]
    [DataRow(HotPath.Throw, "try { N++; } catch (Exception) { throw; }")]
    [DataRow(HotPath.Strings, "O = \"x\";")]
    [DataRow(HotPath.Strings, "O = N.ToString();")]
    [DataRow(HotPath.Delegate, "D = Step;")]
    [DataRow(HotPath.Allocation, "Seam.Sense();")]
    public void Code_ThatBreaksARule_IsRefused(string rule, string code)
    {
        CollectionAssert.Contains(InStep(code).Inspect().Select(finding => finding.Rule).ToArray(), rule);
    }

    [TestMethod]
    [DataRow("Seam.Wait();")]
    [DataRow("N = F[0] | F[1] << 8; L = M == Kind.Other ? (long)N << 32 : 0;")]
    [DataRow("try { Cheap(ref N); } catch (Exception) { N = 0; }")]
    public void Code_ThatIsCheap_IsLetThrough(string code)
    {
        Found.None(InStep(code).Inspect().Select(finding => finding.ToString()));
    }

    private static HotPath Firmware()
    {
        IEnumerable<AssemblyDefinition> rooms = new[] { Flashed.Firmware, Flashed.Hal }.Select(name => Flashed.Assemblies[name]);
        return new HotPath(rooms, roots, Seam);
    }

    private static HotPath InStep(string code)
    {
        AssemblyDefinition assembly = Snippet.Compile($$"""
            namespace VirtioGpio.Hal
            {
                public interface IPins { void Sense(); void Wait(); }
                public interface IOther { void Do(); }
                class Pins : IPins { public void Sense() { new object(); } public void Wait() { } }
                class Others : IOther { public void Do() { } }
            }

            enum Kind { One, Other }
            delegate void Callback();

            class DeviceLoop
            {
                VirtioGpio.Hal.IPins Seam; VirtioGpio.Hal.IOther Other; Callback D;
                object O; int N; long L; byte[] F; TimeSpan S; Kind M;
                public void Step() { {{code}} }
                void Take(TimeSpan t) { }
                void Cheap(ref int n) { n++; }
                [MethodImpl(MethodImplOptions.Synchronized)] void Synchronized() { }
            }
            """);
        return new HotPath([assembly], roots, Seam);
    }
}
