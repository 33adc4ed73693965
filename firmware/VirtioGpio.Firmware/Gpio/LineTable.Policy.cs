// LineTable.Policy: what the board's line table forbids, and what becomes of a line without its driver.
//
// Spec:    VIRTIO "GPIO Device / requestq Operation / Set Line Direction": state is discarded; what the pin does then is the board's.
// Trusts:  rows that GpioBoard.Check has accepted; IPins may fail or throw.
// Thread:  the service thread only.
// Memory:  nothing.

using System;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

/// <content>
/// A direction has more bits than Linux is told of: what the pin does without one (StateLayout), and the two below. A line without policy has
/// none of them, so that one comparison, which is made anyway, finds the others.
/// </content>
internal sealed partial class LineTable
{
    // Linux may not drive the line.
    private const byte Barred = 0x40;

    // A direction or value that an earlier run of the firmware knew, and this one does not.
    private const byte Lost = 0x80 | StateLayout.DirectionBits;

    private void TakePolicies()
    {
        for (int line = 0; line < directions.Length; line++)
        {
            bool isBarred = !LinePolicy.Allows(policies[line], LineUses.Output);
            directions[line] = (byte)(LinePolicy.RestAtStart(policies[line]) | (isBarred ? Barred : 0));
        }
    }

    private bool IsReserved(int line) => policies != null && LinePolicy.IsReserved(policies[line]);

    private bool MaySetDirection(int line, uint direction)
    {
        switch (direction)
        {
            case GpioMessages.DirectionOut:
                return LinePolicy.Allows(policies[line], LineUses.Output);
            case GpioMessages.DirectionIn:
                return LinePolicy.Allows(policies[line], LineUses.Input);
            default:
                return !LinePolicy.IsReserved(policies[line]);
        }
    }

    private bool MaySetIrqType(int line, uint type) =>
        LinePolicy.Allows(policies[line], type == GpioMessages.IrqTypeNone ? LineUses.All : LineUses.Interrupt);

    // Of a line with more bits than Linux is told of.
    private int GetSpecialDirection(int line)
    {
        if (IsReserved(line))
        {
            return Refuse(Fault.Forbidden, line);
        }

        int direction = directions[line];
        return direction >= Lost ? Refuse(Fault.StateLost, line) : direction & StateLayout.DirectionBits;
    }

    private int WhyNoValue(int line)
    {
        int direction = directions[line];
        return (direction & Barred) != 0 ? Fault.Forbidden : direction >= Lost ? Fault.StateLost : 0;
    }

    // A line that is at rest, and that no request has touched, stays so unless it is to go to its safe value or to become an input.
    private void RestAll(int cause)
    {
        for (int line = 0; line < directions.Length; line++)
        {
            bool isUsed = (directions[line] & Lost) != 0 || values[line] != 0;
            bool isDriving = (directions[line] & StateLayout.RestBits) != 0;
            bool isDue = cause != LinePolicy.NoCause && (isDriving || LinePolicy.RestOf(policies[line], cause) == LineRest.Safe);
            if (isUsed || isDue)
            {
                TryRest(line, cause == LinePolicy.NoCause ? LinePolicy.OnDriverGone : cause);
            }
        }
    }

    private void TryRest(int line, int cause)
    {
        try
        {
            Rest(line, cause);
        }
        catch (Exception)
        {
            Fail(line);
        }
    }

    private int Rest(int line, int cause)
    {
        int rest = 0;
        switch (LinePolicy.RestOf(policies[line], cause))
        {
            case LineRest.Hold:
                rest = HeldBy(line);
                break;
            case LineRest.Safe:
                rest = LinePolicy.SafeRestOf(policies[line]);
                break;
        }

        return rest == 0 ? Idle(line) : GoOnDriving(line, rest);
    }

    private int HeldBy(int line) =>
        (directions[line] & StateLayout.DirectionBits) == GpioMessages.DirectionOut
            ? LinePolicy.RestDriving(values[line])
            : directions[line] & StateLayout.RestBits;

    // "The device MUST discard all state information corresponding to a GPIO line": what Linux may ask for is discarded. The level is driven
    // anew behind the watch: System.Device.Gpio drives an output low when that ends.
    private int GoOnDriving(int line, int rest)
    {
        directions[line] = (byte)rest;
        values[line] = 0;
        if (state != null)
        {
            state.SetLine(line, rest, 0);
        }

        bool unwatched = events.Disable(line);
        bool isDriving = rest == StateLayout.RestsAsItWas || pins.Drive(line, rest == StateLayout.RestsHigh ? 1 : 0);
        return isDriving && unwatched ? Ok : Refuse(Fault.PinFailed, line);
    }
}
