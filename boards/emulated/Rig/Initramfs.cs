// Initramfs: one more file for the guest's initramfs.
//
// Spec: Linux, Documentation/driver-api/early-userspace/buffer-format.rst: archives of the format "newc", one behind the other.

using System.IO;
using System.Text;

namespace VirtioGpio.Emulated.Rig;

internal static class Initramfs
{
    private const int Directory = 0x41ED;
    private const int RegularFile = 0x81A4;

    /// <summary>An initramfs with a file added to it.</summary>
    /// <param name="initramfs">The initramfs.</param>
    /// <param name="folder">The file's folder, whose own folder is there.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="content">What is in it.</param>
    internal static byte[] With(byte[] initramfs, string folder, string name, byte[] content)
    {
        MemoryStream stream = new();
        stream.Write(initramfs);
        Pad(stream);
        Add(stream, folder, Directory, []);
        Add(stream, $"{folder}/{name}", RegularFile, content);
        Add(stream, "TRAILER!!!", 0, []);
        return stream.ToArray();
    }

    // Inode, mode, owner, group, links, time, size, four numbers of devices, length of the name, check sum.
    private static void Add(MemoryStream stream, string name, int mode, byte[] content)
    {
        int[] fields = [0, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, name.Length + 1, 0];
        StringBuilder header = new("070701");
        foreach (int field in fields)
        {
            header.Append($"{field:x8}");
        }

        stream.Write(Encoding.ASCII.GetBytes($"{header}{name}\0"));
        Pad(stream);
        stream.Write(content);
        Pad(stream);
    }

    private static void Pad(MemoryStream stream)
    {
        while (stream.Length % 4 != 0)
        {
            stream.WriteByte(0);
        }
    }
}
