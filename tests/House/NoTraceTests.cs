// No file of the project says on which machine it was made, or from where that machine took its packages.

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class NoTraceTests
{
    // In pieces, so that this file passes its own test.
    private static readonly Regex trace = new(
        @"(?<![\w.\-)}$*<])/(?:ro" + @"ot|wo" + @"rk|ho" + @"me/[\w.\-]+)/"
        + @"|deb\.deb" + @"ian\.org|api\.nu" + @"get\.org|registry\.np" + @"mjs\.org"
        + @"|files\.python" + @"hosted\.org|proxy\.go" + @"lang\.org|static\.cra" + @"tes\.io",
        RegexOptions.CultureInvariant);

    [TestMethod]
    public void File_OfTheProject_NamesNoMachine()
    {
        Found.None(
            from file in FilesOfTheProject()
            where IsText(file)
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            where trace.IsMatch(line.Text)
            select $"{Path.GetRelativePath(Flashed.Root, file)}:{line.Number}: {trace.Match(line.Text).Value}");
    }

    [TestMethod]
    [DataRow("cd /ro" + "ot/x", true)]
    [DataRow("path=\"/ho" + "me/someone/x\"", true)]
    [DataRow("deb http://deb.deb" + "ian.org/debian", true)]
    [DataRow("obj/wo" + "rk/x", false)]
    [DataRow("$(Root)/wo" + "rk/x", false)]
    [DataRow("/sys/devices", false)]
    public void Line_NamingAMachine_IsFound(string line, bool found)
    {
        Assert.AreEqual(found, trace.IsMatch(line));
    }

    // What is tracked, and what is about to be; without git, all that the build did not make.
    private static IEnumerable<string> FilesOfTheProject()
    {
        try
        {
            ProcessStartInfo git = new("git", "ls-files -z --cached --others --exclude-standard")
            {
                WorkingDirectory = Flashed.Root,
                RedirectStandardOutput = true,
            };
            using Process process = Process.Start(git)!;
            string[] files = process.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            process.WaitForExit();
            return process.ExitCode == 0 ? Existing(files) : Existing(Flashed.Files(".", "*"));
        }
        catch (Win32Exception)
        {
            return Existing(Flashed.Files(".", "*"));
        }
    }

    private static IEnumerable<string> Existing(IEnumerable<string> files) =>
        files.Select(file => Path.Combine(Flashed.Root, file)).Where(File.Exists);

    private static bool IsText(string file)
    {
        using FileStream stream = File.OpenRead(file);
        Span<byte> start = stackalloc byte[4096];
        return !start[..stream.Read(start)].Contains((byte)0);
    }
}
