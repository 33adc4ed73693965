// DeviceLoop.Life: what the loop does when a driver comes, goes, or was there before the firmware.
//
// Spec:    VIRTIO "Device Reset"; for a restart of the firmware there is no clause, the policy is SPEC.md's.
// Trusts:  nothing.
// Thread:  the service thread.
// Memory:  nothing.

using VirtioGpio.Firmware.Gpio;
using VirtioGpio.Firmware.Remoteproc;
using VirtioGpio.Firmware.Trace;

namespace VirtioGpio.Firmware.Runtime;

/// <content>The rare paths of a turn.</content>
internal sealed partial class DeviceLoop
{
    /// <summary>Whether the lines are as an earlier run left them, and it is not known yet whether for the driver that is bound.</summary>
    internal bool IsRestored;

    /// <summary>Goes on with the driver that is there when the firmware starts, if there is one.</summary>
    internal void Resume()
    {
        pending = OnState(vdev.Poll()) ? Rings : 0;
    }

    private void RepeatNotifications()
    {
        if (!events.IsAwaited)
        {
            eventDoorbell.Silence();
        }

        requestDoorbell.Tick();
        eventDoorbell.Tick();
        recoveryDoorbell.Tick();
    }

    // Linux takes unused buffers back after a reset, and counts the available index down for each. A poll that read the status before the reset
    // and the index after it finds a ring broken that is none any more.
    private void OnBrokenRing()
    {
        if (!vdev.IsReset)
        {
            AskToRecover();
        }
    }

    // Whether to poll again at once.
    private bool OnState(int state)
    {
        switch (state)
        {
            case Vdev.Started:
                return Start();
            case Vdev.Stopped:
                Reset(true, vdev.IsReplaced ? LinePolicy.OnLinuxReset : LinePolicy.OnDriverGone);
                trace.Note(Life.DriverGone, 0);
                return true;
            case Vdev.Undecided:
                return true;
            case Vdev.Rejected:
                AskToRecover();
                return false;
            case Vdev.Foreign:
                IsForeign = true;
                trace.Note(Life.OtherTable, 0);
                Release();
                return false;
            default:
                if (IsRestored && !vdev.MayAdopt)
                {
                    Release();
                }

                return false;
        }
    }

    // The lines are at rest before a canary says that they are this driver's: the state that the board keeps would be
    // taken for it otherwise, if the firmware dies in between.
    private bool Start()
    {
        bool wasRestored = IsRestored;
        IsRestored = IsRestored && GoOn(vdev.ToAdopt);
        bool isResumed = IsRestored;
        if (!isResumed)
        {
            int cause = vdev.ToAdopt == 0 ? LinePolicy.OnLinuxReset : LinePolicy.OnStart;
            Reset(vdev.ToAdopt == 0, wasRestored ? cause : LinePolicy.NoCause);
        }

        if (!vdev.TakeRings())
        {
            return false;
        }

        trace.Note(isResumed ? Life.DriverKept : vdev.ToAdopt != 0 ? Life.StateLost : Life.DriverBound, vdev.NegotiatedFeatures);
        IsRestored = false;
        if (isResumed)
        {
            return true;
        }

        Adopt(vdev.ToAdopt);
        if (vdev.IsTakedown)
        {
            AskToRecover();
        }

        return true;
    }

    /// <summary>Releases the lines if they are as an earlier run left them: the driver for which they were so is not bound.</summary>
    internal void Release()
    {
        if (IsRestored)
        {
            Reset(true, LinePolicy.OnDriverGone);
        }
    }

    private void Reset(bool isKnown, int cause)
    {
        IsRestored = false;
        SetDoorbells();
        requests.Reset();
        lines.Reset(vdev.NegotiatedFeatures, isKnown, cause);
    }

    private void SetDoorbells()
    {
        recoveryDoorbell.Silence();
        requestDoorbell.Silence();
        eventDoorbell.Silence();
        requestDoorbell.NotifyId = vdev.NotifyId(RequestRing);
        eventDoorbell.NotifyId = vdev.NotifyId(EventRing);
    }

    // An earlier run has served this driver, and the board has kept its state: Linux need not know.
    private bool GoOn(int rings)
    {
        if ((rings & 1 << RequestRing) == 0)
        {
            return false;
        }

        SetDoorbells();
        requestq.Adopt();
        return lines.Resume(vdev.NegotiatedFeatures, (rings & 1 << EventRing) != 0);
    }

    // The same without a state that was kept, or with one that does not hold. Linux is asked to recover, because lines and interrupts are in their state at
    // power-on while the driver believes otherwise.
    private void Adopt(int rings)
    {
        if (rings == 0)
        {
            return;
        }

        if ((rings & 1 << RequestRing) != 0)
        {
            requestq.Adopt();
        }

        lines.Lose();
        events.Adopt((rings & 1 << EventRing) != 0);
        AskToRecover();
    }

    /// <summary>Asks Linux to recover, unless it has been asked already or there is no doorbell for it.</summary>
    internal void AskToRecover()
    {
        if (recoveryDoorbell.NotifyId >= 0 && recoveryDoorbell.Left == 0)
        {
            trace.Note(Life.RecoveryAsked, 0);
            recoveryDoorbell.Ring();
        }
    }
}
