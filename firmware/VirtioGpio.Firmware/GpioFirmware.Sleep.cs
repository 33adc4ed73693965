// GpioFirmware.Sleep: a firmware that is started while Linux does not run.
//
// Spec:    none: VIRTIO knows no driver that sleeps. The policy is SPEC.md's.
// Trusts:  nothing.
// Thread:  that of Run.
// Memory:  at start only.

using System;
using VirtioGpio.Firmware.Remoteproc;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware;

/// <content>The table is looked at when Linux runs.</content>
public sealed partial class GpioFirmware
{
    private void BeginAside()
    {
        takedown = loop;
        loop.StartAside();
    }

    private void StepAside()
    {
        if (takedown != loop)
        {
            takedown.Step();
            takedown = takedown.IsOver ? null : takedown;
            return;
        }

        try
        {
            if (loop.AwaitLinux())
            {
                takedown = null;
                Begin();
            }
        }
        catch (Exception)
        {
            Trace.Record(Fault.Unexpected, 0);
            takedown = loop;
        }
    }

    private static LinuxState BuildLinuxState(GpioBoard board, SharedMemory memory)
    {
        CheckReachable(memory, "the state of Linux", board.LinuxStateAddress, GpioBoard.LinuxStateSize);
        return new LinuxState(memory, board.LinuxStateAddress);
    }
}
