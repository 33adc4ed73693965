// RigOptions: what a rig is made of.

using System.Collections.Generic;
using VirtioGpio.Boards.Emulated;

namespace VirtioGpio.Emulated.Rig;

/// <summary>What kind of rig to start.</summary>
/// <param name="GuestFolder">The folder that linux/build printed.</param>
/// <param name="Mebibytes">RAM of the guest.</param>
/// <param name="HasShell">Whether the guest's console is this terminal, with a shell on it.</param>
/// <param name="Processors">Processors of the guest; with more than one the unmodified driver's virtqueues break sooner or later.</param>
/// <param name="KernelArguments">More words for the kernel's command line.</param>
/// <param name="Straps">
/// The board's switches: 1 offers indirect descriptors, 2 puts the lines on the natives of Pads, 4 names memory for the lines' state, 8 lets
/// the pads hold their level while the co-processor is reset.
/// </param>
/// <param name="Reboots">Whether the guest may reboot; otherwise QEMU ends then.</param>
/// <param name="NanoClr">
/// The interpreter that runs the firmware; null: the desktop's runtime does. It has no System.Device.Gpio, so the lines are on the
/// natives of Pads then.
/// </param>
/// <param name="PoolAddress">Which piece of Linux's RAM the co-processor's bus reaches; another than the pool only where a test plays a cache.</param>
/// <param name="Overlay">A file in the guest's folder, laid over the board's device tree; null: none.</param>
/// <param name="IsLoaded">
/// Whether Linux loads the firmware's image and switches the co-processor on; otherwise it attaches to one that runs.
/// </param>
/// <param name="Core">
/// The command of a program that plays the co-processor in the firmware's place, and finds the board in VGPIO_BOARD; null: none does.
/// </param>
/// <param name="SpinUs">For how many microseconds after a doorbell the firmware process polls before it sleeps.</param>
/// <param name="Vcd">The file in which the board records its waveforms; null: it does not.</param>
public sealed record RigOptions(
    string GuestFolder,
    int Mebibytes = 128,
    bool HasShell = false,
    int Processors = 1,
    string KernelArguments = "",
    int Straps = 0,
    bool Reboots = false,
    NanoClr? NanoClr = null,
    uint PoolAddress = EmulatedBoard.PoolAddress,
    string? Overlay = null,
    bool IsLoaded = false,
    IReadOnlyList<string>? Core = null,
    int SpinUs = 0,
    string? Vcd = null);
