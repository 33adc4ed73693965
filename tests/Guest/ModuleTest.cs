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
    /// <summary>What any guest may say when the host is busy: its clocks are emulated, they calibrate badly and come late.</summary>
    internal static readonly ExplainedLine[] BusyHost =
    [
        new(@"hrtimer: interrupt took \d+ ns", "a timer interrupt was late"),
        new(@"CE: \w+ increased min_delta_ns to \d+ nsec", "a timer was late"),
        new(@"APIC timer disabled due to verification failure|APIC frequency too slow", "the APIC timer calibrated badly: another timer is used"),
        new(@"lapic is not functional", "follows from that"),
        new(@"Could not switch to high resolution mode on CPU \d+", "follows from that"),
        new(@"tsc: (PIT|HPET|PMTIMER) calibration deviates|tsc: Unable to calibrate|tsc: Fast TSC calibration failed", "the time stamp counter calibrated badly"),
        new(@"clocksource: .*(unstable|watchdog)", "a clock was late"),
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
