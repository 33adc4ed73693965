using System;
using nanoFramework.TestFramework;
using VirtioGpio.Boards.Template;
using VirtioGpio.Firmware;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class TemplateBoardTests
{
    [TestMethod]
    public void Start_TemplateNotFilledIn_IsRefusedAndNothingIsTouched()
    {
        TestBoard machine = new();
        long accesses = machine.MemoryAccesses;

        Assert.ThrowsException(typeof(ArgumentException), () => GpioFirmware.Start(TemplateBoard.Describe(), machine.Memory, machine.Mailbox, machine.Pins));

        Assert.AreEqual(accesses, machine.MemoryAccesses);
    }
}
