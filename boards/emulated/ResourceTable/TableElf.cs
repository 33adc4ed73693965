// TableElf: a resource table in ELF files: an object to link into a firmware, and an image that Linux's remoteproc loads.
//
// Spec: Linux, drivers/remoteproc/remoteproc_elf_loader.c: find_table, rproc_elf_load_segments, rproc_elf_find_loaded_rsc_table.

using System.Collections.Generic;
using System.IO;
using LibObjectFile.Elf;

namespace VirtioGpio.Emulated.ResourceTable;

/// <summary>A kind of co-processor.</summary>
/// <param name="Arch">Its number in the file's header.</param>
/// <param name="Class">Whether its files have 32 or 64 bits.</param>
/// <param name="Flags">The flags of the file's header: the ABI.</param>
public sealed record TableMachine(ElfArch Arch, ElfFileClass Class, uint Flags)
{
    /// <summary>The kinds, by the names that the command line has for them.</summary>
    public static IReadOnlyDictionary<string, TableMachine> All { get; } = new Dictionary<string, TableMachine>
    {
        // Version 5 of the Arm EABI.
        ["arm"] = new(ElfArch.ARM, ElfFileClass.Is32, 0x05000000),
        ["aarch64"] = new(ElfArch.AARCH64, ElfFileClass.Is64, 0),
        ["riscv32"] = new(ElfArch.RISCV, ElfFileClass.Is32, 0),
    };
}

/// <summary>Writes the files.</summary>
public static class TableElf
{
    /// <summary>The section by whose name remoteproc finds the table.</summary>
    public const string Section = ".resource_table";

    /// <summary>The symbol at its start, in an object.</summary>
    internal const string Symbol = "resource_table";

    /// <summary>Bytes to which the table is aligned in an image.</summary>
    internal const int Alignment = 8;

    /// <summary>A relocatable object with the table in a section of its own.</summary>
    public static byte[] Object(byte[] table, TableMachine machine)
    {
        ElfFile file = Create(machine, ElfFileType.Relocatable);
        ElfStreamSection section = file.Add(TableSection(table, 0));
        ElfStringTable names = file.Add(new ElfStringTable { Name = ".strtab" });
        ElfSymbolTable symbols = new(isDynamic: false) { Name = ".symtab", Link = names, Info = new ElfSectionLink(1), VirtualAddressAlignment = Alignment };
        symbols.Entries.Add(new ElfSymbol
        {
            Name = Symbol,
            Size = (ulong)table.Length,
            Bind = ElfSymbolBind.Global,
            Type = ElfSymbolType.Object,
            SectionLink = section,
        });
        file.Add(symbols);
        return Write(file);
    }

    /// <summary>An image whose one segment is the table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="machine">The co-processor.</param>
    /// <param name="address">Where the co-processor sees the table.</param>
    /// <param name="room">Bytes that are free for it there; what the table leaves of them is cleared when the image is loaded.</param>
    /// <param name="buildId">Which build of the firmware the table belongs to; a note says it.</param>
    public static byte[] Image(byte[] table, TableMachine machine, uint address, uint room, byte[] buildId)
    {
        ElfFile file = Create(machine, ElfFileType.Executable);
        file.Add(new ElfProgramHeaderTable());
        ElfStreamSection section = file.Add(TableSection(table, address));
        ElfNoteTable notes = file.Add(new ElfNoteTable { Name = ".note.gnu.build-id", VirtualAddressAlignment = 4 });
        notes.Entries.Add(new ElfGnuNoteBuildId { BuildId = new MemoryStream(buildId) });
        file.Segments.Add(new ElfSegment
        {
            Type = ElfSegmentTypeCore.Load,
            Range = section,
            VirtualAddress = address,
            PhysicalAddress = address,
            SizeInMemory = room,
            Flags = ElfSegmentFlagsCore.Readable | ElfSegmentFlagsCore.Writable,
            VirtualAddressAlignment = Alignment,
        });
        return Write(file);
    }

    private static ElfFile Create(TableMachine machine, ElfFileType type) =>
        new(machine.Arch, machine.Class, ElfEncoding.Lsb) { FileType = type, Flags = machine.Flags };

    // Linux writes into it.
    private static ElfStreamSection TableSection(byte[] table, uint address) => new(ElfSectionType.ProgBits, new MemoryStream(table))
    {
        Name = Section,
        Flags = ElfSectionFlags.Alloc | ElfSectionFlags.Write,
        VirtualAddress = address,
        VirtualAddressAlignment = Alignment,
    };

    private static byte[] Write(ElfFile file)
    {
        file.Add(new ElfSectionHeaderStringTable());
        file.Add(new ElfSectionHeaderTable());
        using MemoryStream stream = new();
        file.Write(stream);
        return stream.ToArray();
    }
}
