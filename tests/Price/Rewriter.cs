// Rewriter: puts a toll at the start of each basic block of an assembly.

using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace VirtioGpio.Tests.Price;

/// <summary>Rewrites assemblies; the blocks of all of them are numbered in one row.</summary>
internal sealed class Rewriter
{
    private readonly List<Block> blocks = [];
    private MethodReference pass = null!;
    private MethodReference makeArray = null!;

    /// <summary>The blocks of what was rewritten so far, by number.</summary>
    internal IReadOnlyList<Block> Blocks => blocks;

    /// <summary>Rewrites an assembly.</summary>
    internal byte[] Rewrite(AssemblyDefinition assembly)
    {
        ImportToll(assembly.MainModule);
        MethodBody[] bodies = assembly.MainModule.GetTypes()
            .SelectMany(type => type.Methods)
            .Where(method => method.HasBody)
            .Select(method => method.Body)
            .ToArray();

        // Priced before the first is rewritten: the price of a call depends on what is called.
        Dictionary<MethodBody, List<(Instruction Start, int Number)>> starts = bodies.ToDictionary(body => body, Price);
        foreach (MethodBody body in bodies)
        {
            PutTolls(body, starts[body]);
        }

        using MemoryStream image = new();
        assembly.Write(image);
        return image.ToArray();
    }

    private void ImportToll(ModuleDefinition module)
    {
        AssemblyNameReference home = new(typeof(Toll).Assembly.GetName().Name, typeof(Toll).Assembly.GetName().Version);
        module.AssemblyReferences.Add(home);
        TypeReference toll = new(typeof(Toll).Namespace, nameof(Toll), module, home);
        pass = new MethodReference(nameof(Toll.Pass), module.TypeSystem.Void, toll);
        pass.Parameters.Add(new ParameterDefinition(module.TypeSystem.Int32));
        makeArray = new MethodReference(nameof(Toll.MakeArray), module.TypeSystem.Int32, toll);
        makeArray.Parameters.Add(new ParameterDefinition(module.TypeSystem.Int32));
        makeArray.Parameters.Add(new ParameterDefinition(module.TypeSystem.Int32));
    }

    private List<(Instruction Start, int Number)> Price(MethodBody body)
    {
        body.SimplifyMacros();
        HashSet<Instruction> starts = StartsOf(body);
        List<(Instruction Start, int Number)> numbered = [];
        List<Charge> charges = [];
        foreach (Instruction instruction in body.Instructions)
        {
            if (starts.Contains(instruction))
            {
                charges = [];
                numbered.Add((instruction, blocks.Count));
                blocks.Add(new Block($"{body.Method.DeclaringType.Name}.{body.Method.Name}", charges));
            }

            charges.Add(PriceList.Of(instruction));
        }

        return numbered;
    }

    private static HashSet<Instruction> StartsOf(MethodBody body)
    {
        IEnumerable<Instruction> targets = body.Instructions.SelectMany(instruction => instruction.Operand switch
        {
            Instruction target => [target],
            Instruction[] several => several,
            _ => Enumerable.Empty<Instruction>(),
        });
        IEnumerable<Instruction> behindJumps = body.Instructions
            .Where(instruction => EndsABlock(instruction.OpCode.FlowControl))
            .Select(instruction => instruction.Next);
        IEnumerable<Instruction> handlers =
            body.ExceptionHandlers.SelectMany(handler => new[] { handler.HandlerStart, handler.FilterStart });
        return targets.Concat(behindJumps).Concat(handlers).Append(body.Instructions[0]).Where(start => start is not null).ToHashSet();
    }

    private static bool EndsABlock(FlowControl flow) =>
        flow is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw;

    private void PutTolls(MethodBody body, List<(Instruction Start, int Number)> starts)
    {
        ILProcessor il = body.GetILProcessor();
        Dictionary<Instruction, Instruction> moved = [];
        foreach ((Instruction start, int number) in starts)
        {
            moved[start] = il.Create(OpCodes.Ldc_I4, number);
            il.InsertBefore(start, moved[start]);
            il.InsertBefore(start, il.Create(OpCodes.Call, pass));
        }

        foreach (Instruction array in body.Instructions.Where(instruction => instruction.OpCode.Code == Code.Newarr).ToArray())
        {
            il.InsertBefore(array, il.Create(OpCodes.Ldc_I4, SizeOf((TypeReference)array.Operand)));
            il.InsertBefore(array, il.Create(OpCodes.Call, makeArray));
        }

        Redirect(body, moved);
        body.OptimizeMacros();
    }

    private static void Redirect(MethodBody body, Dictionary<Instruction, Instruction> moved)
    {
        Instruction? To(Instruction? target) => target is null ? null : moved.GetValueOrDefault(target, target);
        foreach (Instruction instruction in body.Instructions)
        {
            instruction.Operand = instruction.Operand switch
            {
                Instruction target => To(target),
                Instruction[] several => several.Select(target => To(target)!).ToArray(),
                _ => instruction.Operand,
            };
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            handler.TryStart = To(handler.TryStart);
            handler.TryEnd = To(handler.TryEnd);
            handler.FilterStart = To(handler.FilterStart);
            handler.HandlerStart = To(handler.HandlerStart);
            handler.HandlerEnd = To(handler.HandlerEnd);
        }
    }

    // References take a whole block of the heap, as objects of any other kind do.
    private static int SizeOf(TypeReference element)
    {
        return element.MetadataType switch
        {
            MetadataType.Boolean or MetadataType.Byte or MetadataType.SByte => 1,
            MetadataType.Int16 or MetadataType.UInt16 or MetadataType.Char => 2,
            MetadataType.Int32 or MetadataType.UInt32 or MetadataType.Single => 4,
            MetadataType.Int64 or MetadataType.UInt64 or MetadataType.Double => 8,
            _ => 12,
        };
    }
}
