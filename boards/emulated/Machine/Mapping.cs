// Mapping: a file of memory, mapped into this process.

using System;
using System.IO;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace VirtioGpio.Emulated;

/// <summary>Memory shared with other processes, for as long as this process lives unless it is disposed of.</summary>
public sealed unsafe class Mapping : IDisposable
{
    private readonly MemoryMappedFile mapped;
    private readonly MemoryMappedViewAccessor view;

    /// <summary>Maps all of a file.</summary>
    public Mapping(SafeFileHandle file) : this(file, 0, RandomAccess.GetLength(file))
    {
    }

    /// <summary>Maps a part of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where the part begins: whole pages.</param>
    /// <param name="size">Bytes.</param>
    public Mapping(SafeFileHandle file, long offset, long size)
    {
        Size = size;
        mapped = MemoryMappedFile.CreateFromFile(file, mapName: null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        view = mapped.CreateViewAccessor(offset, size);
        byte* memory = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
        Memory = memory;
    }

    /// <summary>The first byte.</summary>
    public byte* Memory { get; }

    /// <summary>Bytes mapped.</summary>
    public long Size { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        mapped.Dispose();
    }
}
