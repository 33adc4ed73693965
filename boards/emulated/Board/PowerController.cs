// PowerController: switches the co-processor on and off, and resets it: the board starts and ends the firmware process.
//
// Linux writes what it wants into a word of the SRAM header and rings this controller; the controller acknowledges in a second word when
// it is done. A third word counts resets since power on. Without such an order the co-processor is whatever process connects.

using System;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace VirtioGpio.Emulated.Board;

internal sealed class PowerController
{
    private readonly Lock switching = new();
    private readonly Hardware hardware;
    private readonly string folder;
    private readonly string[] command;
    private Process? core;
    private bool isOn;
    private bool isInReset;

    private PowerController(Hardware hardware, string folder, string[] command)
    {
        this.hardware = hardware;
        this.folder = folder;
        this.command = command;
    }

    /// <summary>The firmware process, by its id; 0: the co-processor is off, held in reset, or its firmware has crashed.</summary>
    internal int FirmwareId
    {
        get
        {
            lock (switching)
            {
                return core is { HasExited: false } ? core.Id : 0;
            }
        }
    }

    /// <summary>Begins to follow Linux's orders.</summary>
    /// <param name="hardware">The board.</param>
    /// <param name="folder">Where its sockets are; the firmware finds it in VGPIO_BOARD.</param>
    /// <param name="command">The program that is the firmware, and its arguments; empty: there is none, and power on is never acknowledged.</param>
    internal static PowerController Start(Hardware hardware, string folder, string[] command)
    {
        PowerController controller = new(hardware, folder, command);
        new Thread(controller.FollowLinux) { IsBackground = true, Name = "power" }.Start();
        return controller;
    }

    /// <summary>Holds the co-processor in reset: its firmware is gone, and power on does not start it.</summary>
    internal void HoldReset()
    {
        lock (switching)
        {
            isInReset = true;
            End();
        }
    }

    /// <summary>Ends a reset: a co-processor that is on starts anew, and Linux is told nothing.</summary>
    internal void ReleaseReset()
    {
        lock (switching)
        {
            isInReset = false;
            if (isOn)
            {
                // A firmware that was held back since power on starts for the first time.
                hardware.Resets += core is null ? 0 : 1;
                End();
                Begin();
            }
        }
    }

    private void FollowLinux()
    {
        for (; ; )
        {
            hardware.AwaitPowerOrder();
            lock (switching)
            {
                Switch(hardware.IsPowerWanted);
            }
        }
    }

    private void Switch(bool on)
    {
        // What never comes up is not acknowledged: Linux notices.
        if (on && command.Length == 0)
        {
            return;
        }

        if (on != isOn)
        {
            End();
            hardware.ResetPads();
            core = null;
            isOn = on;
            hardware.Resets = 0;
            if (on && !isInReset)
            {
                Begin();
            }
        }

        hardware.AcknowledgePower(on);
    }

    private void Begin()
    {
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["VGPIO_BOARD"] = folder;
        hardware.Core = CoreState.Starting;
        core = Process.Start(start)!;
        _ = core.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = core.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    private void End()
    {
        if (core is { HasExited: false })
        {
            core.Kill();
            core.WaitForExit();
        }

        hardware.Core = CoreState.Off;

        // Whoever connects next does so when the board has seen the end of this one.
        hardware.ResetCore();
    }
}
