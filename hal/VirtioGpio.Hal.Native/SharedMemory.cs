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
/// <c>AddressWindows.ToLocal</c>. One native call costs the interpreter as much as 25 simple operations whatever it moves,
/// so each method moves in one call what belongs together.
/// </summary>
/// <remarks>A range outside the port's memory raises <see cref="System.ArgumentOutOfRangeException"/>; nothing is accessed then.</remarks>
public sealed class SharedMemory
{
    /// <summary>Answers <c>~probe</c>: shows that the native table in the flashed image belongs to this assembly.</summary>
    /// <param name="probe">Any number.</param>
    /// <returns>The complement of <paramref name="probe"/>.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int SelfTest(int probe);

    /// <summary>Copies from shared memory; a read fence stands before and after the copy.</summary>
    /// <param name="address">The co-processor's address of the first byte.</param>
    /// <param name="into">The private copy.</param>
    /// <param name="offset">Index of the first byte written in <paramref name="into"/>.</param>
    /// <param name="count">Bytes to copy.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern void Read(uint address, byte[] into, int offset, int count);

    /// <summary>
    /// Copies several ranges one after another, packed into <paramref name="into"/>: a range is read in full before the
    /// next is begun, with a read fence between. What a later range shows is at least as new as what an earlier one shows.
    /// </summary>
    /// <param name="addresses">The co-processor's address of each range.</param>
    /// <param name="counts">Bytes of each range; a range of 2 or 4 aligned bytes is read by one access.</param>
    /// <param name="ranges">How many ranges of the two arrays to copy.</param>
    /// <param name="into">The private copy, from index 0.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern void ReadInOrder(uint[] addresses, int[] counts, int ranges, byte[] into);

    /// <summary>Copies to shared memory; a write fence stands before the copy, a full fence after it. Exactly these bytes are written.</summary>
    /// <param name="address">The co-processor's address of the first byte.</param>
    /// <param name="from">The bytes.</param>
    /// <param name="offset">Index of the first byte read in <paramref name="from"/>.</param>
    /// <param name="count">Bytes to copy.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern void Write(uint address, byte[] from, int offset, int count);

    /// <summary>
    /// Publishes an element of a ring: copies all of <paramref name="element"/>, then (after a write fence) stores the new
    /// index by one little-endian 16-bit store, then (after a full fence) reads the reader's wish by one 32-bit load.
    /// </summary>
    /// <param name="elementAddress">Where the element goes.</param>
    /// <param name="element">The element, whole.</param>
    /// <param name="indexAddress">The index that makes the element visible; 2-byte aligned.</param>
    /// <param name="index">The index to store, 0 to 65,535.</param>
    /// <param name="wishAddress">Four bytes in which the reader says what it wants next; 4-byte aligned.</param>
    /// <returns>The little-endian word at <paramref name="wishAddress"/>, as it stood after the index became visible.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern uint Publish(uint elementAddress, byte[] element, uint indexAddress, int index, uint wishAddress);
}
