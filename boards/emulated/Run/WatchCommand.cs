// WatchCommand: the board live in the terminal, with keys that do what a hand would do to it.
//
// Thread: one draws and takes keys; a second reads them; what takes longer (a Linux command, a start) has a task of its own.

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Emulated.Run;

/// <summary>Watches a board.</summary>
/// <param name="board">The board.</param>
/// <param name="rig">What it belongs to; null: another process has that, and only the board can be reached.</param>
internal sealed class WatchCommand(BoardClient board, Rig.Rig? rig)
{
    private const string Button = "user-button";
    private const int PressMs = 100;
    private const int RefreshMs = 100;

    private readonly BlockingCollection<ConsoleKeyInfo> keys = [];
    private IReadOnlyList<BoardRow> rows = [];
    private string core = "";
    private string message = "";
    private string? command;
    private Stopwatch? pressed;
    private Task task = Task.CompletedTask;
    private int selected;
    private bool isOver;

    /// <summary>Watches until a key, a signal or the board ends it.</summary>
    /// <returns>The exit code.</returns>
    internal int Run()
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            Console.Error.WriteLine("./run --watch needs a terminal.");
            return 2;
        }

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            isOver = true;
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        Console.TreatControlCAsInput = true;
        using Screen screen = new();
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        try
        {
            while (!isOver)
            {
                Show(screen);
                if (keys.TryTake(out ConsoleKeyInfo key, RefreshMs))
                {
                    Take(key);
                }

                if (pressed?.ElapsedMilliseconds >= PressMs)
                {
                    board.Set(Button, "float");
                    pressed = null;
                }
            }

            return 0;
        }
        catch (Exception e) when (rig is null && e is IOException or InvalidOperationException)
        {
            // Its own ./run has ended it.
            return 0;
        }
    }

    private void ReadKeys()
    {
        for (; ; )
        {
            keys.Add(Console.ReadKey(intercept: true));
        }
    }

    private void Show(Screen screen)
    {
        rows = BoardRow.Read(board);
        core = board.Ask("core")[0];
        string linux = rig is null ? "" : task.IsCompleted ? "Linux is up" : "Linux or the firmware is busy";
        screen.Draw(
            BoardView.Row($"firmware {core}    {board.Ask("sensor")[0].Split(" low")[0]}    {linux}"),
            BoardView.Lines(rows, selected),
            BoardView.Help,
            BoardView.Row(command is null ? message : $"linux# {command}_"));
    }

    private void Take(ConsoleKeyInfo key)
    {
        if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
        {
            isOver = true;
        }
        else if (command is not null)
        {
            TakeCommandKey(key);
        }
        else if (key.Key is ConsoleKey.UpArrow or ConsoleKey.DownArrow)
        {
            selected = Math.Clamp(selected + (key.Key == ConsoleKey.UpArrow ? -1 : 1), 0, rows.Count - 1);
        }
        else
        {
            TakeKey(key.KeyChar);
        }
    }

    private void TakeCommandKey(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                string line = command!;
                Do($"linux# {line}", () => rig!.Guest.Run(line).Output);
                command = null;
                break;
            case ConsoleKey.Escape:
                command = null;
                break;
            case ConsoleKey.Backspace:
                command = command!.Length == 0 ? command : command[..^1];
                break;
            default:
                command += char.IsControl(key.KeyChar) ? "" : key.KeyChar;
                break;
        }
    }

    private void TakeKey(char key)
    {
        switch (key)
        {
            case 'l' or 'h' or 'f':
                string drive = key switch { 'l' => "low", 'h' => "high", _ => "float" };
                board.Set(rows[selected].Number, drive);
                message = $"set {rows[selected].Name} {drive}";
                break;
            case 'b':
                board.Set(Button, "low");
                pressed = Stopwatch.StartNew();
                message = $"press {Button}";
                break;
            case '+' or '-':
                Heat(key == '+' ? 1 : -1);
                break;
            case 'q':
                isOver = true;
                break;
            case 'k' or 's' or ':':
                TakeRigKey(key);
                break;
        }
    }

    private void TakeRigKey(char key)
    {
        if (rig is null)
        {
            message = "That is for the terminal in which this board was started.";
        }
        else if (key == ':')
        {
            command = "";
        }
        else if (key == 's')
        {
            Do("suspend", () =>
            {
                rig.Suspend();
                return "";
            });
        }
        else if (core == "off")
        {
            Do("start the firmware", () =>
            {
                rig.StartFirmware();
                return "";
            });
        }
        else
        {
            rig.KillFirmware();
            message = "the firmware was killed; Linux waits for it";
        }
    }

    private void Heat(int degrees)
    {
        decimal now = decimal.Parse(board.Ask("sensor")[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        decimal next = now + degrees;
        message = string.Join(' ', board.Send(FormattableString.Invariant($"temperature {next}")).Where(line => line != "ok").DefaultIfEmpty($"temperature {next}"));
    }

    // One at a time: Linux's shell takes no second command.
    private void Do(string what, Func<string> action)
    {
        if (!task.IsCompleted)
        {
            message = "Busy: wait for the one before.";
            return;
        }

        message = what;
        task = Task.Run(() =>
        {
            try
            {
                string last = action().TrimEnd().Split('\n')[^1].Trim();
                message = last == "" ? what : last;
            }
            catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException or SocketException)
            {
                message = $"{what}: {e.Message}".ReplaceLineEndings(" ");
            }
        });
    }
}
