// The life of the device under the real remoteproc core and the real driver: of one that Linux attaches to, and of one that it boots.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class LifeTests : GuestTest
{
    private const int Rounds = 50;
    private const string Driver = "/sys/bus/virtio/drivers/gpio_virtio";
    private const string State = "/sys/class/remoteproc/remoteproc0/state";

    /// <summary>How Linux leaves the co-processor.</summary>
    private protected virtual string Leave => "detach";

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
    public void RemoteProcessor_LeftAndStartedFiftyTimes_ServesAGetAndAnEventEachTime()
    {
        for (int i = 0; i < Rounds; i++)
        {
            Linux($"echo {Leave} >{State}");
            Pool.IsAtRest(Rig, $"round {i}");
            Linux($"echo start >{State}");
            Serving.CheckGetAndEvent(Rig, $"round {i}");
        }

        Numbers.Say($"remote processor left by {Leave} and started {Rounds} times: 0 failures");
    }
}

[TestClass]
public sealed class LifeTestsLoadedByLinux : LifeTests
{
    protected override Rig Rig => GuestRig.Loaded;

    private protected override string Leave => "stop";
}
