// GpioBoard.Lines: the line table.
//
// Spec:    VIRTIO "GPIO Device / Device configuration layout", "requestq Operation / Get Line Names".
// Trusts:  nothing: CheckLines refuses a table that contradicts itself.
// Thread:  while starting.
// Memory:  the board's; 16 bytes per line while it is checked.

using System;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware;

/// <content>One row a line.</content>
public sealed partial class GpioBoard
{
    /// <summary>The line table: a row per line, by line number.</summary>
    public LineConfig[] Lines { get; set; }

    private void CheckLines()
    {
        if (Lines == null || Lines.Length == 0)
        {
            throw new ArgumentException("a board has at least 1 line");
        }

        if (Lines.Length > GpioMessages.MostLines)
        {
            throw new ArgumentException(Lines.Length.ToString() + " lines: at most 65535 can be said in ngpio");
        }

        int places = 2;
        while (places < 2 * Lines.Length)
        {
            places *= 2;
        }

        int[] byName = new int[places];
        int[] byPin = new int[places];
        for (int line = 0; line < Lines.Length; line++)
        {
            CheckName(line, byName);
            string mistake = Lines[line].FindMistake();
            if (mistake != null)
            {
                throw new ArgumentException(Lines[line].Describe(line) + mistake);
            }

            CheckPin(line, byPin);
        }
    }

    private void CheckName(int line, int[] byName)
    {
        if (!HasName(line))
        {
            return;
        }

        string name = Lines[line].Name;
        if (name.Length > GpioMessages.LongestName)
        {
            throw new ArgumentException("line " + line.ToString() + ": a name has at most 31 characters");
        }

        uint hash = IdentitySeed;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] < ' ' || name[i] > '~')
            {
                throw new ArgumentException("line " + line.ToString() + ": a name is printable ASCII");
            }

            hash = Add(hash, name[i]);
        }

        int other = Enter(byName, line, hash, true);
        if (other >= 0)
        {
            throw new ArgumentException("line " + line.ToString() + ": name " + name + " is that of line " + other.ToString());
        }
    }

    // A reserved line opens none.
    private void CheckPin(int line, int[] byPin)
    {
        LineConfig row = Lines[line];
        int other = row.Uses == LineUses.None ? -1 : Enter(byPin, line, Add(Add(IdentitySeed, (uint)row.Pin), (uint)row.Source), false);
        if (other >= 0)
        {
            throw new ArgumentException(row.Describe(line) + "Pin: " + row.Pin.ToString() + " serves line " + other.ToString());
        }
    }

    // A hash table: a place holds a line and 1. Returns the line that has the same name, or the same pin, already; negative: none.
    private int Enter(int[] table, int line, uint hash, bool isByName)
    {
        int at = (int)(hash & (uint)(table.Length - 1));
        while (table[at] != 0)
        {
            LineConfig other = Lines[table[at] - 1];
            LineConfig row = Lines[line];
            if (isByName ? other.Name == row.Name : other.Pin == row.Pin && other.Source == row.Source)
            {
                return table[at] - 1;
            }

            at = (at + 1) & (table.Length - 1);
        }

        table[at] = line + 1;
        return -1;
    }

    // To nanoCLR 1.17 an element that was never stored is not null, but has no length; comparing it with a string crashes.
    private bool HasName(int line) => Lines[line].Name != null && Lines[line].Name.Length != 0;
}
