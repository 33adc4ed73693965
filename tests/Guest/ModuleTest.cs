// ModuleTest: a test that needs the kernel modules of tests/Guest/linux in its guest.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

/// <summary>
/// VGPIO_GUEST_MODULES names the folder that tests/Guest/linux/build printed for the guest of VGPIO_GUEST. Each class boots it once.
/// </summary>
[TestClass]
public abstract class ModuleTest : GuestTest
{
    /// <summary>What any guest may say when the host is busy: its clocks are emulated, and come late.</summary>
    internal static readonly ExplainedLine[] BusyHost =
    [
        new(@"hrtimer: interrupt took \d+ ns", "a timer interrupt was late"),
        new(@"CE: \w+ increased min_delta_ns to \d+ nsec", "a timer was late"),
    ];

    private static Rig? shared;

    protected override Rig Rig => shared ??= GuestRig.Boot(new RigOptions(GuestRig.FolderNamed("VGPIO_GUEST_MODULES")));

    internal override ExplainedLine[] Provoked => BusyHost;

    /// <summary>Whether there is a guest to clean up: a test that was skipped for want of one leaves nothing.</summary>
    protected static bool HasGuest => shared is not null;

    [ClassCleanup(InheritanceBehavior.BeforeEachDerivedClass)]
    public static void EndRig()
    {
        shared?.Dispose();
        shared = null;
    }
}
