// GuestRig: the rigs of the guest tests. Linux is booted once for all tests that leave it as they found it.

using System;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

/// <summary>
/// Where the guest is: VGPIO_GUEST names the folder that boards/emulated/linux/build printed; if it could not be built,
/// VGPIO_NO_GUEST says why, and every guest test is skipped with that reason. VGPIO_NANOCLR names a nanoCLR that shall run the
/// firmware of every rig instead of the desktop's runtime, and VGPIO_PE the folder of its assemblies (default: its own).
/// </summary>
[TestClass]
public static class GuestRig
{
    private static Rig? shared;
    private static Rig? loaded;

    /// <summary>The rig that tests share.</summary>
    internal static Rig Shared => shared ??= Boot(new RigOptions(Folder));

    /// <summary>The rig that those tests share whose Linux loads the firmware.</summary>
    internal static Rig Loaded => loaded ??= Boot(new RigOptions(Folder, IsLoaded: true));

    /// <summary>Whether an interpreter runs the firmware. Its lines are on the natives of Pads, whatever a rig's options say.</summary>
    internal static bool IsInterpreted => !string.IsNullOrEmpty(NanoClrProgram);

    /// <summary>The guest's folder; skips the test if there is none.</summary>
    internal static string Folder => FolderNamed("VGPIO_GUEST");

    private static string? NanoClrProgram => Environment.GetEnvironmentVariable("VGPIO_NANOCLR");

    /// <summary>The folder that an environment variable names; skips the test if it names none.</summary>
    internal static string FolderNamed(string variable)
    {
        string? folder = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(folder))
        {
            string? reason = Environment.GetEnvironmentVariable("VGPIO_NO_GUEST");
            Assert.Inconclusive(string.IsNullOrEmpty(reason) ? $"{variable} is not set: ./test sets it" : reason);
        }

        return folder!;
    }

    /// <summary>Starts a rig of a test's own.</summary>
    internal static Rig Boot(RigOptions options)
    {
        Rig rig = Rig.Create(IsInterpreted
            ? options with { NanoClr = NanoClr.Find(NanoClrProgram!, Environment.GetEnvironmentVariable("VGPIO_PE")) }
            : options);
        try
        {
            rig.Boot();
            return rig;
        }
        catch
        {
            rig.Dispose();
            throw;
        }
    }

    /// <summary>Ends the shared rigs.</summary>
    [AssemblyCleanup]
    public static void Clean()
    {
        shared?.Dispose();
        loaded?.Dispose();
    }
}
