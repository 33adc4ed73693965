// PinsCommand: the board's pins from a second terminal.

using System;
using System.IO;
using System.Net.Sockets;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Emulated.Run;

internal static class PinsCommand
{
    /// <summary>Sends a command to the board that runs, and prints its answer.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(string command)
    {
        using BoardClient? board = FindBoard();
        if (board is null)
        {
            Console.Error.WriteLine("No board is running: start one by ./run --shell in another terminal.");
            return 1;
        }

        string last = "";
        foreach (string line in board.Send(command))
        {
            last = line;
            if (line != "ok")
            {
                Console.WriteLine(line);
            }
        }

        return last == "ok" ? 0 : 1;
    }

    /// <summary>The board that runs; null: there is none.</summary>
    internal static BoardClient? FindBoard()
    {
        foreach (string folder in Directory.GetDirectories(Path.GetTempPath(), Rig.Rig.FolderPrefix + "*"))
        {
            try
            {
                return new BoardClient(folder);
            }
            catch (Exception e) when (e is SocketException or UnauthorizedAccessException)
            {
                // A folder of somebody else's, or one whose board has gone.
            }
        }

        return null;
    }
}
