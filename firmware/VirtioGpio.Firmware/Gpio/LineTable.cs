// LineTable: direction and value of every line, and the one place that indexes by a line number of the driver.
//
// Spec:    VIRTIO "GPIO Device / requestq Operation": Get Direction, Set Direction, Get Value, Set Value, Set IRQ Type.
// Trusts:  nothing about line and value; IPins may fail or throw.
// Thread:  the service thread only.
// Memory:  2 bytes a line at construction, nothing after.

using System;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

/// <summary>The lines. An operation answers the response's value (0 to 2), or <see cref="Err"/>.</summary>
public sealed class LineTable
{
    /// <summary>Stands for VIRTIO_GPIO_STATUS_ERR.</summary>
    public const int Err = -1;

    private const int Ok = 0;

    private readonly IPins pins;
    private readonly EventQueue events;
    private readonly TraceRing trace;
    private readonly byte[] directions;
    private readonly byte[] values;
    private bool hasIrq;

    internal LineTable(IPins pins, EventQueue events, TraceRing trace, int lines)
    {
        this.pins = pins;
        this.events = events;
        this.trace = trace;
        directions = new byte[lines];
        values = new byte[lines];
    }

    /// <summary>Carries out a request about one line.</summary>
    /// <param name="type">VIRTIO_GPIO_MSG_*, all but GET_LINE_NAMES.</param>
    /// <param name="line">The driver's line number.</param>
    /// <param name="value">The driver's value, all 32 bits.</param>
    public int Execute(int type, int line, uint value)
    {
        if (line >= directions.Length)
        {
            return Refuse(Fault.LineOutOfRange, line);
        }

        try
        {
            switch (type)
            {
                case GpioMessages.GetDirection:
                    return directions[line];
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
            return Refuse(Fault.PinFailed, line);
        }
    }

    /// <summary>Brings every line back to its state at power-on; buffers of the driver are forgotten, not given back.</summary>
    /// <param name="negotiatedFeatures">The features of the driver's next life.</param>
    public void Reset(int negotiatedFeatures)
    {
        hasIrq = (negotiatedFeatures & GpioMessages.FeatureIrq) != 0;
        for (int line = 0; line < directions.Length; line++)
        {
            if (directions[line] != GpioMessages.DirectionNone || values[line] != 0 || events.IsEnabled(line))
            {
                events.Forget(line);
                Execute(GpioMessages.SetDirection, line, GpioMessages.DirectionNone);
            }
        }
    }

    private int SetDirection(int line, uint direction)
    {
        switch (direction)
        {
            case GpioMessages.DirectionOut:
                // "The driver MUST NOT send IRQ messages for a GPIO line configured for output": nor turn an enabled one into an output.
                if (events.IsEnabled(line))
                {
                    return Refuse(Fault.IrqOnOutput, line);
                }

                return Become(line, GpioMessages.DirectionOut, pins.Drive(line, values[line]));
            case GpioMessages.DirectionIn:
                return Become(line, GpioMessages.DirectionIn, pins.MakeInput(line));
            case GpioMessages.DirectionNone:
                return Release(line);
            default:
                return Refuse(Fault.WrongValue, (int)direction);
        }
    }

    private int Become(int line, byte direction, bool done)
    {
        if (!done)
        {
            return Refuse(Fault.PinFailed, line);
        }

        directions[line] = direction;
        return Ok;
    }

    // "The device MUST discard all state information corresponding to a GPIO line."
    private int Release(int line)
    {
        directions[line] = GpioMessages.DirectionNone;
        values[line] = 0;
        bool unwatched = events.Disable(line);
        return pins.Release(line) && unwatched ? Ok : Refuse(Fault.PinFailed, line);
    }

    private int GetValue(int line)
    {
        int level = pins.Sense(line);
        return level >= 0 ? level : Refuse(Fault.PinFailed, line);
    }

    // "The line may already be configured for output or may get configured to output later, at which point this output
    // value must be used by the device for the line."
    private int SetValue(int line, uint value)
    {
        if (value > 1)
        {
            return Refuse(Fault.WrongValue, (int)value);
        }

        if (directions[line] == GpioMessages.DirectionOut && !pins.Drive(line, (int)value))
        {
            return Refuse(Fault.PinFailed, line);
        }

        values[line] = (byte)value;
        return Ok;
    }

    private int SetIrqType(int line, uint type)
    {
        // "This request is allowed only if the VIRTIO_GPIO_F_IRQ feature has been negotiated."
        if (!hasIrq)
        {
            return Refuse(Fault.IrqNotNegotiated, line);
        }

        switch (type)
        {
            case GpioMessages.IrqTypeNone:
                return events.Disable(line) ? Ok : Refuse(Fault.PinFailed, line);
            case GpioMessages.IrqTypeEdgeRising:
            case GpioMessages.IrqTypeEdgeFalling:
            case GpioMessages.IrqTypeEdgeBoth:
            case GpioMessages.IrqTypeLevelHigh:
            case GpioMessages.IrqTypeLevelLow:
                return EnableIrq(line, (int)type);
            default:
                return Refuse(Fault.WrongValue, (int)type);
        }
    }

    private int EnableIrq(int line, int type)
    {
        if (directions[line] == GpioMessages.DirectionOut)
        {
            events.Refuse(line);
            return Refuse(Fault.IrqOnOutput, line);
        }

        // A consumer that only wants the interrupt may never send SET_DIRECTION: the request makes an idle line an input.
        if (directions[line] == GpioMessages.DirectionNone && SetDirection(line, GpioMessages.DirectionIn) != Ok)
        {
            events.Refuse(line);
            return Err;
        }

        return events.Enable(line, type) ? Ok : Err;
    }

    private int Refuse(int fault, int detail)
    {
        trace.Record(fault, detail);
        return Err;
    }
}
