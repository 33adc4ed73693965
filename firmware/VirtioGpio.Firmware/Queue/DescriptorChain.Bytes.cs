// DescriptorChain.Bytes: the bytes of a chain's buffers, however the driver has cut it.
//
// Spec:    VIRTIO "Message Framing".
// Trusts:  the pieces, which Load has checked; the caller checks Readable and Writable first.
// Thread:  the service thread only.
// Memory:  8 bytes at construction, nothing after.

using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Queue;

/// <content>Copying. A number is mostly in one piece, and is then moved by one native call and no byte-wise work.</content>
internal sealed partial class DescriptorChain
{
    private const int MostWords = 2;

    private readonly byte[] scattered = new byte[4 * MostWords];

    /// <summary>Copies the first device-readable bytes as little-endian words, two at most. The caller has checked <see cref="Readable"/>.</summary>
    /// <param name="into">The words.</param>
    /// <param name="size">Bytes to copy; those of <paramref name="into"/> beyond are 0.</param>
    internal void Read(int[] into, int size)
    {
        if (lengths[0] >= (uint)size && (size & 3) == 0)
        {
            memory.ReadWords(addresses[0], into, size >> 2);
            return;
        }

        int done = 0;
        for (int segment = 0; done < size; segment++)
        {
            int part = PartOf(segment, size - done);
            memory.Read(addresses[segment], scattered, done, part);
            done += part;
        }

        for (int word = 0; word < into.Length; word++)
        {
            into[word] = 0;
        }

        for (int at = 0; at < size; at++)
        {
            into[at >> 2] |= scattered[at] << (8 * (at & 3));
        }
    }

    /// <summary>Copies bytes to the start of the device-writable part. The caller has checked <see cref="Writable"/>.</summary>
    /// <param name="ring">The ring under which they may be written (<see cref="SharedMemory.Write"/>).</param>
    /// <param name="from">The bytes.</param>
    /// <param name="count">How many.</param>
    /// <returns>Whether all are written.</returns>
    internal bool Write(uint[] ring, byte[] from, int count)
    {
        int done = 0;
        for (int segment = firstWritable; done < count; segment++)
        {
            int part = PartOf(segment, count - done);
            if (!memory.Write(ring, addresses[segment], from, done, part))
            {
                return false;
            }

            done += part;
        }

        return true;
    }

    private int PartOf(int segment, int left) => lengths[segment] < (uint)left ? (int)lengths[segment] : left;
}
