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
    /// <summary>What any guest may say under load.</summary>
    internal static readonly ExplainedLine BusyHost = new(@"hrtimer: interrupt took \d+ ns", "the host took the emulated CPU's time away; said once");

    private static Rig? shared;

    protected override Rig Rig => shared ??= GuestRig.Boot(new RigOptions(GuestRig.FolderNamed("VGPIO_GUEST_MODULES")));

    internal override ExplainedLine[] Provoked => [BusyHost];

    [ClassCleanup(InheritanceBehavior.BeforeEachDerivedClass)]
    public static void EndRig()
    {
        shared?.Dispose();
        shared = null;
    }
}
