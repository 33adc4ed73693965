// DeviceLoop.Sleep: what the loop does while Linux does not run.
//
// Spec:    none: VIRTIO knows no driver that sleeps. The policy is SPEC.md's.
// Trusts:  nothing: the doorbell that wakes Linux may be lost, and so may the one that tells of its resume.
// Thread:  the service thread.
// Memory:  nothing.

using VirtioGpio.Firmware.Gpio;
using VirtioGpio.Firmware.Remoteproc;

namespace VirtioGpio.Firmware.Runtime;

/// <content>Turns that access neither table, rings nor buffers.</content>
internal sealed partial class DeviceLoop
{
    // Null if the board has no words for it.
    private LinuxState linux;
    private Doorbell wakeDoorbell;
    private int sleepTickMs;
    private bool isAside;
    private bool hasLetGo;

    /// <summary>Heeds whether Linux runs.</summary>
    /// <param name="linux">What Linux does.</param>
    /// <param name="wake">The doorbell that wakes it; its notify id is negative if there is none.</param>
    /// <param name="sleepTickMs">How long to rest at most while it does not run; -1: without limit.</param>
    internal void Heed(LinuxState linux, Doorbell wake, int sleepTickMs)
    {
        this.linux = linux;
        wakeDoorbell = wake;
        this.sleepTickMs = sleepTickMs;
    }

    /// <summary>
    /// Notes that the firmware was started while Linux does not run. Which interrupts were enabled an earlier run knew: if one of them may wake
    /// Linux, Linux is woken, for what it was to wake for may have come meanwhile.
    /// </summary>
    internal void StartAside()
    {
        TurnAside(0);
        if (!linux.IsDown && events.MayWake)
        {
            RingWake();
        }
    }

    /// <summary>Waits for one wake-up; for a firmware that was started while Linux does not run.</summary>
    /// <returns>Whether Linux runs.</returns>
    internal bool AwaitLinux()
    {
        int rest = restMs;

        // Whatever fails now is tried again at a tick.
        restMs = tickMs;
        int bits = mailbox.Wait(rest);
        if (!linux.Runs())
        {
            TurnAside(bits == 0 ? Notifications : 0);
            return false;
        }

        TakeUp();
        return true;
    }

    private int TurnIfLinuxRuns(int work)
    {
        if (!linux.Runs())
        {
            return TurnAside(work);
        }

        return Turn(isAside ? work | TakeUp() : work);
    }

    // Returns the work that is left: none that could wait for Linux.
    private int TurnAside(int work)
    {
        isAside = true;
        int restAside = linux.HasChanged ? tickMs : sleepTickMs;
        if (linux.IsDown)
        {
            LetGo();
            restMs = restAside;
            return 0;
        }

        bool isAll = events.Latch();
        if (wakeDoorbell.Left == 0)
        {
            restMs = restAside;
            if (events.HasWakeEvent())
            {
                RingWake();
            }
        }
        else if ((work & Notifications) != 0)
        {
            wakeDoorbell.Tick();
        }

        return isAll ? 0 : Edges;
    }

    // Until Linux runs, at growing distances.
    private void RingWake()
    {
        wakeDoorbell.Ring();
        restMs = tickMs;
    }

    // Its driver has gone without a reset, and its memory with it.
    private void LetGo()
    {
        wakeDoorbell.Silence();
        if (!hasLetGo)
        {
            hasLetGo = true;
            vdev.Forget();
            Reset(true, LinePolicy.OnLinuxReset);
        }
    }

    // Linux runs again. Returns the work that has waited for it.
    private int TakeUp()
    {
        isAside = false;
        hasLetGo = false;
        restMs = tickMs;
        wakeDoorbell.Silence();
        return Rings | Edges | Scan;
    }
}
