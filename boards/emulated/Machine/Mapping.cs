// Mapping: a file of memory, mapped into this process for as long as it lives.

using System.IO;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace VirtioGpio.Emulated;

/// <summary>Memory shared with other processes.</summary>
public sealed unsafe class Mapping
{
    private readonly MemoryMappedFile mapped;
    private readonly MemoryMappedViewAccessor view;

    /// <summary>Maps all of a file.</summary>
    public Mapping(SafeFileHandle file)
    {
        Size = RandomAccess.GetLength(file);
        mapped = MemoryMappedFile.CreateFromFile(file, mapName: null, Size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        view = mapped.CreateViewAccessor(0, Size);
        byte* memory = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
        Memory = memory;
    }

    /// <summary>The first byte.</summary>
    public byte* Memory { get; }

    /// <summary>Bytes mapped.</summary>
    public long Size { get; }
}
