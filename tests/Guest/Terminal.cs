// Terminal: a program on a pseudo-terminal (util-linux's script), as a person at a keyboard has it.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

/// <summary>Types and reads. All that the program keeps in temporary files lies in a folder of its own.</summary>
internal sealed class Terminal : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(120);
    private readonly Process process;
    private readonly StringBuilder screen = new();
    private readonly Thread reader;
    private readonly bool isFolderBorrowed;

    /// <summary>Starts a program.</summary>
    /// <param name="command">What a shell runs.</param>
    /// <param name="temporaryFolder">The folder of another terminal, whose temporary files it shall see; null: one of its own.</param>
    internal Terminal(string command, string? temporaryFolder = null)
    {
        isFolderBorrowed = temporaryFolder is not null;
        TemporaryFolder = temporaryFolder ?? Directory.CreateTempSubdirectory("vgpio-").FullName;
        ProcessStartInfo start = new("script", ["--quiet", "--flush", "--return", "--command", command, "/dev/null"])
        {
            WorkingDirectory = Project.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TMPDIR"] = TemporaryFolder;
        process = Process.Start(start)!;
        reader = new Thread(Read) { IsBackground = true };
        reader.Start();
    }

    /// <summary>Where the program's temporary files go.</summary>
    internal string TemporaryFolder { get; }

    /// <summary>All that was printed.</summary>
    internal string Printed
    {
        get
        {
            lock (screen)
            {
                return screen.ToString();
            }
        }
    }

    /// <summary>All that was printed, with plain line ends and without the terminal's control sequences.</summary>
    internal string Screen => Plain(Printed);

    /// <summary>What was drawn last by a program that draws on all of the screen.</summary>
    internal string Frame => Plain(Printed.Split("\x1b[H")[^1].Split("\x1b[J")[0]);

    internal void Type(string keys)
    {
        process.StandardInput.Write(keys);
        process.StandardInput.Flush();
    }

    /// <summary>Waits until a text has been printed so often.</summary>
    internal void WaitFor(string text, int times = 1) => Until(() => Screen.Split(text).Length > times, text);

    /// <summary>Waits until a text is on the screen.</summary>
    /// <returns>The screen.</returns>
    internal string WaitForFrame(string text)
    {
        Until(() => Frame.Contains(text), text);
        return Frame;
    }

    /// <summary>Waits until the program has printed something.</summary>
    internal void Until(Func<bool> isPrinted, string what)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!isPrinted())
        {
            if (clock.Elapsed > patience || process.HasExited)
            {
                throw new TimeoutException($"\"{what}\" was not printed; the screen:\n{Frame}");
            }

            Thread.Sleep(20);
        }
    }

    /// <summary>Waits for the program's end.</summary>
    /// <returns>Its exit code.</returns>
    internal int WaitForExit()
    {
        if (!process.WaitForExit(patience))
        {
            throw new TimeoutException($"the program does not end; the screen:\n{Screen}");
        }

        reader.Join(patience);
        return process.ExitCode;
    }

    /// <summary>Processes that were started with this terminal's temporary folder and still run.</summary>
    internal string[] Leftovers() =>
        [.. Process.GetProcesses().Where(p => CommandLineOf(p.Id).Contains(TemporaryFolder)).Select(p => CommandLineOf(p.Id))];

    /// <summary>Folders of rigs that this terminal's programs left behind.</summary>
    internal string[] RigFolders() => Directory.GetDirectories(TemporaryFolder, Rig.FolderPrefix + "*");

    /// <inheritdoc/>
    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        if (!isFolderBorrowed)
        {
            Directory.Delete(TemporaryFolder, recursive: true);
        }
    }

    private static string Plain(string printed) => Regex.Replace(printed, @"\r|\x1b(\[[0-9;?]*[A-Za-z]|[=>])", "");

    private static string CommandLineOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private void Read()
    {
        char[] buffer = new char[4096];
        for (int count; (count = process.StandardOutput.Read(buffer)) > 0;)
        {
            lock (screen)
            {
                screen.Append(buffer, 0, count);
            }
        }
    }
}
