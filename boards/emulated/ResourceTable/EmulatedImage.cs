// EmulatedImage: the firmware image of the emulated board, for the Linux that loads it.
//
// The program itself is no part of it: power on makes the board start the firmware process. The image has what Linux needs of it, the
// resource table, and says which build of the firmware the table is that of.

using System.IO;
using System.Security.Cryptography;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Emulated.ResourceTable;

/// <summary>The image under <c>/lib/firmware</c>.</summary>
public static class EmulatedImage
{
    /// <summary>The name by which the SoC's remoteproc driver asks for it.</summary>
    public const string Name = "emusoc.elf";

    private const int BuildIdSize = 20;

    /// <summary>Makes the image.</summary>
    /// <param name="straps">The board's switches when the co-processor starts.</param>
    public static byte[] Make(int straps)
    {
        GpioBoard board = EmulatedBoard.Describe(straps);
        return TableElf.Image(PublishedTable.Of(board), TableMachine.All["arm"], board.TableAddress, board.TableSize, BuildId(straps));
    }

    // All that the table depends on.
    private static byte[] BuildId(int straps)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (System.Type type in new[] { typeof(EmulatedBoard), typeof(GpioFirmware), typeof(IPins) })
        {
            hash.AppendData(File.ReadAllBytes(type.Assembly.Location));
        }

        hash.AppendData([(byte)straps]);
        return hash.GetHashAndReset()[..BuildIdSize];
    }
}
