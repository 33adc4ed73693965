using System;
using System.IO;
using System.Text.RegularExpressions;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

/// <summary>The counted cost of one message.</summary>
internal sealed record Cost(long NativeCalls, long Bytes, long Accesses)
{
    /// <summary>Measures one turn after as many alike have passed, so that nothing is left to be compiled or prepared.</summary>
    internal static Cost OfTurn(TestBoard board, int warmUp, Action cause) => OfTurn(board, warmUp, () => { }, cause);

    /// <summary>The same for a message whose cause costs native calls itself (a pin's callback): they are counted, what prepares it is not.</summary>
    internal static Cost OfTurn(TestBoard board, int warmUp, Action prepare, Action cause)
    {
        for (int i = 0; ; i++)
        {
            prepare();
            long natives = board.NativeCalls;
            long accesses = board.MemoryAccesses;
            cause();

            // The allocations of System.Device.Gpio for an edge lie in the cause; those of the firmware can only lie in its step.
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            board.Firmware.Step();
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            if (i == warmUp)
            {
                return new Cost(board.NativeCalls - natives, bytes, board.MemoryAccesses - accesses);
            }

            while (board.Driver.TakeEvent() >= 0 || board.Driver.Requests.TakeUsed(out _, out _))
            {
            }
        }
    }

    /// <summary>Reads the row of a message in the table "What a message costs".</summary>
    internal static Cost FromSpec(string message)
    {
        string spec = File.ReadAllText(Path.Combine(Project.Root, "firmware", "SPEC.md"));
        Match row = Regex.Match(spec, $@"^\| {Regex.Escape(message)} \| (\d+) \| (\d+) \| (\d+) \|", RegexOptions.Multiline);
        return row.Success
            ? new Cost(long.Parse(row.Groups[1].Value), long.Parse(row.Groups[2].Value), long.Parse(row.Groups[3].Value))
            : throw new InvalidDataException($"firmware/SPEC.md has no cost row for {message}");
    }
}
