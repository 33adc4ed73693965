// LinePolicy: what a row of the line table says of requests and of rest, in one number.
//
// Spec:    none: the policy is the board's.
// Trusts:  rows that GpioBoard.Check has accepted.
// Thread:  any.
// Memory:  4 bytes per line at start, if a row says anything.

using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

/// <summary>The uses in bits 0 to 2, what becomes of the line in two bits for each cause, and the safe value.</summary>
internal static class LinePolicy
{
    /// <summary>No cause: the line is at rest already, unless a driver has used it.</summary>
    internal const int NoCause = 0;

    /// <summary>The driver releases the line.</summary>
    internal const int OnRelease = 3;

    /// <summary>The driver has reset the device.</summary>
    internal const int OnDriverGone = 5;

    /// <summary>Linux is gone without having reset the device.</summary>
    internal const int OnLinuxReset = 7;

    /// <summary>The firmware starts, and what an earlier run made of the line is not known, or does not hold.</summary>
    internal const int OnStart = 9;

    private const int SafeShift = 11;
    private const int RestMask = 3;
    private const int Default = (int)LineUses.All;

    /// <summary>Packs the line table.</summary>
    /// <returns>A number per line; null if no row says anything.</returns>
    internal static int[] Pack(LineConfig[] lines)
    {
        int[] policies = new int[lines.Length];
        bool isAny = false;
        for (int line = 0; line < lines.Length; line++)
        {
            policies[line] = Of(lines[line]);
            isAny |= policies[line] != Default;
        }

        return isAny ? policies : null;
    }

    /// <summary>Whether Linux may do nothing with the line.</summary>
    internal static bool IsReserved(int policy) => (policy & (int)LineUses.All) == 0;

    /// <summary>Whether Linux may make one of these uses of the line.</summary>
    internal static bool Allows(int policy, LineUses uses) => (policy & (int)uses) != 0;

    /// <summary>What becomes of the line.</summary>
    internal static LineRest RestOf(int policy, int cause) => (LineRest)(policy >> cause & RestMask);

    /// <summary>What the pin then does, if it is to drive the safe value: one of StateLayout's numbers.</summary>
    internal static int SafeRestOf(int policy) => RestDriving(policy >> SafeShift & 1);

    /// <summary>What a pin does that drives a value without a direction.</summary>
    internal static int RestDriving(int value) => value == 0 ? StateLayout.RestsLow : StateLayout.RestsHigh;

    /// <summary>What the pin does when the firmware starts.</summary>
    internal static int RestAtStart(int policy)
    {
        LineRest rest = RestOf(policy, OnStart);
        return rest == LineRest.Input ? 0 : rest == LineRest.Hold ? StateLayout.RestsAsItWas : SafeRestOf(policy);
    }

    /// <summary>How a line is opened whose pin is to do this without a direction.</summary>
    internal static int OpeningOf(int rest)
    {
        switch (rest)
        {
            case 0:
                return Opening.Idle;
            case StateLayout.RestsAsItWas:
                return Opening.AsItIs;
            default:
                return rest == StateLayout.RestsLow ? Opening.Low : Opening.High;
        }
    }

    private static int Of(LineConfig row) =>
        (int)row.Uses | (int)row.OnRelease << OnRelease | (int)row.OnDriverGone << OnDriverGone | (int)row.OnLinuxReset << OnLinuxReset
        | (int)row.OnStart << OnStart | (row.SafeValue > 0 ? 1 << SafeShift : 0);
}
