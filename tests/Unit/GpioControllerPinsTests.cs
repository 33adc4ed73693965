// The stock port and its table of pins: what a board may say in it, and that a line gets the modes that the board chose.

using System;
using System.Device.Gpio;
using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class GpioControllerPinsTests
{
    [TestMethod]
    [DataRow(PinMode.Output, PinMode.Output)]
    [DataRow(PinMode.OutputOpenDrain, PinMode.Output)]
    [DataRow(PinMode.Input, PinMode.Input)]
    [DataRow(PinMode.Input, PinMode.InputPullUp)]
    public void Set_ModeOfTheWrongKind_IsRefusedByLine(PinMode input, PinMode output)
    {
        Assert.Contains("line 1: an input mode", Refusal(map => map.Set(1, 4, input, output)));
    }

    [TestMethod]
    public void Set_PinOfAnotherLine_IsRefusedByPinAndLine()
    {
        Assert.Contains("line 1: pin 3 serves line 0", Refusal(map => map.Set(1, 3, PinMode.Input, PinMode.Output)));
    }

    [TestMethod]
    public void Set_SameLineAgain_IsAccepted()
    {
        Assert.AreEqual("", Refusal(map => map.Set(0, 3, PinMode.InputPullUp, PinMode.Output)));
    }

    [TestMethod]
    public void Line_InItsLife_HasTheModesOfTheBoard()
    {
        TestBoard board = new();
        PinMap map = new(1);
        map.Set(0, 100, PinMode.InputPullUp, PinMode.OutputOpenDrain);
        GpioControllerPins pins = new(new GpioController(), board.Mailbox, map);
        const int Line = 100 - 3;
        Assert.AreEqual((int)PadMode.InputPullUp, (int)board.ModeOf(Line), "idle");

        pins.Drive(0, 0);
        Assert.AreEqual((int)PadMode.OutputOpenDrain, (int)board.ModeOf(Line));
        pins.MakeInput(0);
        Assert.AreEqual((int)PadMode.InputPullUp, (int)board.ModeOf(Line));
        pins.Drive(0, 1);
        Assert.AreEqual((int)PadMode.OutputOpenDrain, (int)board.ModeOf(Line));
        Assert.IsTrue(pins.Release(0));
        Assert.AreEqual((int)PadMode.InputPullUp, (int)board.ModeOf(Line), "released");
    }

    private static string Refusal(Action<PinMap> set)
    {
        PinMap map = new(2);
        map.Set(0, 3, PinMode.Input, PinMode.Output);
        try
        {
            set(map);
            return "";
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}
