// SensorSite: the temperature sensor on the board, its two wires of I2C and its alert output: all of them open drain, with resistors up.
//
// Thread:  whoever holds the board's pins.

using System;
using System.Threading;

namespace VirtioGpio.Emulated.Board;

internal sealed class SensorSite
{
    private const int Address = 0x48;

    // Longer than Linux takes from one bit to the next, so that it has to wait.
    private const int StretchMs = 5;

    private readonly As6200 sensor = new();
    private readonly I2cTarget target;
    private readonly PinPage pins;
    private readonly int data;
    private readonly int clock;
    private readonly int alert;
    private readonly Timer ready;

    /// <summary>Solders the sensor to three pins.</summary>
    /// <param name="pins">The board's pins.</param>
    /// <param name="data">SDA.</param>
    /// <param name="clock">SCL.</param>
    /// <param name="alert">The alert output.</param>
    /// <param name="ready">Called by a thread of its own when <see cref="EndStretch"/> is due.</param>
    internal SensorSite(PinPage pins, int data, int clock, int alert, Action ready)
    {
        this.pins = pins;
        this.data = data;
        this.clock = clock;
        this.alert = alert;
        this.ready = new Timer(_ => ready(), null, Timeout.Infinite, Timeout.Infinite);
        target = new I2cTarget(Address, sensor);
        foreach (int pin in new[] { data, clock, alert })
        {
            pins.PullUp(pin);
        }

        pins.Follow(data);
        pins.Follow(clock);
    }

    /// <summary>How often Linux had to wait for the clock.</summary>
    internal int Stretches { get; private set; }

    /// <summary>What it measures, its limits, its alarm, and <see cref="Stretches"/>.</summary>
    internal string Description => FormattableString.Invariant(
        $"temperature {sensor.Measured / 16.0} low {sensor.LowLimit / 16.0} high {sensor.HighLimit / 16.0} alarm {(sensor.IsAlarm ? 1 : 0)} stretches {Stretches}");

    /// <summary>It becomes warmer or colder.</summary>
    internal void Measure(int sixteenths) => sensor.Measure(sixteenths);

    /// <summary>Shows the sensor the levels of its wires.</summary>
    /// <returns>Whether it pulls others than before: the levels change again.</returns>
    internal bool Follow()
    {
        bool stretched = target.StretchesClock;
        target.Follow(pins.LevelAt(clock), pins.LevelAt(data));
        if (target.StretchesClock && !stretched)
        {
            ready.Change(StretchMs, Timeout.Infinite);
        }

        return Pull();
    }

    /// <summary>The sensor lets the clock go.</summary>
    internal void EndStretch()
    {
        bool isWaitedFor = target.StretchesClock && pins.LevelWithoutChip(clock);
        target.EndStretch();

        // The sensor sees the clock rise before the co-processor can, who may pull it low again at once.
        if (isWaitedFor)
        {
            Stretches++;
            target.Follow(true, pins.LevelAt(data));
        }

        Pull();
    }

    private bool Pull() =>
        pins.SetPulledLow(data, target.PullsData)
        | pins.SetPulledLow(clock, target.StretchesClock)
        | pins.SetPulledLow(alert, sensor.PullsAlert);
}
