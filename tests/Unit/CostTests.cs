// What a message costs, counted: native calls, bytes allocated, accesses to shared memory. SPEC.md holds the figures.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class CostTests
{
    private const int WarmUp = 200;

    [TestMethod]
    public void GetValue_Alone_CostsWhatSpecSays()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.In);

        CheckAgainstSpec("GET_VALUE", Cost.OfTurn(board, WarmUp, () => board.Driver.Send(Gpio.GetValue, 1, 0, 8, 2)));
    }

    [TestMethod]
    public void SetValue_Alone_CostsWhatSpecSays()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out);
        uint value = 0;

        CheckAgainstSpec("SET_VALUE", Cost.OfTurn(board, WarmUp, () => board.Driver.Send(Gpio.SetValue, 1, value ^= 1, 8, 2)));
    }

    [TestMethod]
    public void Interrupt_Delivered_CostsWhatSpecSays()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        bool level = false;

        CheckAgainstSpec("interrupt", Cost.OfTurn(board, WarmUp, prepare: () => board.Driver.Unmask(1), cause: () => board.Drive(1, level = !level)));
    }

    private static void CheckAgainstSpec(string message, Cost cost)
    {
        Cost said = Cost.FromSpec(message);
        Assert.AreEqual(said.NativeCalls, cost.NativeCalls, message + ": native calls");
        Assert.AreEqual(said.Bytes, cost.Bytes, message + ": bytes allocated");
        Assert.AreEqual(said.Accesses, cost.Accesses, message + ": memory accesses");

        // The budgets of DESIGN.md.
        Assert.IsTrue(cost.NativeCalls <= (message == "interrupt" ? 7 : 10));
        Assert.AreEqual(0L, cost.Bytes);
    }

    private static TestBoard Probed()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        return board;
    }
}
