// Rooms: the table of DESIGN.md, "Rooms and the rule between them", as data: which room may name which, and what it must not know.

using System;
using System.Collections.Generic;
using System.Linq;

namespace VirtioGpio.Tests.House;

/// <summary>
/// A room is the last part of a namespace of the firmware ("Queue"). The types of the seam and of the root namespace count
/// one by one ("SharedMemory", "GpioBoard"). hal/ and each board are rooms of their own.
/// </summary>
internal static class Rooms
{
    /// <summary>The one that says new, and so may say everything.</summary>
    internal const string Composer = "GpioFirmware";

    private const string FirmwareRoot = "VirtioGpio.Firmware";
    private const string HalRoot = "VirtioGpio.Hal";
    private const string BoardsRoot = "VirtioGpio.Boards";

    /// <summary>The namespaces of nanoFramework's core library that need no permission, and the one that does.</summary>
    private static readonly string[] core = ["System", "System.Runtime.CompilerServices"];

    private static readonly Dictionary<string, string> mayName = new()
    {
        ["Wire"] = "",
        ["Trace"] = "",
        ["Queue"] = "Wire Trace SharedMemory AddressWindows",
        ["State"] = "Wire SharedMemory",
        ["Gpio"] = "Wire Trace Queue State IPins Edge LineConfig Clock",
        ["Remoteproc"] = "Wire Trace Queue SharedMemory Mailbox",
        ["Runtime"] = "Gpio Remoteproc Queue Trace Mailbox",
        ["GpioBoard"] = "Wire Queue AddressWindows LineConfig",
        [Composer] = "everything",
        ["hal"] = "SharedMemory Mailbox Pads System.Device.Gpio nanoFramework.Runtime.Events System.Threading",
        ["board"] = "SharedMemory Mailbox AddressWindows IPins PinMap LineConfig GpioControllerPins LatchedPins Pads GpioBoard GpioFirmware System.Device.Gpio",
    };

    // What shares a namespace with what a room may name.
    private static readonly Dictionary<string, string> mustNotKnow = new()
    {
        ["Queue"] = "GpioMessages ResourceTableLayout StateLayout",
        ["Gpio"] = "RingLayout ResourceTableLayout",
        ["State"] = "RingLayout ResourceTableLayout",
        ["Remoteproc"] = "GpioMessages StateLayout",
    };

    // The same arrows between folders. A board reaches into its own folder alone.
    private static readonly Dictionary<string, string> mayReachInto = new()
    {
        ["hal"] = "hal",
        ["firmware"] = "firmware hal",
        ["boards"] = "firmware hal",
        ["tests"] = "tests boards firmware hal",
    };

    /// <summary>The folders of the rooms.</summary>
    internal static IEnumerable<string> Folders => mayReachInto.Keys;

    /// <summary>The rooms of the table.</summary>
    internal static IEnumerable<string> All => mayName.Keys;

    /// <summary>The room of a type.</summary>
    /// <param name="space">Its namespace; that of the outermost type if it is nested.</param>
    /// <param name="name">The outermost type's name.</param>
    internal static string Of(string space, string name)
    {
        return space switch
        {
            FirmwareRoot => name,
            HalRoot => "hal",
            _ when space.StartsWith(FirmwareRoot + ".", StringComparison.Ordinal) => space[(FirmwareRoot.Length + 1)..],
            _ when space.StartsWith(BoardsRoot, StringComparison.Ordinal) => "board",
            _ => space,
        };
    }

    /// <summary>Why a type must not name another, or null: it may.</summary>
    internal static string? Objection(string room, string space, string name)
    {
        string target = Of(space, name);
        bool isCompilers = name.StartsWith('<');
        if (target == room || room == Composer || core.Contains(space) || isCompilers)
        {
            return null;
        }

        string permitted = target == "hal" ? name : target;
        if (!mayName.TryGetValue(room, out string? row))
        {
            return $"{room}: no room of the table";
        }

        if (!row.Split(' ').Contains(permitted))
        {
            return $"{room} may not name {permitted}";
        }

        return mustNotKnow.TryGetValue(room, out string? unknown) && unknown.Split(' ').Contains(name)
            ? $"{room} must not know {name}"
            : null;
    }

    /// <summary>Why a project file must not name a path, or null: it may. Both are paths from the project's root.</summary>
    internal static string? ObjectionToPath(string file, string target)
    {
        string[] from = file.Split('/');
        string[] to = target.Split('/');
        bool isOwnBoard = from[0] == "boards" && from.Take(2).SequenceEqual(to.Take(2));
        return isOwnBoard || mayReachInto[from[0]].Split(' ').Contains(to[0]) ? null : $"{from[0]} may not reach into {to[0]}";
    }
}
