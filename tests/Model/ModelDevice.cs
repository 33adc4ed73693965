// ModelDevice: what a virtio-gpio device is, without rings, memory or pins: the clauses as plain code.
//
// Written from the specification, to be compared with the firmware. Where the specification leaves the answer to the device,
// the model says what SPEC.md says.

using System.Collections.Generic;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Model;

/// <summary>Lines, directions, values, triggers, latches and masks.</summary>
internal sealed class ModelDevice
{
    /// <summary>Stands for VIRTIO_GPIO_STATUS_ERR.</summary>
    internal const int Err = -1;

    private readonly Line[] lines;
    private readonly Queue<int> events = new();

    internal ModelDevice(int count)
    {
        lines = new Line[count];
        for (int i = 0; i < count; i++)
        {
            lines[i] = new Line();
        }
    }

    /// <summary>Takes the next event: <c>line &lt;&lt; 8 | status</c>, -1 if there is none.</summary>
    internal int TakeEvent() => events.TryDequeue(out int taken) ? taken : -1;

    /// <summary>Forgets the driver.</summary>
    internal void Reset()
    {
        events.Clear();
        foreach (Line line in lines)
        {
            line.HasBuffer = false;
            line.Release();
        }
    }

    /// <summary>The level at a line's pin: what it drives, else what drives it from outside.</summary>
    internal bool LevelAt(int line) => lines[line].Level;

    /// <summary>Somebody outside drives an input.</summary>
    internal void Drive(int number, bool level)
    {
        Line line = lines[number];
        bool before = line.Level;
        line.Outside = level;
        if (line.Level == before)
        {
            return;
        }

        int edge = line.Level ? Gpio.Rising : Gpio.Falling;
        if (line.Trigger is Gpio.Rising or Gpio.Falling or Gpio.Both && (line.Trigger & edge) != 0)
        {
            line.IsLatched = true;
        }

        Deliver(number);
    }

    /// <summary>The driver offers its buffer for a line.</summary>
    internal void Unmask(int number)
    {
        lines[number].HasBuffer = true;
        if (lines[number].Trigger == Gpio.None)
        {
            // INVALID is said once: a buffer that comes back is kept until the driver sets a trigger or disables the interrupt.
            lines[number].Trigger = Line.Keeps;
            Return(number, Gpio.Invalid);
        }

        Deliver(number);
    }

    /// <summary>A request; the response's value, or <see cref="Err"/>.</summary>
    internal int Request(int type, int number, uint value)
    {
        if (type < Gpio.GetDirection || type > Gpio.SetIrqType || number >= lines.Length)
        {
            return Err;
        }

        Line line = lines[number];
        return type switch
        {
            Gpio.GetDirection => line.Direction,
            Gpio.GetValue => line.Level ? 1 : 0,
            Gpio.SetValue => SetValue(line, value),
            Gpio.SetDirection => SetDirection(number, value),
            _ => SetIrqType(number, value),
        };
    }

    private static int SetValue(Line line, uint value)
    {
        if (value > 1)
        {
            return Err;
        }

        line.Value = value == 1;
        return 0;
    }

    private int SetDirection(int number, uint direction)
    {
        Line line = lines[number];
        switch (direction)
        {
            case Gpio.None:
                SetIrqType(number, Gpio.None);
                int trigger = line.Trigger;
                line.Release();
                line.Trigger = trigger;
                return 0;
            case Gpio.Out when line.Trigger is Gpio.None or Line.Keeps:
                line.Direction = (int)direction;
                return 0;
            case Gpio.In:
                bool wasOutput = line.Direction == Gpio.Out;
                line.Direction = Gpio.In;
                return wasOutput && line.Rejected != 0 ? SetIrqType(number, (uint)line.Rejected) : 0;
            default:
                return Err;
        }
    }

    private int SetIrqType(int number, uint type)
    {
        Line line = lines[number];
        if (type is not (Gpio.None or Gpio.Rising or Gpio.Falling or Gpio.Both or Gpio.LevelHigh or Gpio.LevelLow))
        {
            return Err;
        }

        // What is latched stays if the driver only says again what is so.
        if (type != Gpio.None && line.Trigger == (int)type)
        {
            return 0;
        }

        line.IsLatched = false;
        line.Rejected = 0;
        if (type == Gpio.None)
        {
            line.Trigger = line.HasBuffer ? Line.Keeps : Gpio.None;
            if (line.HasBuffer)
            {
                Return(number, Gpio.Invalid);
            }

            return 0;
        }

        if (line.Direction == Gpio.Out)
        {
            // Refused: a buffer is kept until the driver disables the interrupt.
            line.Trigger = Line.Keeps;
            line.Rejected = (int)type;
            return Err;
        }

        line.Direction = Gpio.In;
        line.Trigger = (int)type;
        Deliver(number);
        return 0;
    }

    private void Deliver(int number)
    {
        Line line = lines[number];
        bool isActive = line.Trigger switch
        {
            Gpio.LevelHigh => line.Level,
            Gpio.LevelLow => !line.Level,
            _ => line.IsLatched,
        };
        if (isActive && line.HasBuffer)
        {
            line.IsLatched = false;
            Return(number, Gpio.Valid);
        }
    }

    private void Return(int number, int status)
    {
        lines[number].HasBuffer = false;
        events.Enqueue(number << 8 | status);
    }

    private sealed class Line
    {
        /// <summary>The interrupt is not enabled, and a buffer is kept.</summary>
        internal const int Keeps = -1;

        internal int Direction { get; set; }

        internal bool Value { get; set; }

        internal bool Outside { get; set; }

        internal int Trigger { get; set; }

        /// <summary>The trigger that was answered ERR because the line was an output.</summary>
        internal int Rejected { get; set; }

        internal bool IsLatched { get; set; }

        internal bool HasBuffer { get; set; }

        internal bool Level => Direction == Gpio.Out ? Value : Outside;

        internal void Release()
        {
            Direction = Gpio.None;
            Value = false;
            Trigger = Gpio.None;
            Rejected = 0;
            IsLatched = false;
        }
    }
}
