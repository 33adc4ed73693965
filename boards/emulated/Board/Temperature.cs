// Temperature: degrees as people write them.

using System.Globalization;

namespace VirtioGpio.Emulated.Board;

/// <summary>What the board's sensor can measure.</summary>
public static class Temperature
{
    /// <summary>Reads degrees Celsius, -40 to 125, in steps of 1/16.</summary>
    /// <returns>In 1/16 degree; null: it is no such temperature.</returns>
    public static int? Parse(string degrees)
    {
        bool isNumber = decimal.TryParse(degrees, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number);
        bool isInRange = isNumber && number is >= As6200.Coldest / 16 and <= As6200.Hottest / 16;
        return isInRange && number * 16 % 1 == 0 ? (int)(number * 16) : null;
    }
}
