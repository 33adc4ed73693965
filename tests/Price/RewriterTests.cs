// The toll counts every instruction that runs, and no other, and leaves the code as it was.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VirtioGpio.Tests.Price;

[TestClass]
public sealed class RewriterTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(7)]
    public void Loop_RunNTimes_IsCountedInstructionByInstruction(int times)
    {
        // while (n > 0) { n--; sum += n; } return sum: 3 to enter, 3 for each test, 8 for each round, 2 to leave.
        Instruction test = Instruction.Create(OpCodes.Ldarg_0);
        Instruction round = Instruction.Create(OpCodes.Ldarg_0);
        (int result, Bill bill) = Run(
            times,
            [
                Instruction.Create(OpCodes.Ldc_I4_0), Instruction.Create(OpCodes.Stloc_0), Instruction.Create(OpCodes.Br, test),
                round, Instruction.Create(OpCodes.Ldc_I4_1), Instruction.Create(OpCodes.Sub), Instruction.Create(OpCodes.Starg_S, Argument),
                Instruction.Create(OpCodes.Ldloc_0), Instruction.Create(OpCodes.Ldarg_0),
                Instruction.Create(OpCodes.Add), Instruction.Create(OpCodes.Stloc_0),
                test, Instruction.Create(OpCodes.Ldc_I4_0), Instruction.Create(OpCodes.Bgt, round),
                Instruction.Create(OpCodes.Ldloc_0), Instruction.Create(OpCodes.Ret),
            ]);
        Assert.AreEqual(times * (times - 1) / 2, result);
        Assert.AreEqual(3 + 3 * (times + 1) + 8 * times + 2, bill.Instructions);
    }

    [TestMethod]
    public void Array_Made_IsCountedInBlocksOfTheHeap()
    {
        (int result, Bill bill) = Run(
            100,
            [
                Instruction.Create(OpCodes.Ldarg_0), Instruction.Create(OpCodes.Newarr, Module.TypeSystem.Int16),
                Instruction.Create(OpCodes.Ldlen), Instruction.Create(OpCodes.Conv_I4), Instruction.Create(OpCodes.Ret),
            ]);
        Assert.AreEqual(100, result);
        Assert.AreEqual(228, bill.Bytes);
        Assert.AreEqual(5, bill.Instructions);
    }

    [TestMethod]
    public void Call_OfWhatTheListDoesNotKnow_IsRefused()
    {
        TypeReference math = new("System", "Math", Module, Module.TypeSystem.CoreLibrary);
        MethodReference unknown = new("Abs", Module.TypeSystem.Int32, math);
        unknown.Parameters.Add(new ParameterDefinition(Module.TypeSystem.Int32));
        Assert.ThrowsExactly<NotSupportedException>(() =>
            Run(3, [Instruction.Create(OpCodes.Ldarg_0), Instruction.Create(OpCodes.Call, unknown), Instruction.Create(OpCodes.Ret)]));
    }

    private ModuleDefinition Module { get; } = ModuleDefinition.CreateModule("priced", ModuleKind.Dll);

    private ParameterDefinition Argument => field ??= new ParameterDefinition(Module.TypeSystem.Int32);

    private (int Result, Bill Bill) Run(int argument, IEnumerable<Instruction> instructions)
    {
        const Mono.Cecil.MethodAttributes visible = Mono.Cecil.MethodAttributes.Public | Mono.Cecil.MethodAttributes.Static;
        MethodDefinition method = new("Do", visible, Module.TypeSystem.Int32);
        method.Parameters.Add(Argument);
        method.Body.InitLocals = true;
        method.Body.Variables.Add(new VariableDefinition(Module.TypeSystem.Int32));
        instructions.ToList().ForEach(method.Body.Instructions.Add);
        TypeDefinition type = new("VirtioGpio.Priced", "Sample", Mono.Cecil.TypeAttributes.Public, Module.TypeSystem.Object);
        type.Methods.Add(method);
        Module.Types.Add(type);

        Rewriter rewriter = new();
        MethodInfo rewritten = Assembly.Load(rewriter.Rewrite(Module.Assembly)).GetType("VirtioGpio.Priced.Sample")!.GetMethod("Do")!;
        Toll.Open(rewriter.Blocks.Count);
        int result = (int)rewritten.Invoke(null, [argument])!;
        return (result, new Bill("sample", rewriter.Blocks, Toll.Read(), Toll.ArrayBytes, 0));
    }
}
