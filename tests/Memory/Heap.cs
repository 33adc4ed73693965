// Heap: what a graph of objects takes on the interpreter's heap (32 bit), by the interpreter's own rules.
//
// Everything is made of blocks of 12 bytes. What the rules do not say is assumed:
//   object      a block, and one for each field, those of the bases included, whatever the field's type
//   array       20 bytes and its elements, rounded up to blocks; a reference takes a block, an enum what its numbers take
//   string      a block: the strings of a board are literals, whose text stays in flash
//   delegate    three blocks: header, type and method, target
//   natives     SharedMemory, Mailbox and Pads have no field on the device, whatever their twins have
//   GpioPin     seven fields in the stock driver's source, a lock, a PinValue (a struct is an object of its own), the
//               controller's entry of five fields, and a place in each of two lists

using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace VirtioGpio.Tests.Memory;

/// <summary>Walks from some roots and counts each object once.</summary>
internal sealed class Heap
{
    private const int Block = 12;
    private const int ArrayHeader = 20;
    private const int DelegateSize = 3 * Block;

    private static readonly string[] flashed = ["VirtioGpio.Hal", "VirtioGpio.Firmware"];
    private static readonly Type[] natives = [typeof(Hal.SharedMemory), typeof(Hal.Mailbox), typeof(Hal.Pads)];
    private static readonly int stockPin = OfObject(fields: 7) + OfObject(0) + OfObject(1) + OfObject(fields: 5) + 2 * Block;

    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> shares = [];

    /// <summary>Counts what can be reached from the roots, and the static fields of the flashed assemblies.</summary>
    internal Heap(params object[] roots)
    {
        foreach (object root in roots)
        {
            Visit(root);
        }

        foreach (FieldInfo field in flashed.Select(Assembly.Load).SelectMany(assembly => assembly.GetTypes()).SelectMany(StaticFieldsOf))
        {
            Add(field.DeclaringType!.Name + " (static)", Block);
            Visit(field.GetValue(null));
        }
    }

    /// <summary>Bytes in all.</summary>
    internal int Bytes => shares.Values.Sum();

    /// <summary>Who takes how much, the largest first.</summary>
    internal string Details() =>
        string.Join(Environment.NewLine, shares.OrderByDescending(share => share.Value).Select(share => $"{share.Value,7}  {share.Key}"));

    /// <summary>Bytes of an object.</summary>
    internal static int OfObject(int fields) => Block * (1 + fields);

    /// <summary>Bytes of an array without what its elements refer to.</summary>
    internal static int OfArray(Type element, int length) => (ArrayHeader + length * SizeOf(element) + Block - 1) / Block * Block;

    private static int SizeOf(Type element)
    {
        return Type.GetTypeCode(element) switch
        {
            TypeCode.Boolean or TypeCode.Byte or TypeCode.SByte => 1,
            TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Char => 2,
            TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Single => 4,
            TypeCode.Int64 or TypeCode.UInt64 or TypeCode.Double => 8,
            _ => Block,
        };
    }

    private void Visit(object? thing, string owner = "")
    {
        if (thing is null || !seen.Add(thing))
        {
            return;
        }

        switch (thing)
        {
            case string:
                Add("strings of " + owner, Block);
                break;
            case Array array:
                Add("arrays of " + owner, OfArray(array.GetType().GetElementType()!, array.Length));
                VisitElements(array, owner);
                break;
            case Delegate callback:
                Add("delegates of " + owner, DelegateSize);
                Visit(callback.Target);
                break;
            case GpioPin:
                Add("System.Device.Gpio, for its pins", stockPin);
                break;
            default:
                VisitFields(thing);
                break;
        }
    }

    private void VisitElements(Array array, string owner)
    {
        if (!array.GetType().GetElementType()!.IsValueType)
        {
            foreach (object? element in array)
            {
                Visit(element, owner);
            }
        }
    }

    private void VisitFields(object thing)
    {
        Type type = thing.GetType();
        bool isNative = natives.Contains(type);
        if (!isNative && !flashed.Contains(type.Assembly.GetName().Name))
        {
            throw new NotSupportedException($"no rule for {type}");
        }

        FieldInfo[] fields = isNative ? [] : InstanceFieldsOf(type).ToArray();
        Add(type.Name, OfObject(fields.Length));
        foreach (FieldInfo field in fields)
        {
            if (!field.FieldType.IsValueType)
            {
                Visit(field.GetValue(thing), type.Name);
            }
            else if (!field.FieldType.IsPrimitive && !field.FieldType.IsEnum)
            {
                throw new NotSupportedException($"no rule for a field of type {field.FieldType}");
            }
        }
    }

    private void Add(string what, int bytes) => shares[what] = shares.GetValueOrDefault(what) + bytes;

    private static IEnumerable<FieldInfo> InstanceFieldsOf(Type type)
    {
        const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (Type? level = type; level is not null; level = level.BaseType)
        {
            foreach (FieldInfo field in level.GetFields(own))
            {
                yield return field;
            }
        }
    }

    // A compiler's table of constants is data in flash.
    private static IEnumerable<FieldInfo> StaticFieldsOf(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(field => !field.IsLiteral && !field.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.Name.StartsWith('<'));
}
