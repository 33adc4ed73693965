// Interleaved: the stock port with something between any two instructions of its taking of edges.

using System;
using System.Device.Gpio;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Unit;

/// <summary>
/// A copy of <see cref="GpioControllerPins"/> that calls <see cref="Pass"/> before each instruction of TakeEdges and of what that
/// calls: an interrupt can be put at every one of them, one after another.
/// </summary>
public sealed class Interleaved
{
    private static readonly string[] interruptible = ["TakeEdges", "ScanAfterOverflow", "Collect", "After"];
    private static readonly Lazy<Assembly> copy = new(LoadCopy);
    private static int left = -1;
    private static Action? interrupt;

    private readonly Func<int> takeEdges;

    /// <summary>Opens pins as lines 0, 1 and so on, and watches all of them.</summary>
    internal Interleaved(Mailbox mailbox, params int[] pinNumbers)
    {
        Array rows = Array.CreateInstance(Copied(typeof(LineConfig)), pinNumbers.Length);
        for (int line = 0; line < pinNumbers.Length; line++)
        {
            rows.SetValue(Activator.CreateInstance(Copied(typeof(LineConfig)), "", pinNumbers[line]), line);
        }

        dynamic pins = Activator.CreateInstance(Copied(typeof(GpioControllerPins)), new GpioController(), mailbox, rows, 0)!;
        for (int line = 0; line < pinNumbers.Length; line++)
        {
            pins.Watch(line, Edge.Rising | Edge.Falling);
        }

        takeEdges = ((MethodInfo)pins.GetType().GetMethod(nameof(TakeEdges))).CreateDelegate<Func<int>>((object)pins);
    }

    /// <summary>Whether the interrupt has come.</summary>
    internal bool IsOver => left < 0;

    /// <summary>Lets an interrupt come before the instruction of this number, from the next one on.</summary>
    internal void InterruptAt(int instruction, Action handler)
    {
        left = instruction;
        interrupt = handler;
    }

    /// <summary>Calls <see cref="GpioControllerPins.TakeEdges"/>.</summary>
    internal int TakeEdges() => takeEdges();

    /// <summary>Called by the copy.</summary>
    public static void Pass()
    {
        if (left >= 0 && left-- == 0)
        {
            interrupt!();
        }
    }

    private static Type Copied(Type type) => copy.Value.GetType(type.FullName!, throwOnError: true)!;

    private static Assembly LoadCopy()
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(typeof(GpioControllerPins).Assembly.Location);
        ModuleDefinition module = assembly.MainModule;
        AssemblyNameReference home = AssemblyNameReference.Parse(typeof(Interleaved).Assembly.FullName);
        module.AssemblyReferences.Add(home);
        MethodReference pass = new(nameof(Pass), module.TypeSystem.Void, new TypeReference(typeof(Interleaved).Namespace, nameof(Interleaved), module, home));
        foreach (MethodDefinition method in module.GetType(typeof(GpioControllerPins).FullName).Methods.Where(method => interruptible.Contains(method.Name)))
        {
            method.Body.SimplifyMacros();
            ILProcessor il = method.Body.GetILProcessor();
            foreach (Instruction instruction in method.Body.Instructions.ToArray())
            {
                il.InsertBefore(instruction, il.Create(OpCodes.Call, pass));
            }

            method.Body.OptimizeMacros();
        }

        using MemoryStream image = new();
        assembly.Write(image);
        image.Position = 0;
        return new AssemblyLoadContext("interleaved").LoadFromStream(image);
    }
}
