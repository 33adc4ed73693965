// The life of the device under the real remoteproc core and the real driver.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class LifeTests : GuestTest
{
    private const string Driver = "/sys/bus/virtio/drivers/gpio_virtio";
    private const string State = "/sys/class/remoteproc/remoteproc0/state";

    [TestMethod]
    public void Driver_UnboundAndBoundTwentyTimes_ServesAGetAndAnEventEachTime()
    {
        for (int i = 0; i < 20; i++)
        {
            Linux($"echo virtio0 >{Driver}/unbind && echo virtio0 >{Driver}/bind");
            Serving.CheckGetAndEvent(Rig, $"round {i}");
        }
    }

    [TestMethod]
    public void RemoteProcessor_DetachedAndStartedTenTimes_ServesAGetAndAnEventEachTime()
    {
        for (int i = 0; i < 10; i++)
        {
            Linux($"echo detach >{State} && echo start >{State}");
            Serving.CheckGetAndEvent(Rig, $"round {i}");
        }
    }
}
