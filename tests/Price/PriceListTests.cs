// The price list, put together for each construct that was measured on the interpreter, comes near what was measured.

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil.Cil;

namespace VirtioGpio.Tests.Price;

[TestClass]
public sealed class PriceListTests
{
    private const double Tolerance = 0.2;
    private const string LowByte = "Ldarg Ldarg Ldelem_U1";
    private const string NextByte = "Ldarg Ldarg Ldc_I4 Add Ldelem_U1 Ldc_I4 Shl Or";

    private static readonly Dictionary<string, Charge> calls = new()
    {
        ["static"] = PriceList.OfCall(PriceList.StaticCall),
        ["leaf"] = PriceList.OfLeafCall(),
        ["virtual"] = PriceList.OfCall(PriceList.VirtualCall),
        ["native"] = PriceList.OfCall(PriceList.Native),
    };

    [TestMethod]
    [DataRow("empty for-iteration", 5.5, "Ldloc Ldc_I4 Add Stloc Ldloc Ldloc Blt")]
    [DataRow("s += i", 2.6, "Ldloc Ldloc Add Stloc")]
    [DataRow("s += b[k]", 3.4, "Ldloc Ldloc Ldloc Ldelem_U1 Add Stloc")]
    [DataRow("b[k] = x", 2.3, "Ldloc Ldc_I4 Ldloc Stelem_I1")]
    [DataRow("local copied and copied back", 1.5, "Ldloc Stloc")]
    [DataRow("instance field read", 3.6, "Ldarg Ldfld Stloc")]
    [DataRow("instance field written", 2.4, "Ldarg Ldloc Stfld")]
    [DataRow("static field read", 3.9, "Ldsfld Stloc")]
    [DataRow("static field written", 2.7, "Ldloc Stsfld")]
    [DataRow("element of a field's array", 4.9, "Ldarg Ldfld Ldc_I4 Ldelem_U1 Pop")]
    [DataRow("le16 inline", 7.9, $"{LowByte} {NextByte} Stloc")]
    [DataRow("le32 inline", 17.0, $"{LowByte} {NextByte} {NextByte} {NextByte} Stloc")]
    [DataRow("le16 helper", 17.7, $"Ldloc Ldloc static {LowByte} {NextByte} Ret Stloc")]
    [DataRow("static call, 1 argument", 8.8, "Ldloc static Ldarg Ret Stloc")]
    [DataRow("2 nested static calls", 16.0, "Ldloc static Ldarg static Ldarg Ret Ret Stloc")]
    [DataRow("3 nested static calls", 23.0, "Ldloc static Ldarg static Ldarg static Ldarg Ret Ret Ret Stloc")]
    [DataRow("instance call, 1 argument", 7.3, "Ldloc Ldloc leaf Ldarg Ret Pop")]
    [DataRow("auto-property", 9.0, "Ldloc leaf Ldarg Ldfld Ret Stloc")]
    [DataRow("interface call", 20.0, "Ldloc Ldloc virtual Ldarg Ret Stloc")]
    [DataRow("native call", 25.5, "Ldloc Ldloc native Stloc")]
    [DataRow("try and catch, not thrown", 2.6, "Leave")]
    public void Construct_PutTogether_CostsNearlyWhatWasMeasured(string construct, double measured, string instructions)
    {
        double price = instructions.Split(' ').Sum(name => ChargeFor(name).Operations);
        Assert.AreEqual(measured, price, measured * Tolerance, construct);
    }

    private static Charge ChargeFor(string name) => calls.GetValueOrDefault(name) ?? PriceList.Of(Enum.Parse<Code>(name));
}
