// LineTable: direction and value of every line, and the one place that indexes by a line number of the driver.
//
// Spec:    VIRTIO "GPIO Device / requestq Operation": Get Direction, Set Direction, Get Value, Set Value, Set IRQ Type.
// Trusts:  nothing about line and value; IPins may fail or throw.
// Thread:  the service thread only.
// Memory:  2 bytes per line at construction, nothing after.

using System;
using VirtioGpio.Firmware.State;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

/// <summary>The lines. An operation answers the response's value (0 to 2), or <see cref="Err"/>.</summary>
internal sealed partial class LineTable
{
    /// <summary>Stands for VIRTIO_GPIO_STATUS_ERR.</summary>
    internal const int Err = -1;

    private const int Ok = 0;

    private readonly IPins pins;
    private readonly EventQueue events;
    private readonly TraceRing trace;

    // Null if the board has no memory for it.
    private readonly LineState state;

    // Null if no row of the board's table says anything.
    private readonly int[] policies;
    private readonly byte[] directions;
    private readonly byte[] values;
    private readonly bool isTakedown;
    private bool hasIrq;

    /// <summary>Makes the table.</summary>
    /// <param name="pins">The pins behind the lines.</param>
    /// <param name="events">Their interrupts.</param>
    /// <param name="trace">Where faults go.</param>
    /// <param name="state">Where what requests set is kept for a later run; null: nowhere.</param>
    /// <param name="lines">How many lines there are.</param>
    /// <param name="policies">What the board's table says of each, as <see cref="LinePolicy"/> packs it.</param>
    /// <param name="isTakedown">
    /// Whether the driver is bound to another firmware's lines. Whatever takes a line down is answered OK then, for Linux cannot remove its
    /// driver otherwise.
    /// </param>
    internal LineTable(IPins pins, EventQueue events, TraceRing trace, LineState state, int lines, int[] policies, bool isTakedown)
    {
        this.isTakedown = isTakedown;
        this.pins = pins;
        this.events = events;
        this.trace = trace;
        this.state = state;
        this.policies = policies;
        directions = new byte[lines];
        values = new byte[lines];
        if (policies != null)
        {
            TakePolicies();
        }
    }

    /// <summary>Carries out a request about one line.</summary>
    /// <param name="type">VIRTIO_GPIO_MSG_*, all but GET_LINE_NAMES.</param>
    /// <param name="line">The driver's line number.</param>
    /// <param name="value">The driver's value, all 32 bits.</param>
    internal int Execute(int type, int line, uint value)
    {
        if (line >= directions.Length)
        {
            return isTakedown && value == 0 && (type == GpioMessages.SetDirection || type == GpioMessages.SetIrqType)
                ? Ok
                : Refuse(Fault.LineOutOfRange, line);
        }

        try
        {
            switch (type)
            {
                case GpioMessages.GetDirection:
                    return directions[line] > GpioMessages.DirectionIn ? GetSpecialDirection(line) : directions[line];
                case GpioMessages.SetDirection:
                    return SetDirection(line, value);
                case GpioMessages.GetValue:
                    return GetValue(line);
                case GpioMessages.SetValue:
                    return SetValue(line, value);
                case GpioMessages.SetIrqType:
                    return SetIrqType(line, value);
                default:
                    return Refuse(Fault.UnknownRequest, type);
            }
        }
        catch (Exception)
        {
            return Fail(line);
        }
    }

    /// <summary>Brings every line to rest, as the board's table says; buffers of the driver are forgotten, not returned.</summary>
    /// <param name="negotiatedFeatures">The features of the driver that comes next.</param>
    /// <param name="isKnown">Whether that driver takes the lines to be so; false: an earlier run has served it, and <see cref="Lose"/> follows.</param>
    /// <param name="cause">A cause of <see cref="LinePolicy"/>.</param>
    internal void Reset(int negotiatedFeatures, bool isKnown, int cause)
    {
        if (state != null && !isKnown)
        {
            state.Invalidate();
        }

        hasIrq = (negotiatedFeatures & GpioMessages.FeatureIrq) != 0;
        events.Reset();
        if (policies != null)
        {
            RestAll(cause);
        }
        else
        {
            ReleaseAll();
        }

        if (state != null && isKnown)
        {
            Clear();
        }
    }

    /// <summary>
    /// Notes that the driver knows more of the lines than this run of the firmware. A request that depends on what is lost is answered ERR
    /// until the driver has said it again, or is a new one.
    /// </summary>
    internal void Lose()
    {
        for (int line = 0; line < directions.Length; line++)
        {
            directions[line] = (byte)(directions[line] & (Barred | StateLayout.RestBits) | Lost);
            values[line] = Lost;
        }
    }

    private void ReleaseAll()
    {
        for (int line = 0; line < directions.Length; line++)
        {
            if (directions[line] != GpioMessages.DirectionNone || values[line] != 0)
            {
                Execute(GpioMessages.SetDirection, line, GpioMessages.DirectionNone);
            }
        }
    }

    private int SetDirection(int line, uint direction)
    {
        if (policies != null && !MaySetDirection(line, direction))
        {
            return Refuse(Fault.Forbidden, line);
        }

        switch (direction)
        {
            case GpioMessages.DirectionOut:
                return values[line] == Lost ? Refuse(Fault.StateLost, line) : MakeOutput(line);
            case GpioMessages.DirectionIn:
                return TurnIntoInput(line);
            case GpioMessages.DirectionNone:
                return policies == null ? Idle(line) : Rest(line, LinePolicy.OnRelease);
            default:
                return Refuse(Fault.WrongValue, (int)direction);
        }
    }

    // "The driver MUST NOT send IRQ messages for a GPIO line configured for output": nor turn an enabled one into an output. Linux does so
    // for an open-drain line, which is driven low as an output and released as an input.
    private int MakeOutput(int line)
    {
        bool isEnabled = events.IsEnabled(line);
        if (isEnabled && !pins.IsOpenDrain(line))
        {
            return Refuse(Fault.IrqOnOutput, line);
        }

        if (state != null)
        {
            Keep(line, GpioMessages.DirectionOut, values[line]);
        }

        if (!pins.Drive(line, values[line]) || (isEnabled && !events.Rewatch(line)))
        {
            return Fail(line);
        }

        directions[line] = GpioMessages.DirectionOut;
        return Ok;
    }

    private int TurnIntoInput(int line)
    {
        if (state == null)
        {
            return MakeInput(line);
        }

        Keep(line, GpioMessages.DirectionIn, values[line]);
        int outcome = MakeInput(line);
        state.Store(line);
        return outcome;
    }

    private int MakeInput(int line)
    {
        if (!pins.MakeInput(line))
        {
            return Fail(line);
        }

        bool wasOutput = directions[line] == GpioMessages.DirectionOut;
        directions[line] = (byte)(directions[line] & Barred | GpioMessages.DirectionIn);
        if (state != null)
        {
            state.SetLine(line, GpioMessages.DirectionIn, values[line]);
        }
        bool isWatched = events.IsEnabled(line) ? !wasOutput || events.Rewatch(line) : events.EnableRejected(line);
        return isWatched ? Ok : Refuse(Fault.PinFailed, line);
    }

    // "The device MUST discard all state information corresponding to a GPIO line."
    private int Idle(int line)
    {
        directions[line] = (byte)(directions[line] & Barred);
        values[line] = 0;
        if (state != null)
        {
            state.SetLine(line, GpioMessages.DirectionNone, 0);
        }

        bool unwatched = events.Disable(line);
        return pins.Release(line) && unwatched ? Ok : Refuse(Fault.PinFailed, line);
    }

    private int GetValue(int line)
    {
        int level = pins.Sense(line);
        return level >= 0 ? level : Refuse(IsReserved(line) ? Fault.Forbidden : Fault.PinFailed, line);
    }

    // "The line may already be configured for output or may get configured to output later, at which point this output
    // value must be used by the device for the line."
    private int SetValue(int line, uint value)
    {
        if (value > 1)
        {
            return Refuse(Fault.WrongValue, (int)value);
        }

        if (directions[line] > GpioMessages.DirectionIn && WhyNoValue(line) != 0)
        {
            return Refuse(WhyNoValue(line), line);
        }

        if (state != null)
        {
            Keep(line, directions[line], (int)value);
        }

        if (directions[line] == GpioMessages.DirectionOut && !pins.Drive(line, (int)value))
        {
            return Fail(line);
        }

        values[line] = (byte)value;
        return Ok;
    }

    // What was kept before the pin was touched is taken back.
    private int Fail(int line)
    {
        if (state != null)
        {
            Keep(line, directions[line] & (StateLayout.DirectionBits | StateLayout.RestBits), values[line] & 1);
        }

        return Refuse(Fault.PinFailed, line);
    }

    private int Refuse(int fault, int detail)
    {
        trace.Record(fault, detail);
        return Err;
    }
}
