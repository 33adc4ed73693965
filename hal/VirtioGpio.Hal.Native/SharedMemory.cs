// SharedMemory: the memory that the co-processor and the application CPU both see.
//
// Spec:    VIRTIO "Split Virtqueues", the memory barriers that its rings ask for; each method below says which it gives.
// Trusts:  nothing. Every range is checked again in native code against the memory that the port has opened.
// Thread:  the service thread only.
// Memory:  no allocation.

using System.Runtime.CompilerServices;

namespace VirtioGpio.Hal;

/// <summary>
/// Access to shared memory by the co-processor's own addresses (32 bit). An address that came from Linux first passes
/// <c>AddressWindows.ToLocal</c>. One native call costs the interpreter as much as 25 simple operations whatever it moves, and
/// putting a number together from bytes 17, so each method moves in one call what belongs together, as numbers where they are meant.
/// All numbers in shared memory are little-endian.
/// </summary>
/// <remarks>A range outside the port's memory raises <see cref="System.ArgumentOutOfRangeException"/>; nothing is accessed then.</remarks>
public sealed class SharedMemory
{
    /// <summary>Word of a ring's description: the address of the device status byte.</summary>
    public const int RingStatusAddress = 0;

    /// <summary>Word of a ring's description: the device status that must be there.</summary>
    public const int RingStatus = 1;

    /// <summary>Word of a ring's description: the address of the ring's canary byte.</summary>
    public const int RingCanaryAddress = 2;

    /// <summary>Word of a ring's description: the canary that must be there.</summary>
    public const int RingCanary = 3;

    /// <summary>Word of a ring's description: the address of the available ring, 4-byte aligned.</summary>
    public const int RingAvailable = 4;

    /// <summary>Word of a ring's description: the address of the used ring, 4-byte aligned.</summary>
    public const int RingUsed = 5;

    /// <summary>Word of a ring's description: its descriptors, a power of two.</summary>
    public const int RingSize = 6;

    /// <summary>Words of a ring's description.</summary>
    public const int RingWords = 7;

    /// <summary>What <see cref="Publish"/> answers if it has written nothing.</summary>
    public const int Stale = -1;

    /// <summary>Answers <c>~probe</c>: shows that the native table in the flashed image belongs to this assembly.</summary>
    /// <param name="probe">Any number.</param>
    /// <returns>The complement of <paramref name="probe"/>.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int SelfTest(int probe);

    /// <summary>
    /// Polls several numbers one after another, with a read fence between: what a later one shows is at least as new as what an
    /// earlier one shows. Each is read by one access.
    /// </summary>
    /// <param name="addresses">The co-processor's address of each number, aligned to its size.</param>
    /// <param name="sizes">Bytes of each number: 1, 2 or 4.</param>
    /// <param name="count">How many numbers to read, at most 31.</param>
    /// <param name="numbers">On entry what each was when last polled, on return what it is now; unsigned below 4 bytes.</param>
    /// <returns>Which of them changed: bit n for number n.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int Poll(uint[] addresses, int[] sizes, int count, int[] numbers);

    /// <summary>Reads 32-bit numbers that lie side by side, at any alignment; a read fence stands before and after the copy.</summary>
    /// <param name="address">The co-processor's address of the first byte.</param>
    /// <param name="into">The private copy, from index 0.</param>
    /// <param name="count">Numbers to read.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern void ReadWords(uint address, int[] into, int count);

    /// <summary>Copies from shared memory; a read fence stands before and after the copy.</summary>
    /// <param name="address">The co-processor's address of the first byte.</param>
    /// <param name="into">The private copy.</param>
    /// <param name="offset">Index of the first byte written in <paramref name="into"/>.</param>
    /// <param name="count">Bytes to copy.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern void Read(uint address, byte[] into, int offset, int count);

    /// <summary>
    /// Copies to shared memory if the ring is still what it was: the status byte and the canary are read first, in this order, and
    /// nothing is written unless both are as <paramref name="ring"/> says. A write fence stands before the copy, a full fence after it.
    /// Exactly these bytes are written.
    /// </summary>
    /// <param name="ring">The words named by <see cref="RingStatusAddress"/> and its neighbours; of them the first four are used. Null: the bytes are written whatever the state of any ring.</param>
    /// <param name="address">The co-processor's address of the first byte.</param>
    /// <param name="from">The bytes.</param>
    /// <param name="offset">Index of the first byte read in <paramref name="from"/>.</param>
    /// <param name="count">Bytes to copy.</param>
    /// <returns>Whether they were written.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern bool Write(uint[] ring, uint address, byte[] from, int offset, int count);

    /// <summary>Writes the low bytes of a number, at any alignment, whatever the state of a ring; fences as for <see cref="Write"/>. Exactly these bytes are written.</summary>
    /// <param name="address">The co-processor's address of the first byte.</param>
    /// <param name="number">The number.</param>
    /// <param name="size">Bytes to write: 1, 2 or 4; a number that is aligned to its size is written by one access.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern void Store(uint address, int number, int size);

    /// <summary>
    /// Publishes a used element if the ring is still what it was: reads the status byte, then the canary, and writes nothing unless both
    /// are as <paramref name="ring"/> says. Otherwise writes the reply, the element, then (after a write fence) the used index by one
    /// 16-bit store, and (after a full fence) reads flags and index of the available ring by one 32-bit load.
    /// </summary>
    /// <param name="ring">The words named by <see cref="RingStatusAddress"/> and its neighbours.</param>
    /// <param name="index">The used index before, 0 to 65,535; the element goes to its place in the used ring.</param>
    /// <param name="head">The element's id.</param>
    /// <param name="written">The element's len.</param>
    /// <param name="replyAddress">The co-processor's address of the reply; any if there is none.</param>
    /// <param name="reply">The reply's bytes, the first in the low byte.</param>
    /// <param name="replySize">Bytes of the reply: 0 (none), 1 or 2; at any alignment. Exactly these bytes are written.</param>
    /// <returns>Flags (bit 0) and index (bits 16 to 31) of the available ring after the element became visible; <see cref="Stale"/>: nothing was written.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int Publish(uint[] ring, int index, int head, int written, uint replyAddress, int reply, int replySize);
}
