// The life of the device under the real remoteproc core and the real driver.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class LifeTests : GuestTest
{
    private const int Rounds = 50;
    private const string Driver = "/sys/bus/virtio/drivers/gpio_virtio";
    private const string State = "/sys/class/remoteproc/remoteproc0/state";

    [TestMethod]
    public void Driver_UnboundAndBoundFiftyTimes_ServesAGetAndAnEventEachTime()
    {
        for (int i = 0; i < Rounds; i++)
        {
            Linux($"echo virtio0 >{Driver}/unbind");
            Pool.IsAtRest(Rig, $"round {i}");
            Linux($"echo virtio0 >{Driver}/bind");
            Serving.CheckGetAndEvent(Rig, $"round {i}");
        }

        Numbers.Say($"driver unbound and bound {Rounds} times: 0 failures");
    }

    [TestMethod]
    public void RemoteProcessor_DetachedAndStartedFiftyTimes_ServesAGetAndAnEventEachTime()
    {
        for (int i = 0; i < Rounds; i++)
        {
            Linux($"echo detach >{State}");
            Pool.IsAtRest(Rig, $"round {i}");
            Linux($"echo start >{State}");
            Serving.CheckGetAndEvent(Rig, $"round {i}");
        }

        Numbers.Say($"remote processor detached and started {Rounds} times: 0 failures");
    }
}
