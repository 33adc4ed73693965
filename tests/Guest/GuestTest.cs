// GuestTest: a test on the shared guest. After each one the kernel log must be clean, the pool empty, and the bus without an error.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public abstract class GuestTest
{
    public TestContext TestContext { get; set; } = null!;

    /// <summary>The rig that the test uses.</summary>
    protected virtual Rig Rig => GuestRig.Shared;

    /// <summary>Slots of the pool that are in use when nobody does anything: 2 for each interrupt that stays armed.</summary>
    private protected virtual int SlotsAtRest => 0;

    /// <summary>Lines that this test's provocations may leave in the kernel log.</summary>
    internal virtual ExplainedLine[] Provoked => [];

    /// <summary>Whether Linux is as sound as before the test, and can be asked for its log.</summary>
    private protected virtual bool IsSound => true;

    [TestCleanup]
    public void EverythingIsAtRest()
    {
        if (TestContext.CurrentTestOutcome == UnitTestOutcome.Passed && IsSound)
        {
            string[] unexplained = KernelLog.Unexplained(Rig, Provoked);
            Assert.IsEmpty(unexplained, string.Join('\n', unexplained));
            Pool.IsAtRest(Rig, slots: SlotsAtRest);
        }
    }

    protected string Linux(string command) => Rig.Guest.Must(command);
}
