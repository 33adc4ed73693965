// GpioFirmware.Build: what the firmware is made of.
//
// Spec:    VIRTIO "GPIO Device / Device configuration layout"; the rest of it is the rooms'.
// Trusts:  the board, which has been checked.
// Thread:  that of Start.
// Memory:  at start only.

using VirtioGpio.Firmware.Gpio;
using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Remoteproc;
using VirtioGpio.Firmware.Runtime;
using VirtioGpio.Firmware.State;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware;

/// <content>Queues, windows and the loop.</content>
public sealed partial class GpioFirmware
{
    private Virtqueue[] BuildQueues(int size, int align) => new Virtqueue[]
    {
        BuildQueue(board.RequestRingAddress, size, align),
        BuildQueue(board.EventRingAddress, size, align),
    };

    private Virtqueue BuildQueue(uint region, int size, int align) =>
        new Virtqueue(memory, Trace, board.IsInWindow(region) ? board.Windows : null, region, board.RingRegionSize, size, align);

    private BufferWindows BuildWindows()
    {
        bool holdRings = board.IsInWindow(board.RequestRingAddress) || board.IsInWindow(board.EventRingAddress);
        return new BufferWindows(board.Windows, holdRings ? ResourceTableLayout.RingCount : 0);
    }

    private DeviceLoop BuildLoop(
        Vdev vdev,
        Virtqueue[] queues,
        BufferWindows buffers,
        int lineCount,
        byte[] names,
        LineState state,
        int[] policies,
        bool isTakedown)
    {
        // A request that disables an interrupt takes buffers from the eventq while its own chain is open: a chain for each.
        DescriptorChain request = new DescriptorChain(memory, buffers.Open, Trace, queues[0].Size);
        DescriptorChain buffer = new DescriptorChain(memory, buffers.Open, Trace, queues[1].Size);
        LineTimers timers = lineCount != 0 && LineTimers.AreNeeded(board.Lines) ? new LineTimers(board.Lines, lineCount, new Clock(mailbox)) : null;
        LineCounters counters = isTakedown || text == null ? null : text.Counters;
        EventQueue events = new EventQueue(queues[1], buffer, pins, Trace, state, timers, lineCount) { Counters = counters };
        LineTable lines = new LineTable(pins, events, Trace, state, lineCount, policies, isTakedown);
        RequestQueue requests = new RequestQueue(queues[0], request, lines, Trace, names) { Counters = counters };
        Doorbell[] doorbells =
        {
            new Doorbell(mailbox, board.NotificationRepeats),
            new Doorbell(mailbox, board.NotificationRepeats),
            new Doorbell(mailbox, Doorbell.Endless) { NotifyId = board.RestartNotifyId },
        };
        events.Wakes = isTakedown ? null : board.FindWakingLines();
        DeviceLoop made = new DeviceLoop(mailbox, vdev, queues, requests, events, lines, Trace, doorbells, board.TickMs);
        Connect(made);
        made.IsRestored = state != null && state.IsValid;
        if (made.IsRestored)
        {
            lines.Restore();
        }

        return made;
    }

    // What not every board has.
    private void Connect(DeviceLoop made)
    {
        if (linux != null)
        {
            made.Heed(linux, new Doorbell(mailbox, Doorbell.Endless) { NotifyId = board.WakeNotifyId }, board.SleepTickMs);
        }

        if (text != null)
        {
            made.TellIn(text, board.TraceRequestId);
        }
    }

    private static byte[] BuildConfig(int lineCount, int namesSize)
    {
        byte[] config = new byte[GpioMessages.ConfigSize];
        config[0] = (byte)lineCount;
        config[1] = (byte)(lineCount >> 8);
        for (int i = 0; i < 4; i++)
        {
            config[GpioMessages.ConfigNamesSize + i] = (byte)(namesSize >> (8 * i));
        }

        return config;
    }
}
