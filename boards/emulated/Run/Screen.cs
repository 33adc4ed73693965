// Screen: the terminal while something is drawn on all of it; it is as before when this is disposed of.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace VirtioGpio.Emulated.Run;

internal sealed class Screen : IDisposable
{
    private const string Enter = "\x1b[?1049h\x1b[?25l";
    private const string Leave = "\x1b[?25h\x1b[?1049l";
    private const string Home = "\x1b[H";
    private const string EndOfLine = "\x1b[K";
    private const string EndOfScreen = "\x1b[J";

    private readonly Stream output = Console.OpenStandardOutput();
    private string shown = "";

    internal Screen() => Write(Enter);

    /// <summary>Draws one thing under the other, as far as the terminal has room.</summary>
    internal void Draw(params IRenderable[] parts)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = Console.WindowWidth;
        foreach (IRenderable part in parts)
        {
            console.Write(part);
            console.WriteLine();
        }

        IEnumerable<string> rows = text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Where(row => row != "").Take(Console.WindowHeight);
        string frame = Home + string.Join(EndOfLine + "\r\n", rows) + EndOfLine + EndOfScreen;
        if (frame != shown)
        {
            Write(frame);
            shown = frame;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Write(Leave);

    // At once: the terminal shows no half of it.
    private void Write(string text)
    {
        output.Write(Encoding.UTF8.GetBytes(text));
        output.Flush();
    }
}
