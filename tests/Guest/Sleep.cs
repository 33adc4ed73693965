// Sleep: has the guest suspend to idle, and waits until it runs again.

using System;
using System.Threading;
using System.Threading.Tasks;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

/// <summary>A sleep of Linux. What is sent to its shell meanwhile is lost, so nothing is.</summary>
internal sealed class Sleep
{
    private readonly Rig rig;
    private readonly Task<CommandResult> command;

    private Sleep(Rig rig)
    {
        this.rig = rig;
        command = Task.Run(() => rig.Guest.Run("echo freeze >/sys/power/state"));
    }

    /// <summary>What a driver says of a sleep.</summary>
    /// <param name="driver">"stock" or "patched".</param>
    internal static ExplainedLine[] OfADriver(string driver)
    {
        const string Trace = @"cut here|gpio-virtio\.c:213|Modules linked in|CPU: \d|Tainted:|Hardware name|pstate:|pc :|lr :|sp :|x\d+ ?:|Call trace|^<\d>\[[^]]*\]  \S+\+0x|end trace";
        ExplainedLine woken = new(@"^<4>\[ *[\d.]+\] done\.$", "the end of a line that the kernel says on resume");
        return driver == "patched"
            ? [woken, .. CrashTests.OfACrash, new(@"gpio_virtio: loading out-of-tree module taints kernel", "the patched driver is built outside the kernel's tree")]
            : [woken, .. CrashTests.OfACrash, new(Trace, "the unmodified gpio-virtio warns at the first interrupt of a line after a resume: patches/0010")];
    }

    /// <summary>What Linux does, as the board sees it.</summary>
    internal static string StateOf(Rig rig) => rig.Board.Ask("linux")[0];

    /// <summary>Has Linux suspend to idle.</summary>
    internal static Sleep Begin(Rig rig) => new(rig);

    /// <summary>Has Linux suspend to idle; returns when the firmware has seen it.</summary>
    internal static Sleep Await(Rig rig)
    {
        Sleep sleep = new(rig);
        Serving.Until(() => StateOf(rig) == "sleeps", "Linux to sleep");
        return sleep;
    }

    /// <summary>Waits until Linux runs again.</summary>
    /// <param name="wake">Wakes it; is called as often as it sleeps.</param>
    /// <returns>What the kernel said of it: it did not sleep if something was to wake it before.</returns>
    internal CommandResult End(Action? wake = null)
    {
        while (!command.Wait(TimeSpan.FromMilliseconds(10)))
        {
            if (wake is not null && StateOf(rig) == "sleeps")
            {
                wake();
                Thread.Sleep(100);
            }
        }

        return command.Result;
    }
}
