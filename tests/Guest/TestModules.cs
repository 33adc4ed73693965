// TestModules: the kernel modules of tests/Guest/linux as tests see them, and what the board sees meanwhile.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

/// <summary>What gpio_consumer tells of a line.</summary>
/// <param name="Line">Its name.</param>
/// <param name="Type">The trigger that the kernel has on record.</param>
/// <param name="Irqs">How often the hard handler ran.</param>
/// <param name="Handled">How often the interrupt was dealt with to the end.</param>
/// <param name="IsHeld">Whether the threaded handler waits for a command.</param>
/// <param name="IsMasked">Whether the interrupt is masked now.</param>
/// <param name="Last">The level that the threaded handler read last.</param>
internal sealed record Interrupt(string Line, string Type, int Irqs, int Handled, bool IsHeld, bool IsMasked, int Last);

/// <summary>What gpio_hammer tells of one of its tasks.</summary>
internal sealed record HammerTask(string Line, int Requests, int Done, int Errors, int Wrong, long Microseconds);

/// <summary>The module gpio_consumer.</summary>
internal sealed class Consumer(Rig rig)
{
    private const string Folder = "/sys/kernel/debug/gpio_consumer";
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(10);

    internal void Load() => rig.Guest.Must("insmod /lib/modules/test/gpio_consumer.ko");

    /// <summary>Frees every line and takes the module away, if it is there.</summary>
    internal void Unload() => rig.Guest.Must("! grep -q '^gpio_consumer ' /proc/modules || rmmod gpio_consumer");

    /// <summary>Gives one of the commands that the module's source lists.</summary>
    internal void Do(string command) => rig.Guest.Must($"echo {command} >{Folder}/control");

    internal IReadOnlyList<Interrupt> All() => [.. Table.Of(rig, $"{Folder}/lines").Select(row => new Interrupt(
        row.Name,
        row["type"],
        row.Number("irqs"),
        row.Number("handled"),
        row.Number("held") != 0,
        row.Number("masked") != 0,
        row.Number("last")))];

    internal Interrupt Of(string line) => All().Single(i => i.Line == line);

    /// <summary>Waits until a line is as it should be.</summary>
    /// <exception cref="TimeoutException">It did not come so far; the message tells how it stands.</exception>
    internal Interrupt Until(string line, Func<Interrupt, bool> isSo, string what)
    {
        Stopwatch clock = Stopwatch.StartNew();
        for (; ; )
        {
            Interrupt interrupt = Of(line);
            if (isSo(interrupt))
            {
                return interrupt;
            }

            if (clock.Elapsed > patience)
            {
                throw new TimeoutException($"{line} did not come to {what}: {interrupt}");
            }
        }
    }

    internal Interrupt UntilIrqs(string line, int count) => Until(line, i => i.Irqs >= count, $"{count} interrupts");

    internal Interrupt UntilHeld(string line, int count) => Until(line, i => i.Irqs >= count && i.IsHeld, $"{count} interrupts, the last one held");

    internal Interrupt UntilUnmasked(string line) => Until(line, i => !i.IsMasked, "rest");
}

/// <summary>The module gpio_hammer.</summary>
internal sealed class Hammer(Rig rig)
{
    private const string Folder = "/sys/kernel/debug/gpio_hammer";

    internal void Load() => rig.Guest.Must("insmod /lib/modules/test/gpio_hammer.ko");

    internal void Unload() => rig.Guest.Must("rmmod gpio_hammer");

    internal void Run(int requests, params string[] lines) => rig.Guest.Must($"echo {requests} {string.Join(' ', lines)} >{Folder}/run");

    internal IReadOnlyList<HammerTask> Tasks() => [.. Table.Of(rig, $"{Folder}/tasks").Select(row => new HammerTask(
        row.Name,
        row.Number("requests"),
        row.Number("done"),
        row.Number("errors"),
        row.Number("wrong"),
        row.Number("us")))];
}

/// <summary>A line of a table in the guest's debugfs: a name, then words as key=value.</summary>
internal sealed class Table
{
    private readonly Dictionary<string, string> values;

    private Table(string text)
    {
        string[] words = text.Split(' ');
        Name = words[0];
        values = words[1..].Select(w => w.Split('=')).ToDictionary(p => p[0], p => p[1]);
    }

    internal string Name { get; }

    internal string this[string key] => values[key];

    internal static IEnumerable<Table> Of(Rig rig, string path) =>
        rig.Guest.Must($"cat {path}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new Table(line));

    internal int Number(string key) => int.Parse(values[key], CultureInfo.InvariantCulture);
}

/// <summary>A change of level at a pin, and when the board saw it.</summary>
internal sealed record Change(string Line, int Level, TimeSpan At);

/// <summary>Notes every change of level on the board.</summary>
internal sealed class BoardWatch : IDisposable
{
    private readonly BoardClient client;
    private readonly List<Change> changes = [];
    private readonly Stopwatch clock = Stopwatch.StartNew();

    /// <summary>Returns when changes are being noted.</summary>
    /// <param name="rig">The rig.</param>
    /// <param name="spare">A line that floats and that nothing listens to: it is used to see the watch begin.</param>
    internal BoardWatch(Rig rig, string spare)
    {
        client = new BoardClient(rig.Folder);
        new Thread(Follow) { IsBackground = true, Name = "watch" }.Start();
        while (Of(spare).Count == 0)
        {
            rig.Board.Set(spare, "low");
            rig.Board.Set(spare, "high");
            Thread.Sleep(1);
        }

        rig.Board.Set(spare, "float");
    }

    /// <summary>The changes of a line so far.</summary>
    internal IReadOnlyList<Change> Of(string line)
    {
        lock (changes)
        {
            return [.. changes.Where(c => c.Line == line)];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private void Follow()
    {
        try
        {
            foreach (string[] words in client.Send("watch").Select(l => l.Split(' ')).Where(w => w.Length == 2))
            {
                lock (changes)
                {
                    changes.Add(new Change(words[0], words[1] == "1" ? 1 : 0, clock.Elapsed));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The watch has ended.
        }
    }
}
