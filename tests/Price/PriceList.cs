// PriceList: what the interpreter charges.
//
// Measured on nanoCLR (POSIX host, x86-64, Release) with loops of one construct each, net of the loop; the unit is a simple
// operation of 3.0 ns, and only ratios carry over to a device. The measured constructs stand in PriceListTests. Arithmetic on
// 64 bits (measured: 0.9 dearer an addition) counts as any other.

using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VirtioGpio.Tests.Price;

/// <summary>The price of each instruction. The loads of a call's arguments are instructions of their own.</summary>
internal static class PriceList
{
    internal const string Simple = "simple";
    internal const string Field = "field";
    internal const string StaticField = "static field";
    internal const string StaticCall = "static call";
    internal const string InstanceCall = "instance call";
    internal const string VirtualCall = "virtual or interface call";
    internal const string Native = "native call";
    internal const string Platform = "System.Device.Gpio";
    internal const string Exceptions = "exceptions";
    internal const string Allocation = "allocation";
    internal const string Unknown = "no price for ";

    private const double SimplePrice = 0.65;
    private const double CallPrice = 7;
    private const double NativePrice = 24;
    private const double LockPrice = 64;
    private const double StructPassedPrice = 15.5;
    private const double StructFieldPrice = 14;
    private const double NewStructPrice = 21;

    // Locals, arguments, constants, arithmetic, comparison, branches, switch, array elements: 0.6 to 0.8 each.
    private static readonly Charge simple = new(Simple, SimplePrice);

    private static readonly Dictionary<Code, Charge> special = new()
    {
        [Code.Nop] = new(Simple, 0),
        [Code.Ret] = new(Simple, 0), // in the price of the call
        [Code.Ldfld] = new(Field, 2.3),
        [Code.Ldflda] = new(Field, 2.3),
        [Code.Stfld] = new(Field, 1.1),
        [Code.Ldsfld] = new(StaticField, 3.25),
        [Code.Ldsflda] = new(StaticField, 3.25),
        [Code.Stsfld] = new(StaticField, 2.05),
        [Code.Leave] = new(Exceptions, 2.6),
        [Code.Leave_S] = new(Exceptions, 2.6),
        [Code.Endfinally] = new(Exceptions, 4.3),
        [Code.Throw] = new(Exceptions, 82),
        [Code.Rethrow] = new(Exceptions, 82),
        [Code.Isinst] = new(Simple, 5.5),
        [Code.Castclass] = new(Simple, 3.6),
        [Code.Newarr] = new(Allocation, 7),
        [Code.Box] = new(Allocation, 7.4, Bytes: Charge.OfObject(1)),
        [Code.Ldstr] = new(Allocation, 12, Bytes: Charge.ArrayHeader),
    };

    // The stock driver is not rewritten; its managed code is priced from its source, its natives are counted as PinHardware does.
    private static readonly Dictionary<string, Charge> platform = new()
    {
        ["GpioPin.Read"] = new(Platform, NativePrice, Natives: 1),
        ["GpioPin.Write"] = new(Platform, CallPrice + LockPrice + StructPassedPrice + NativePrice, Natives: 1),
        ["GpioPin.SetPinMode"] = new(Platform, CallPrice + LockPrice + NativePrice, Natives: 1),
        ["PinValue.op_Explicit"] = new(Platform, CallPrice + StructFieldPrice),
        ["PinValue.op_Implicit"] = new(Platform, CallPrice + CallPrice + NewStructPrice + StructPassedPrice),
        // Under the lock Delegate.Combine or Remove, a native, with a cast, and the pin's mode once more, in a try block.
        ["GpioPin.add_ValueChanged"] = new(Platform, CallPrice + LockPrice + 2 * NativePrice + 20, Natives: 1),
        ["GpioPin.remove_ValueChanged"] = new(Platform, CallPrice + LockPrice + 2 * NativePrice + 20, Natives: 1),
        ["PinValueChangedEventArgs.get_ChangeType"] = new(Platform, 4.7 + SimplePrice + 2.3),
        ["PinValueChangedEventArgs.get_PinNumber"] = new(Platform, 4.7 + SimplePrice + 2.3),
    };

    /// <summary>The charge for an instruction; of kind <see cref="Unknown"/> if the list has no price for what it calls.</summary>
    internal static Charge Of(Instruction instruction)
    {
        Code code = instruction.OpCode.Code;
        return code switch
        {
            Code.Call or Code.Callvirt => OfCall((MethodReference)instruction.Operand, code == Code.Callvirt),
            Code.Newobj => OfNew(((MethodReference)instruction.Operand).DeclaringType.Resolve()),
            _ => special.GetValueOrDefault(code, simple),
        };
    }

    /// <summary>The same for an instruction without operand, by its name.</summary>
    internal static Charge Of(Code code) => special.GetValueOrDefault(code, simple);

    /// <summary>The charge for a call of that kind, with its return.</summary>
    internal static Charge OfCall(string kind)
    {
        return kind switch
        {
            StaticCall or InstanceCall => new(kind, CallPrice),
            VirtualCall => new(kind, 17.5),
            Native => new(kind, NativePrice, Natives: 1),
            _ => throw new NotSupportedException(kind),
        };
    }

    /// <summary>The charge for a call of an instance method that calls nothing: the interpreter runs it in the caller's frame.</summary>
    internal static Charge OfLeafCall() => new(InstanceCall, 4.7);

    private static Charge OfCall(MethodReference called, bool looksUp)
    {
        if (platform.TryGetValue($"{called.DeclaringType.Name}.{called.Name}", out Charge? charge))
        {
            return charge;
        }

        MethodDefinition method = called.Resolve();
        return method switch
        {
            { IsInternalCall: true } => OfCall(Native),
            _ when !method.DeclaringType.Namespace.StartsWith("VirtioGpio.", StringComparison.Ordinal) && !method.DeclaringType.IsNested =>
                new Charge(Unknown + called.FullName, 0),
            { IsVirtual: true } when looksUp => OfCall(VirtualCall),
            { IsStatic: true } => OfCall(StaticCall),
            _ when IsLeaf(method) => OfLeafCall(),
            _ => OfCall(InstanceCall),
        };
    }

    private static Charge OfNew(TypeDefinition type) =>
        new(Allocation, 12.6, Bytes: Charge.OfObject(type.Fields.Count(field => !field.IsStatic)));

    private static bool IsLeaf(MethodDefinition method) =>
        !method.Body.Instructions.Any(instruction => instruction.Operand is MethodReference);
}
