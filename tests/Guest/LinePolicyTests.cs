// The line table as a user of Linux meets it: a supply that stays, an input that cannot be driven, a reset that goes to its safe value.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class LinePolicyTests : GuestTest
{
    private const string Driver = "/sys/bus/virtio/drivers/gpio_virtio";
    private const int Sensor = 2;
    private const int Reset = 5;
    private const int Supply = 6;

    [TestMethod]
    public void Supply_ItsProgramEnds_StaysAsItWasSet()
    {
        foreach (int level in new[] { 1, 0, 1 })
        {
            Linux($"gpioset virtio0 {Supply}={level}");
            Assert.Contains($" level {level}  pad Output ", Serving.PinOf(Rig, Supply));
        }

        GiveBack(Supply);
    }

    [TestMethod]
    public void SensorsLine_IsToBeDriven_FailsAndThePinDoesNotMove()
    {
        string before = Serving.PinOf(Rig, Sensor);

        Assert.AreNotEqual(0, Rig.Guest.Run($"gpioset virtio0 {Sensor}=1").ExitCode);

        Assert.AreEqual(before, Serving.PinOf(Rig, Sensor));
        Assert.Contains(" pad Input ", before);
        Assert.Contains($"GPIO request failed: {Sensor}", KernelLog.SevereLines(Rig)[^1]);
        Linux("dmesg -c >/dev/null");
        Serving.CheckGetAndEvent(Rig, "after a request that was refused");
    }

    [TestMethod]
    public void Driver_IsUnbound_SupplyStaysAndTheResetGoesToItsSafeValue()
    {
        Linux($"gpioset virtio0 {Supply}=1");
        Serving.Hold(Rig, "wifi-reset", 1);
        Serving.Release(Rig);
        Assert.Contains(" pad Input ", Serving.PinOf(Rig, Reset));

        Linux($"echo virtio0 >{Driver}/unbind");
        Serving.Until(() => Serving.PinOf(Rig, Reset).Contains(" level 0  pad Output "), "the reset is active");
        Assert.Contains(" level 1  pad Output ", Serving.PinOf(Rig, Supply));

        Linux($"echo virtio0 >{Driver}/bind");
        Serving.CheckGetAndEvent(Rig, "bound again");
        Assert.Contains(" level 0  pad Output ", Serving.PinOf(Rig, Reset));
        Assert.Contains(" level 1  pad Output ", Serving.PinOf(Rig, Supply));
        GiveBack(Supply);
        GiveBack(Reset);
    }

    // Who reads a line makes it an input, and it stays one.
    private void GiveBack(int line)
    {
        Linux($"gpioget virtio0 {line}");
        Assert.Contains(" pad Input ", Serving.PinOf(Rig, line));
    }
}
