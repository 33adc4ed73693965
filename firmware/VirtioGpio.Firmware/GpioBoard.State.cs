// GpioBoard.State: the memory that outlives a restart of the co-processor.
//
// Spec:    none: VIRTIO knows no device that is restarted under its driver. The policy is SPEC.md's.
// Trusts:  nothing: CheckAreas refuses a place that is not the state's alone.
// Thread:  while starting.
// Memory:  the board's.

using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware;

/// <content>Where the lines' state is kept.</content>
public sealed partial class GpioBoard
{
    private const uint IdentitySeed = 2166136261;
    private const uint IdentityFactor = 16777619;

    /// <summary>
    /// Start of <see cref="StateSizeOf"/> bytes that keep what is in them while the co-processor is restarted, and that nobody else writes: 4-byte
    /// aligned, apart from table, regions and windows. The firmware keeps there what the driver has made of the lines, and after a restart goes on
    /// under the same driver. 0, the default: there are none, and a restart forgets what the lines were.
    /// </summary>
    public uint StateAddress { get; set; }

    /// <summary>
    /// A number of the board's own, to be changed when a line means something else under the same name: a state that was kept under another number
    /// is not taken over.
    /// </summary>
    public int StateBuild { get; set; }

    /// <summary>Bytes that the state takes: 80, and 8 per line.</summary>
    /// <param name="lines">How many lines there are.</param>
    public static uint StateSizeOf(int lines) => FaultsOffset(lines) + 4 * StateLayout.FaultWords;

    /// <summary>Where the last faults are in the state.</summary>
    internal static uint FaultsOffset(int lines) => (uint)(4 * StateLayout.WordsOf(lines));

    /// <summary>
    /// A number that differs between builds whose lines differ, by their rows, number, or what Linux is told of the rings. A pin that an earlier
    /// build has driven is not driven on under a row that does not allow it.
    /// </summary>
    internal int BuildIdentity()
    {
        uint hash = IdentitySeed;
        hash = Add(hash, (uint)StateBuild);
        hash = Add(hash, (uint)RingSize);
        hash = Add(hash, (uint)RingAlign);
        hash = Add(hash, OffersIndirect ? 1u : 0u);
        for (int line = 0; line < Lines.Length; line++)
        {
            string name = HasName(line) ? Lines[line].Name : "";
            for (int i = 0; i < name.Length; i++)
            {
                hash = Add(hash, name[i]);
            }

            hash = Add(hash, 0);
            hash = Add(hash, (uint)Lines[line].Pin);
            hash = Add(hash, (uint)Lines[line].Settings);
        }

        return (int)hash;
    }

    private static uint Add(uint hash, uint word) => (hash ^ word) * IdentityFactor;
}
