// Device: what is measured: the firmware on either kind of pins, the yardstick, an interpreter.

using System;
using System.Collections.Generic;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Bench;

/// <summary>A device.</summary>
/// <param name="Name">As the tables call it.</param>
/// <param name="Change">What of a rig's options makes it so.</param>
/// <param name="Spins">Whether it takes its processor also when there is nothing to do.</param>
internal sealed record Device(string Name, Func<RigOptions, RigOptions> Change, bool Spins = false)
{
    /// <summary>The yardstick that the others are put beside.</summary>
    internal const string Reference = "C, sleeps";

    /// <summary>The firmware on latched pins.</summary>
    internal const string Latched = "firmware, latched pins";

    /// <summary>In place of a name: all devices.</summary>
    internal const string Any = "all";

    private const string NanoClrName = "nanoCLR, latched pins";

    /// <summary>All that are there.</summary>
    /// <param name="programs">The yardstick.</param>
    /// <param name="missing">Gets the name and the reason of one that is not.</param>
    internal static List<Device> All(Programs programs, Action<string, string> missing)
    {
        List<Device> devices =
        [
            new(Reference, options => options with { Core = programs.Yardstick("block") }),
            new("firmware, System.Device.Gpio", options => options),
            new(Latched, options => options with { Straps = EmulatedBoard.StrapLatchedPins }),
            new("firmware, latched pins, spins 300 us", options => options with { Straps = EmulatedBoard.StrapLatchedPins, SpinUs = 300 }),
            new("C, spins", options => options with { Core = programs.Yardstick("spin") }, Spins: true),
        ];
        string? program = Environment.GetEnvironmentVariable("VGPIO_NANOCLR");
        if (string.IsNullOrEmpty(program))
        {
            missing(NanoClrName, "VGPIO_NANOCLR names no interpreter");
        }
        else
        {
            NanoClr nanoClr = NanoClr.Find(program, Environment.GetEnvironmentVariable("VGPIO_PE"));
            devices.Add(new(NanoClrName, options => options with { NanoClr = nanoClr }));
        }

        return devices;
    }

    /// <summary>Starts the device on a rig.</summary>
    internal static void Start(Rig rig)
    {
        rig.StartFirmware();
        Command.Pin(rig.Firmware.Id, Plan.CoreProcessor);
    }
}
