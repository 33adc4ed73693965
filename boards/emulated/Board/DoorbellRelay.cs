// DoorbellRelay: the doorbells while the board records: it stands between Linux and the co-processor, and passes each on.
//
// Without a recording both sides have the same eventfds, and nothing of the board is in between. With one, each side has eventfds of its
// own; the board's thread takes a ring, records it, and rings the other side. A doorbell is still rung at least once after the last ring,
// whoever dies meanwhile: the eventfds are the board's.

using System.Linq;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace VirtioGpio.Emulated.Board;

internal sealed class DoorbellRelay
{
    private readonly Hardware hardware;
    private readonly Recorder recorder;
    private readonly SafeFileHandle[] rung;
    private readonly SafeFileHandle[] passedOn;

    private DoorbellRelay(Hardware hardware, Recorder recorder)
    {
        this.hardware = hardware;
        this.recorder = recorder;
        rung = [.. FromLinux, .. hardware.Link.ToLinux];
        passedOn = [.. hardware.Link.FromLinux, .. ToLinux];
    }

    /// <summary>What Linux rings, by notify id.</summary>
    internal SafeFileHandle[] FromLinux { get; } = [.. Enumerable.Range(0, CoreLink.Doorbells).Select(_ => Posix.CreateEvent())];

    /// <summary>What rings Linux.</summary>
    internal SafeFileHandle[] ToLinux { get; } = [.. Enumerable.Range(0, CoreLink.Doorbells).Select(_ => Posix.CreateEvent())];

    internal static DoorbellRelay Start(Hardware hardware, Recorder recorder)
    {
        DoorbellRelay relay = new(hardware, recorder);
        new Thread(relay.PassOn) { IsBackground = true, Name = "doorbells" }.Start();
        return relay;
    }

    private void PassOn()
    {
        for (; ; )
        {
            int ready = Posix.Wait(rung, -1);
            for (int i = 0; i < rung.Length; i++)
            {
                if ((ready >> i & 1) == 0 || !Posix.Take(rung[i]))
                {
                    continue;
                }

                bool isFromLinux = i < CoreLink.Doorbells;
                if (!isFromLinux)
                {
                    hardware.Sample();
                }

                recorder.Ring(isFromLinux, i % CoreLink.Doorbells);
                Posix.Signal(passedOn[i]);
            }
        }
    }
}
