// LineConfig.Check: what a row must not say.
//
// Spec:    none: the policy is the board's.
// Trusts:  nothing.
// Thread:  while starting.
// Memory:  nothing.

using System.Device.Gpio;

namespace VirtioGpio.Hal;

/// <content>The contradictions of a row.</content>
public sealed partial class LineConfig
{
    /// <summary>Finds what is wrong with the row.</summary>
    /// <returns>The column, and why; null: nothing is.</returns>
    public string FindMistake()
    {
        if (InputMode >= PinMode.Output)
        {
            return "InputMode: is no input mode";
        }

        if (OutputMode < PinMode.Output || OutputMode > PinMode.OutputOpenSourcePullDown)
        {
            return "OutputMode: is no output mode";
        }

        if ((Uses & (LineUses.Input | LineUses.Interrupt)) == LineUses.Interrupt)
        {
            return "Uses: an interrupt needs an input";
        }

        if (Uses != LineUses.None && Pin < 0)
        {
            return "Pin: " + Pin.ToString() + " is no pin";
        }

        string mistake = FindInRests();
        return mistake != null ? mistake : FindInInterrupt();
    }

    /// <summary>How a message about the row begins.</summary>
    /// <param name="line">The line's number.</param>
    public string Describe(int line) => "line " + line.ToString() + (Name == null || Name.Length == 0 ? ": " : " (" + Name + "): ");

    private static string FindInTime(string column, int milliseconds, int most)
    {
        return milliseconds <= most ? null : column + ": is not 0 to " + most.ToString() + " ms";
    }

    private string FindInRests()
    {
        if (SafeValue >= 0 && (Uses & LineUses.Output) == 0)
        {
            return "SafeValue: the line may not be an output";
        }

        string mistake = FindInRest("OnRelease", OnRelease);
        mistake = mistake != null ? mistake : FindInRest("OnDriverGone", OnDriverGone);
        mistake = mistake != null ? mistake : FindInRest("OnLinuxReset", OnLinuxReset);
        return mistake != null ? mistake : FindInRest("OnStart", OnStart);
    }

    private string FindInRest(string column, LineRest rest)
    {
        if (rest > LineRest.Safe)
        {
            return column + ": is none of Input, Hold and Safe";
        }

        if (rest != LineRest.Input && (Uses & LineUses.Output) == 0)
        {
            return column + ": the line may not be an output";
        }

        return rest == LineRest.Safe && SafeValue < 0 ? column + ": there is no SafeValue" : null;
    }

    private string FindInInterrupt()
    {
        bool hasInterrupt = (Uses & LineUses.Interrupt) != 0;
        if (!hasInterrupt && (Wakes || DebounceMs != 0 || LeastIntervalMs != 0))
        {
            return (Wakes ? "Wakes" : DebounceMs != 0 ? "DebounceMs" : "LeastIntervalMs") + ": the line may not have an interrupt";
        }

        string mistake = FindInTime("DebounceMs", DebounceMs, LongestDebounceMs);
        return mistake != null ? mistake : FindInTime("LeastIntervalMs", LeastIntervalMs, LongestIntervalMs);
    }
}
