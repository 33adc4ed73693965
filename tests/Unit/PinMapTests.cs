// The board's table of pins: what may be said in it.

using System;
using System.Device.Gpio;
using nanoFramework.TestFramework;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class PinMapTests
{
    [TestMethod]
    [DataRow((int)PinMode.Output, (int)PinMode.Output)]
    [DataRow((int)PinMode.OutputOpenDrain, (int)PinMode.Output)]
    [DataRow((int)PinMode.Input, (int)PinMode.Input)]
    [DataRow((int)PinMode.Input, (int)PinMode.InputPullUp)]
    public void Set_ModeOfTheWrongKind_IsRefusedByLine(int input, int output)
    {
        Assert.Contains("line 1: an input mode", RefusalOf(1, 4, (PinMode)input, (PinMode)output));
    }

    [TestMethod]
    [DataRow(-1, 4, "line -1: the map has lines 0 to 1")]
    [DataRow(2, 4, "line 2: the map has lines 0 to 1")]
    [DataRow(1, -1, "line 1: pin -1: a pin's number is 0 or more")]
    public void Set_LineOrPinThatIsNone_IsRefusedByLine(int line, int pin, string message)
    {
        Assert.Contains(message, RefusalOf(line, pin, PinMode.Input, PinMode.Output));
    }

    [TestMethod]
    public void Set_PinOfAnotherLine_IsRefusedByPinAndLine()
    {
        Assert.Contains("line 1: pin 3 serves line 0", RefusalOf(1, 3, PinMode.Input, PinMode.Output));
    }

    [TestMethod]
    public void Set_SameLineAgain_IsAccepted()
    {
        Assert.AreEqual("", RefusalOf(0, 3, PinMode.InputPullUp, PinMode.Output));
    }

    private static string RefusalOf(int line, int pin, PinMode input, PinMode output)
    {
        PinMap map = new(2);
        map.Set(0, 3, PinMode.Input, PinMode.Output);
        try
        {
            map.Set(line, pin, input, output);
            return "";
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}
