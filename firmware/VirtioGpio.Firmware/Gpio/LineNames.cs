// LineNames: the gpio-names memory block.
//
// Spec:    VIRTIO "GPIO Device / requestq Operation / Get Line Names".
// Trusts:  the board's names have passed GpioBoard.Check.
// Thread:  while starting.
// Memory:  the block, once.

using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

internal static class LineNames
{
    /// <summary>
    /// The whole answer to GET_LINE_NAMES: status OK, then "a stream of zero-terminated strings [...] in increasing order of
    /// the GPIO line numbers. [...] If missing, then a zero-byte must be present for the GPIO line."
    /// </summary>
    /// <param name="lines">The line table; a name is null or empty for an unnamed line.</param>
    /// <returns>Status and block; the status alone if no line has a name: gpio_names_size is 0 then.</returns>
    public static byte[] BuildResponse(LineConfig[] lines)
    {
        int characters = 0;
        for (int line = 0; line < lines.Length; line++)
        {
            characters += LengthOf(lines[line].Name);
        }

        if (characters == 0)
        {
            return new byte[] { GpioMessages.StatusOk };
        }

        byte[] response = new byte[1 + characters + lines.Length];
        response[0] = GpioMessages.StatusOk;
        int at = 1;
        for (int line = 0; line < lines.Length; line++)
        {
            for (int i = 0; i < LengthOf(lines[line].Name); i++)
            {
                response[at++] = (byte)lines[line].Name[i];
            }

            response[at++] = 0;
        }

        return response;
    }

    private static int LengthOf(string name) => name == null ? 0 : name.Length;
}
