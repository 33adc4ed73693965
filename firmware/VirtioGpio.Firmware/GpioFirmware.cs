// GpioFirmware: the composer. The one place that says new for the rooms.
//
// Spec:    VIRTIO "GPIO Device", all of it through the rooms.
// Trusts:  nothing of the board: it is checked first.
// Thread:  Start on the thread that then calls Run.
// Memory:  everything that the firmware ever allocates, here; DESIGN.md says how much.

using System;
using VirtioGpio.Firmware.Gpio;
using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Remoteproc;
using VirtioGpio.Firmware.Runtime;
using VirtioGpio.Firmware.State;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware;

/// <summary>A virtio-gpio device, ready to serve.</summary>
public sealed partial class GpioFirmware
{
    private const int Probe = 0x56475046;

    private readonly GpioBoard board;
    private readonly SharedMemory memory;
    private readonly Mailbox mailbox;
    private readonly IPins pins;
    private readonly ResourceTable table;
    private readonly TraceText text;
    private readonly LinuxState linux;
    private readonly DeviceLoop loop;

    // What is stepped in place of the loop: one that takes a driver down, or the loop itself while it waits for a Linux to begin with.
    private DeviceLoop takedown;

    private GpioFirmware(
        GpioBoard board, SharedMemory memory, Mailbox mailbox, IPins pins, LineState state, int[] policies, LinuxState linux)
    {
        this.linux = linux;
        this.board = board;
        this.memory = memory;
        this.mailbox = mailbox;
        this.pins = pins;
        table = BuildTable();
        int features = GpioMessages.FeatureIrq | (board.OffersIndirect ? RingLayout.FeatureIndirect : 0);
        byte[] names = LineNames.BuildResponse(board.Lines);
        Virtqueue[] queues = BuildQueues(board.RingSize, board.RingAlign);
        int entry = table.AddVdev(GpioMessages.DeviceId, features, queues, BuildConfig(board.Lines.Length, names.Length - 1));
        if (board.HasTrace)
        {
            table.AddTrace(board.TraceAddress, board.TraceSize, TraceName);
            text = BuildText(state);
        }

        BufferWindows buffers = BuildWindows();
        Vdev vdev = new Vdev(memory, Trace, table, entry, queues, buffers, features, GpioMessages.FeatureIrq, false);
        loop = BuildLoop(vdev, queues, buffers, board.Lines.Length, names, state, policies, false);
    }

    /// <summary>The last faults.</summary>
    public TraceRing Trace { get; } = new TraceRing();

    /// <summary>Checks the board, builds the device and publishes its resource table.</summary>
    /// <param name="board">The board's memory map and lines.</param>
    /// <param name="memory">The shared memory.</param>
    /// <param name="mailbox">The doorbells.</param>
    /// <param name="pins">The pins behind the lines.</param>
    /// <returns>The device; call <see cref="Run"/>.</returns>
    /// <exception cref="ArgumentException">
    /// The board is mis-built, or its memory is not the port's; the message names the line, ring or window. Linux sees no table.
    /// </exception>
    /// <exception cref="InvalidOperationException">The image's native code is not that of this assembly.</exception>
    public static GpioFirmware Start(GpioBoard board, SharedMemory memory, Mailbox mailbox, IPins pins)
    {
        board.Check();
        if (memory.SelfTest(Probe) != ~Probe)
        {
            throw new InvalidOperationException("the native table of VirtioGpio.Hal.Native does not fit the assembly");
        }

        // If Linux sleeps, its memory may be in self-refresh. An earlier run has found it in the port's memory then.
        LinuxState linux = board.LinuxStateAddress == 0 ? null : BuildLinuxState(board, memory);
        bool runs = linux == null || linux.Runs();

        // The lines before all else: an output may have been let go by the reset.
        LineState state = board.StateAddress == 0 ? null : ReadState(board, memory);
        int[] policies = LinePolicy.Pack(board.Lines);
        OpenLines(board, pins, state, policies);
        if (runs)
        {
            CheckMemory(board, memory);
        }

        GpioFirmware firmware = new GpioFirmware(board, memory, mailbox, pins, state, policies, linux);
        if (runs)
        {
            firmware.Begin();
        }
        else
        {
            firmware.BeginAside();
        }

        return firmware;
    }

    /// <summary>Serves without end, on the calling thread.</summary>
    public void Run()
    {
        for (; ; )
        {
            Step();
        }
    }

    /// <summary>Waits for one wake-up and serves it.</summary>
    public void Step()
    {
        if (takedown != null)
        {
            StepAside();
            return;
        }

        loop.Step();
        if (loop.IsForeign)
        {
            BuildTakedown();
            if (takedown == null)
            {
                loop.AskToRecover();
            }
        }
    }

    private static LineState ReadState(GpioBoard board, SharedMemory memory)
    {
        int lines = board.Lines.Length;
        CheckReachable(memory, "the state of the lines", board.StateAddress, GpioBoard.StateSizeOf(lines));
        LineState state = new LineState(memory, board.StateAddress, board.BuildIdentity(), lines);
        state.Read();
        return state;
    }

    // What an earlier run has left goes on without a pulse, whoever is bound: that is found out later. If a pin cannot go on, all are as the board
    // says of a start, and what the driver believes of the lines is lost.
    private static void OpenLines(GpioBoard board, IPins pins, LineState state, int[] policies)
    {
        if (state != null && state.IsValid)
        {
            if (OpenAsTheyWere(pins, state, board.Lines.Length, policies))
            {
                return;
            }

            state.Invalidate();
        }

        for (int line = 0; line < board.Lines.Length; line++)
        {
            int opening = policies == null ? Opening.Idle : LinePolicy.OpeningOf(LinePolicy.RestAtStart(policies[line]));
            if (!IsReserved(policies, line) && !pins.Open(line, opening))
            {
                throw new ArgumentException(board.Lines[line].Describe(line) + "Pin: is not available from source " + board.Lines[line].Source.ToString());
            }
        }
    }

    private static bool OpenAsTheyWere(IPins pins, LineState state, int lines, int[] policies)
    {
        for (int line = 0; line < lines; line++)
        {
            bool isOutput = state.DirectionOf(line) == GpioMessages.DirectionOut;
            int opening = isOutput ? state.ValueOf(line) : LinePolicy.OpeningOf(state.RestOf(line));
            if (!IsReserved(policies, line) && !pins.Open(line, opening))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsReserved(int[] policies, int line) => policies != null && LinePolicy.IsReserved(policies[line]);

    // An address that no native can access is better found now than in the middle of a request.
    private static void CheckMemory(GpioBoard board, SharedMemory memory)
    {
        CheckReachable(memory, "the resource table", board.TableAddress, board.TableSize);
        CheckReachable(memory, "the requestq region", board.RequestRingAddress, board.RingRegionSize);
        CheckReachable(memory, "the eventq region", board.EventRingAddress, board.RingRegionSize);
        if (board.HasTrace)
        {
            CheckReachable(memory, "the trace", board.TraceAddress, board.TraceSize);
        }

        string window = board.Windows.FindUnreachable(memory);
        if (window != null)
        {
            throw new ArgumentException("window " + window + ": is not in the memory of the port");
        }
    }

    private static void CheckReachable(SharedMemory memory, string what, uint address, uint length)
    {
        if (!AddressWindows.IsReachable(memory, address, length - 1))
        {
            throw new ArgumentException(what + ": is not in the memory of the port");
        }
    }

    // A table that this firmware would write is there already: an earlier run, or remoteproc's loader, wrote it, and Linux may be
    // attached to it. A table that is not its own is left alone while a driver is bound to it.
    private void Begin()
    {
        if (text != null)
        {
            BeginText();
        }

        if (!table.Read())
        {
            loop.Release();
            BuildTakedown();
            if (takedown != null)
            {
                takedown.Resume();
                return;
            }

            table.Publish();
        }

        loop.Resume();
    }

    // Linux is attached to the table of another firmware that ran here before. It is asked to recover, and until it has, every request on
    // the requestq which that table describes is answered: Linux cannot remove its driver without answers.
    private void BuildTakedown()
    {
        loop.IsForeign = false;
        int entry = table.FindVdev(GpioMessages.DeviceId);
        if (entry < 0)
        {
            return;
        }

        // A ring that does not fit its region is judged so, and Linux is asked to recover all the same.
        int size = table.Found(ResourceTableLayout.RingAt(entry, 0) + ResourceTableLayout.RingSize);
        int align = table.Found(ResourceTableLayout.RingAt(entry, 0) + ResourceTableLayout.RingAlign);
        bool fits = Virtqueue.Fits(size, align, board.RingRegionSize);
        Virtqueue[] queues = fits ? BuildQueues(size, align) : BuildQueues(board.RingSize, board.RingAlign);
        BufferWindows buffers = BuildWindows();
        Vdev vdev = new Vdev(memory, Trace, table, entry, queues, buffers, -1, 0, true);
        if (vdev.IsInUse)
        {
            takedown = BuildLoop(vdev, queues, buffers, 0, LineNames.BuildResponse(new LineConfig[0]), null, null, true);
        }
    }
}
