// Hardware: what is soldered on: memory, doorbells, pins, and what the board puts into the SRAM at power-on.

using System;
using System.Buffers.Binary;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using VirtioGpio.Boards.Emulated;

namespace VirtioGpio.Emulated.Board;

/// <summary>The board, powered on.</summary>
internal sealed unsafe class Hardware
{
    /// <summary>The mailbox peer that the co-processor is for Linux; Linux itself is peer 0.</summary>
    internal const int CorePeer = 1;

    /// <summary>The mailbox peer that switches the co-processor on and off.</summary>
    internal const int PowerPeer = 2;

    private const uint HeaderMagic = 0x434F5347; // "GSOC"
    private const uint HeaderVersion = 3;
    private const int PowerWantedOffset = 0x30;
    private const int PowerOffset = 0x34;
    private const int ResetsOffset = 0x38;
    private const uint LinuxSleeps = 1;
    private const uint LinuxIsDown = 2;

    // Where QEMU's machine "virt" has its RAM.
    private const uint RamAddress = 0x40000000;

    private readonly Lock settling = new();
    private readonly PinPage pins;
    private readonly SensorSite sensor;
    private readonly byte* header;
    private readonly int[] edges = new int[EmulatedBoard.PinCount];
    private readonly Recorder? recorder;
    private CoreState core;

    /// <summary>Powers the board on.</summary>
    /// <param name="mebibytes">RAM of the application CPU.</param>
    /// <param name="straps">The board's switches.</param>
    /// <param name="poolAddress">Which piece of that RAM the co-processor's bus reaches, by the application CPU's address.</param>
    /// <param name="recorder">Records what happens on it; null: nobody does.</param>
    internal Hardware(int mebibytes, int straps, uint poolAddress, Recorder? recorder)
    {
        SafeFileHandle sram = Posix.CreateMemory("sram", EmulatedBoard.SramSize);
        SafeFileHandle ddr = Posix.CreateMemory("ddr", (long)mebibytes << 20);
        SafeFileHandle page = Posix.CreateMemory("pins", PinPage.SizeOf(EmulatedBoard.PinCount));
        SafeFileHandle[] files = new SafeFileHandle[5 + 2 * CoreLink.Doorbells];
        files[0] = sram;
        files[1] = ddr;
        files[2] = page;
        for (int i = 3; i < files.Length; i++)
        {
            files[i] = Posix.CreateEvent();
        }

        Link = new CoreLink(EmulatedBoard.PinCount, poolAddress - RamAddress, EmulatedBoard.PoolSize, files);
        DdrPath = $"/proc/{Environment.ProcessId}/fd/{ddr.DangerousGetHandle()}";
        header = new Mapping(sram).Memory;
        WriteHeader(header, straps);
        (FromLinux, ToLinux) = (Link.FromLinux, Link.ToLinux);
        pins = new PinPage(new Mapping(page).Memory, EmulatedBoard.PinCount);
        sensor = new SensorSite(pins, PinOf("sensor-sda"), PinOf("sensor-scl"), PinOf("sensor-alert"), EndStretch);
        pins.LevelChanged += (pin, _) => Interlocked.Increment(ref edges[pin]);
        Solder();
        if (recorder is not null)
        {
            recorder.Begin(pins);
            DoorbellRelay relay = DoorbellRelay.Start(this, recorder);
            (FromLinux, ToLinux) = (relay.FromLinux, relay.ToLinux);
            this.recorder = recorder;
        }

        new Thread(FollowCore) { IsBackground = true, Name = "pins" }.Start();
    }

    /// <summary>Raised for each pin whose level changed.</summary>
    internal event Action<int, bool>? LevelChanged
    {
        add => pins.LevelChanged += value;
        remove => pins.LevelChanged -= value;
    }

    internal CoreLink Link { get; }

    /// <summary>What Linux rings, by notify id; the co-processor hears it.</summary>
    internal SafeFileHandle[] FromLinux { get; }

    /// <summary>What rings Linux, by notify id.</summary>
    internal SafeFileHandle[] ToLinux { get; }

    /// <summary>Rung by Linux when it wants the co-processor switched on or off.</summary>
    internal SafeFileHandle PowerDoorbell { get; } = Posix.CreateEvent();

    /// <summary>Whether Linux wants the co-processor to be on.</summary>
    internal bool IsPowerWanted => WordAt(PowerWantedOffset) == 1;

    /// <summary>Resets of the co-processor since it was switched on, as Linux sees them.</summary>
    internal int Resets
    {
        get => (int)WordAt(ResetsOffset);
        set => SetWord(ResetsOffset, (uint)value);
    }

    /// <summary>The path under which another process opens the DDR.</summary>
    internal string DdrPath { get; }

    /// <summary>Accesses of the co-processor to addresses that its bus does not reach.</summary>
    internal int BusErrors => pins.BusErrors;

    /// <summary>How far the co-processor is.</summary>
    internal CoreState Core
    {
        get => core;
        set
        {
            core = value;
            recorder?.SetCore(value);
        }
    }

    internal bool LevelAt(int pin) => pins.LevelAt(pin);

    internal PadMode ModeOf(int pin) => pins.ModeOf(pin);

    internal PadDriver DriverOf(int pin) => pins.DriverOf(pin);

    internal Outside OutsideOf(int pin) => pins.OutsideOf(pin);

    /// <summary>Whether the co-processor has enabled a pin's interrupt.</summary>
    internal bool IsArmed(int pin) => pins.IsWatched(pin);

    /// <summary>How often the level at a pin has changed.</summary>
    internal int EdgesOf(int pin) => Volatile.Read(ref edges[pin]);

    /// <summary>Settles, and records what there is now.</summary>
    internal void Sample()
    {
        lock (settling)
        {
            Settle();
        }
    }

    /// <summary>Drives a pin from outside, or lets it go.</summary>
    internal void SetOutside(int pin, Outside drive)
    {
        lock (settling)
        {
            pins.SetOutside(pin, drive);
            Settle();
        }
    }

    /// <summary>Makes the temperature sensor warmer or colder.</summary>
    internal void SetTemperature(int sixteenths)
    {
        lock (settling)
        {
            sensor.Measure(sixteenths);
            Settle();
        }
    }

    /// <summary>What the temperature sensor measures, and what Linux has told it.</summary>
    internal string DescribeSensor()
    {
        lock (settling)
        {
            return sensor.Description;
        }
    }

    /// <summary>Moves the board's switches; the co-processor reads them when it starts.</summary>
    internal void SetStraps(int straps) => SetWord(EmulatedBoard.StrapsOffset, (uint)straps);

    /// <summary>Sleeps until <see cref="PowerDoorbell"/> is rung.</summary>
    internal void AwaitPowerOrder()
    {
        Posix.Wait([PowerDoorbell], -1);
        Posix.Take(PowerDoorbell);
    }

    /// <summary>What Linux does; it sleeps when the firmware has seen it.</summary>
    internal string DescribeLinux() => WordAt(EmulatedBoard.LinuxStateOffset) switch
    {
        LinuxSleeps => WordAt(EmulatedBoard.LinuxStateOffset + 4) == LinuxSleeps ? "sleeps" : "falls asleep",
        LinuxIsDown => "is down",
        _ => "runs",
    };

    /// <summary>The application CPU is off: tells the co-processor that there is no Linux any more.</summary>
    internal void ReportLinuxDown()
    {
        SetWord(EmulatedBoard.LinuxStateOffset, LinuxIsDown);
        Posix.Signal(FromLinux[EmulatedBoard.ControlNotifyId]);
    }

    /// <summary>Tells Linux that the co-processor is on or off.</summary>
    internal void AcknowledgePower(bool on) => SetWord(PowerOffset, on ? 1u : 0);

    /// <summary>What the pads do when the co-processor is reset: they let go, unless the board's switches say that they stay as they are.</summary>
    internal void ResetCore()
    {
        if ((WordAt(EmulatedBoard.StrapsOffset) & EmulatedBoard.StrapHoldsPads) == 0)
        {
            ResetPads();
        }
    }

    /// <summary>What the pads do without power: they let go.</summary>
    internal void ResetPads()
    {
        lock (settling)
        {
            pins.ResetPads();
            Settle();
        }
    }

    private uint WordAt(int offset) => Volatile.Read(ref *(uint*)(header + offset));

    private void SetWord(int offset, uint word) => Volatile.Write(ref *(uint*)(header + offset), word);

    private static int PinOf(string line) => EmulatedBoard.LinePins[Array.IndexOf(EmulatedBoard.LineNames, line)];

    private static void WriteHeader(byte* sram, int straps)
    {
        uint[] words =
        [
            HeaderMagic,
            HeaderVersion,
            CorePeer,
            EmulatedBoard.TableOffset,
            EmulatedBoard.RequestRingOffset - EmulatedBoard.TableOffset,
            EmulatedBoard.RequestRingOffset,
            EmulatedBoard.RingRegionSize,
            EmulatedBoard.EventRingOffset,
            EmulatedBoard.RingRegionSize,
            EmulatedBoard.SramAddress,
            (uint)straps,
            PowerPeer,
        ];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(sram + 4 * i, 4), words[i]);
        }
    }

    private void Solder()
    {
        pins.Wire(1, PinOf("loopback-out"), PinOf("loopback-in"));
        pins.PullUp(PinOf("charger-alert"));
        pins.PullUp(PinOf("i2c-mux-reset"));

        // Push-pull outputs of other chips; everything else floats until somebody drives it.
        foreach (string line in new[] { "imu-int1", "imu-int2", "touch-int", "fan-tach" })
        {
            pins.SetOutside(PinOf(line), Outside.Low);
        }

        Settle();
    }

    private void FollowCore()
    {
        SafeFileHandle[] written = [Link.PinsWritten];
        for (; ; )
        {
            Posix.Wait(written, -1);
            Posix.Take(Link.PinsWritten);
            int writes = pins.Writes;
            Sample();
            pins.AcknowledgeWrites(writes);
        }
    }

    private void EndStretch()
    {
        lock (settling)
        {
            sensor.EndStretch();
            Settle();
        }
    }

    private void Settle()
    {
        // What the sensor answers moves levels again.
        do
        {
            do
            {
                if (pins.Settle())
                {
                    Posix.Signal(Link.EdgesLatched);
                }
            }
            while (recorder?.Sample() == false);
        }
        while (sensor.Follow());
    }
}
