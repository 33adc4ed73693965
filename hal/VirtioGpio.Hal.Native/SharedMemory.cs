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
    /// <summary>Answers <c>~probe</c>: shows that the native table in the flashed image belongs to this assembly.</summary>
    /// <param name="probe">Any number.</param>
    /// <returns>The complement of <paramref name="probe"/>.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int SelfTest(int probe);

    /// <summary>
    /// Reads several numbers one after another, with a read fence between: what a later one shows is at least as new as what an
    /// earlier one shows. Each is read by one access.
    /// </summary>
    /// <param name="addresses">The co-processor's address of each number, aligned to its size.</param>
    /// <param name="sizes">Bytes of each number: 1, 2 or 4.</param>
    /// <param name="count">How many numbers to read, at most 31.</param>
    /// <param name="numbers">On entry what each was when last read, on return what it is now; unsigned below 4 bytes.</param>
    /// <returns>Which of them changed: bit n for number n.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int Look(uint[] addresses, int[] sizes, int count, int[] numbers);

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

    /// <summary>Copies to shared memory; a write fence stands before the copy, a full fence after it. Exactly these bytes are written.</summary>
    /// <param name="address">The co-processor's address of the first byte.</param>
    /// <param name="from">The bytes.</param>
    /// <param name="offset">Index of the first byte read in <paramref name="from"/>.</param>
    /// <param name="count">Bytes to copy.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern void Write(uint address, byte[] from, int offset, int count);

    /// <summary>Writes the low bytes of a number, at any alignment; fences as for <see cref="Write"/>. Exactly these bytes are written.</summary>
    /// <param name="address">The co-processor's address of the first byte.</param>
    /// <param name="number">The number.</param>
    /// <param name="size">Bytes to write: 1, 2 or 4; a number that is aligned to its size is written by one access.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern void Store(uint address, int number, int size);

    /// <summary>
    /// Publishes an element of a ring: writes its two 32-bit numbers, then (after a write fence) stores the new index by one
    /// 16-bit store, then (after a full fence) reads the reader's wish by one 32-bit load.
    /// </summary>
    /// <param name="elementAddress">Where the element goes; 4-byte aligned.</param>
    /// <param name="id">Its first number.</param>
    /// <param name="length">Its second number.</param>
    /// <param name="indexAddress">The index that makes the element visible; 2-byte aligned.</param>
    /// <param name="index">The index to store, 0 to 65,535.</param>
    /// <param name="wishAddress">Four bytes in which the reader says what it wants next; 4-byte aligned.</param>
    /// <returns>The word at <paramref name="wishAddress"/>, as it stood after the index became visible.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int Publish(uint elementAddress, int id, int length, uint indexAddress, int index, uint wishAddress);
}
