// Project: where the project's files are.

using System;
using System.IO;

namespace VirtioGpio.Tests.Support;

/// <summary>The project's folder.</summary>
public static class Project
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "VirtioGpioFirmware.sln")) ? folder
        : Path.GetDirectoryName(folder) is string parent ? FindRoot(parent)
        : throw new DirectoryNotFoundException("VirtioGpioFirmware.sln stands in no folder above the tests");
}
