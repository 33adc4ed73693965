// WaveformRules: what must hold in every recording of the board, whatever was done to it.

using System;
using System.Collections.Generic;
using System.Linq;
using VirtioGpio.Emulated.Board;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Guest;

/// <summary>Judges a recording.</summary>
/// <param name="waves">What was recorded.</param>
internal sealed class WaveformRules(Waveforms waves)
{
    internal const string RequestRing = "board.doorbells.linux_requestq";
    internal const string ReplyRing = "board.doorbells.core_requestq";
    internal const string EventRing = "board.doorbells.core_eventq";
    internal const string Connected = "board.core.connected";

    private const char Input = 'z';
    private static readonly string[] wire = ["loopback-out", "loopback-in"];

    /// <summary>The level at a line's pin, as the recording names it.</summary>
    internal static string LevelOf(string line) => $"board.levels.{InFile(line)}";

    /// <summary>When a doorbell was rung.</summary>
    internal IEnumerable<long> RingsOf(string doorbell) => waves.Of(doorbell).Skip(1).Select(change => change.Time);

    /// <summary>Every level that does not follow from what drives the line then.</summary>
    internal IEnumerable<string> WrongLevels() =>
        from line in Enumerable.Range(0, BoardLines.Count).Select(BoardLines.NameOf)
        from time in TimesOf(LevelOf(line), Core(line, "mode"), Core(line, "value"), Outside(line))
        let due = DueAt(line, time)
        where due is not null && due != waves.At(LevelOf(line), time)
        select $"{line} at {time} us: {waves.At(LevelOf(line), time)} in place of {due}";

    /// <summary>What a line showed: 0 and 1 while it was an output, z while it was none, without repetitions.</summary>
    internal string Shown(string line, long from = 0, long to = long.MaxValue)
    {
        string shown = "";
        foreach (long time in TimesOf(LevelOf(line), Core(line, "output")).Append(from).Order().Where(time => time >= from && time < to))
        {
            char state = waves.At(Core(line, "output"), time) == "1" ? waves.At(LevelOf(line), time)[0] : Input;
            shown += shown.EndsWith(state) ? "" : state;
        }

        return shown;
    }

    /// <summary>
    /// What is wrong with a line from each start of the firmware to Linux's first request: it may stay as it was, and become what its row
    /// says of a start, and of the driver of before, which goes; nothing else.
    /// </summary>
    internal IEnumerable<string> WrongStarts(LineConfig row)
    {
        foreach (long start in waves.Of(Connected).Where(change => change.Time > 0 && change.Value == "1").Select(change => change.Time))
        {
            long end = RingsOf(RequestRing).Where(time => time > start).DefaultIfEmpty(long.MaxValue).First();
            string shown = Shown(row.Name, start, end);
            string rests = $"{shown[0]}{RestOf(row, row.OnStart, shown[0])}{RestOf(row, row.OnDriverGone, shown[0])}";
            if (shown.Any(state => !rests.Contains(state)))
            {
                yield return $"{row.Name} from {start} to {end} us: {shown}, its rests are {rests[1..]}";
            }
        }
    }

    private static char RestOf(LineConfig row, LineRest rest, char before) => rest switch
    {
        LineRest.Hold => before,
        LineRest.Safe => row.SafeValue == 0 ? '0' : '1',
        _ => Input,
    };

    private static string InFile(string line) => line.Replace('-', '_');

    private static string Core(string line, string what) => $"board.core.{InFile(line)}_{what}";

    private static string Outside(string line) => $"board.outside.{InFile(line)}_drive";

    private IEnumerable<long> TimesOf(params string[] variables) =>
        variables.SelectMany(waves.Of).Select(change => change.Time).Distinct();

    // Low wins over high, and both over a resistor, whose level this does not know.
    private string? DueAt(string line, long time)
    {
        string drives = string.Concat((wire.Contains(line) ? wire : [line]).Select(end => waves.At(Outside(end), time) + DrivenByCore(end, time)));
        return drives.Contains('0') ? "0" : drives.Contains('1') ? "1" : null;
    }

    private string DrivenByCore(string line, long time)
    {
        string value = waves.At(Core(line, "value"), time);
        return waves.At(Core(line, "mode"), time) switch
        {
            "11" => value,
            "100" or "101" when value == "0" => "0",
            "110" or "111" when value == "1" => "1",
            _ => "",
        };
    }
}
