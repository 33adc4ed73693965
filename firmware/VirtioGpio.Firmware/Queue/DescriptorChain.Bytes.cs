// DescriptorChain.Bytes: what stands in a chain's buffers, however the driver has cut it.
//
// Spec:    VIRTIO "Message Framing".
// Trusts:  the pieces, which Load has checked; the caller looks at Readable and Writable first.
// Thread:  the service thread only.
// Memory:  8 bytes at construction, nothing after.

namespace VirtioGpio.Firmware.Queue;

/// <content>Copying. A number is mostly in one piece, and is then moved by one native call and no byte-wise work.</content>
public sealed partial class DescriptorChain
{
    private const int MostWords = 2;

    private readonly byte[] scattered = new byte[4 * MostWords];

    /// <summary>Copies the first <paramref name="count"/> device-readable bytes. The caller has looked at <see cref="Readable"/>.</summary>
    public void Read(byte[] into, int count) => Copy(0, into, count, isWrite: false);

    /// <summary>Copies bytes to the start of the device-writable part. The caller has looked at <see cref="Writable"/>.</summary>
    public void Write(byte[] from, int count) => Copy(firstWritable, from, count, isWrite: true);

    /// <summary>Copies the first device-readable bytes as little-endian words, two at most. The caller has looked at <see cref="Readable"/>.</summary>
    public void ReadWords(int[] into, int count)
    {
        if (lengths[0] >= (uint)(4 * count))
        {
            memory.ReadWords(addresses[0], into, count);
            return;
        }

        Read(scattered, 4 * count);
        for (int word = 0; word < count; word++)
        {
            int at = 4 * word;
            into[word] = scattered[at] | scattered[at + 1] << 8 | scattered[at + 2] << 16 | scattered[at + 3] << 24;
        }
    }

    /// <summary>Writes the low bytes of a number, 1 or 2, to the start of the device-writable part. The caller has looked at <see cref="Writable"/>.</summary>
    public void Store(int number, int size)
    {
        if (lengths[firstWritable] >= (uint)size)
        {
            memory.Store(addresses[firstWritable], number, size);
            return;
        }

        scattered[0] = (byte)number;
        scattered[1] = (byte)(number >> 8);
        Write(scattered, size);
    }

    private void Copy(int segment, byte[] bytes, int count, bool isWrite)
    {
        for (int done = 0; done < count; segment++)
        {
            uint left = (uint)(count - done);
            int part = lengths[segment] < left ? (int)lengths[segment] : (int)left;
            if (isWrite)
            {
                memory.Write(addresses[segment], bytes, done, part);
            }
            else
            {
                memory.Read(addresses[segment], bytes, done, part);
            }

            done += part;
        }
    }
}
