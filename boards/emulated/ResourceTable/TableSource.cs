// TableSource: a resource table as C.

using System;
using System.Collections.Generic;
using System.Linq;

namespace VirtioGpio.Emulated.ResourceTable;

/// <summary>An array for the section that Linux's loader looks for.</summary>
internal static class TableSource
{
    private const int BytesPerLine = 12;

    /// <summary>The source of the array.</summary>
    internal static string Of(byte[] table)
    {
        IEnumerable<string> lines = table.Chunk(BytesPerLine).Select(bytes => "    " + string.Join(", ", bytes.Select(value => $"0x{value:x2}")) + ",\n");
        return $$"""
            /*
             * The resource table, as the firmware publishes it. Made from the board's description; not to be edited.
             *
             * It belongs to GpioBoard.TableAddress, in memory that the co-processor and Linux can write.
             */
            #if !defined({{TableElf.Symbol}}_attributes)
            #define {{TableElf.Symbol}}_attributes __attribute__((section("{{TableElf.Section}}"), used, aligned({{TableElf.Alignment}})))
            #endif

            extern unsigned char {{TableElf.Symbol}}[{{table.Length}}];

            unsigned char {{TableElf.Symbol}}[{{table.Length}}] {{TableElf.Symbol}}_attributes = {
            {{string.Concat(lines)}}};

            """;
    }
}
