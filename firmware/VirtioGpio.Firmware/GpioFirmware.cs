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
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware;

/// <summary>A virtio-gpio device, ready to serve.</summary>
public sealed class GpioFirmware
{
    private const int Probe = 0x56475046;

    private readonly DeviceLoop loop;

    private GpioFirmware(DeviceLoop loop, TraceRing trace)
    {
        this.loop = loop;
        Trace = trace;
    }

    /// <summary>The last faults.</summary>
    public TraceRing Trace { get; }

    /// <summary>Checks the board, builds the device and publishes its resource table.</summary>
    /// <param name="board">The board's memory map and lines.</param>
    /// <param name="memory">The shared memory.</param>
    /// <param name="mailbox">The doorbells.</param>
    /// <param name="pins">The pins behind the lines.</param>
    /// <returns>The device; call <see cref="Run"/>.</returns>
    /// <exception cref="ArgumentException">The board is mis-built; the message names the line, ring or window. Linux sees no table.</exception>
    /// <exception cref="InvalidOperationException">The image's native code is not that of this assembly.</exception>
    public static GpioFirmware Start(GpioBoard board, SharedMemory memory, Mailbox mailbox, IPins pins)
    {
        board.Check();
        if (memory.SelfTest(Probe) != ~Probe)
        {
            throw new InvalidOperationException("the native table of VirtioGpio.Hal.Native does not fit the assembly");
        }

        int lineCount = board.LineNames.Length;
        TraceRing trace = new TraceRing();
        Virtqueue requestRing = new Virtqueue(memory, trace, board.RequestRingAddress, board.RingRegionSize, board.RingSize, board.RingAlign);
        Virtqueue eventRing = new Virtqueue(memory, trace, board.EventRingAddress, board.RingRegionSize, board.RingSize, board.RingAlign);

        // One chain serves both queues: each is done with it before the other begins.
        DescriptorChain chain = new DescriptorChain(memory, board.Windows, trace, board.RingSize);
        byte[] namesResponse = LineNames.BuildResponse(board.LineNames);
        EventQueue events = new EventQueue(eventRing, chain, pins, trace, lineCount);
        LineTable lines = new LineTable(pins, events, trace, lineCount);
        RequestQueue requests = new RequestQueue(requestRing, chain, lines, trace, namesResponse);
        Vdev vdev = new Vdev(memory, trace, board.TableAddress, requestRing, eventRing, FeaturesOf(board), GpioMessages.FeatureIrq);
        DeviceLoop loop = new DeviceLoop(mailbox, vdev, requestRing, eventRing, requests, events, lines, trace, board.RingSize);
        if (vdev.Publish(GpioMessages.DeviceId, BuildConfig(lineCount, namesResponse.Length - 1)))
        {
            loop.Resume(board.RestartNotifyId);
        }

        return new GpioFirmware(loop, trace);
    }

    /// <summary>Serves without end, on the calling thread.</summary>
    public void Run() => loop.Run();

    /// <summary>Waits for one wake-up and serves it.</summary>
    public void Step() => loop.Step();

    private static int FeaturesOf(GpioBoard board) =>
        GpioMessages.FeatureIrq
        | (board.OffersIndirect ? RingLayout.FeatureIndirect : 0)
        | (board.OffersEventIndex ? RingLayout.FeatureEventIndex : 0);

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
