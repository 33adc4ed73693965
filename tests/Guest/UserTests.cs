// What hal/LINUX.md tells users of the lines, where no other test shows it.

using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class UserTests : GuestTest
{
    private const int Line = 5;

    [TestMethod]
    public void Gpioinfo_AfterAnOutputWasReleased_SaysOutputOfALineThatIsNone()
    {
        Serving.Hold(Rig, $"{Line}", 1);
        Serving.Release(Rig);

        Assert.MatchesRegex(@"line +5: +""wifi-reset"" +unused +output", Linux("gpioinfo virtio0"));
        Assert.Contains("pad Input ", Serving.PinOf(Rig, Line));
        Linux($"gpioget virtio0 {Line}");
        Assert.MatchesRegex(@"line +5: +""wifi-reset"" +unused +input", Linux("gpioinfo virtio0"));
    }

    [TestMethod]
    [DataRow("pull-up")]
    [DataRow("pull-down")]
    public void Bias_ThatLinuxAsksFor_DoesNotReachThePin(string bias)
    {
        Linux($"gpiomon --bias={bias} virtio0 {Line} >/dev/null & " + Serving.UntilMonitored(1));

        Assert.Contains("pad Input ", Serving.PinOf(Rig, Line));
        Linux(Serving.UntilEnded("gpiomon"));
    }
}
