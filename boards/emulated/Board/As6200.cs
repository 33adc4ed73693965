// As6200: a temperature sensor, as far as Linux's lm75 driver uses it.
//
// Spec:    ams-OSRAM AS6200, DS000449, registers and alert function.
// Thread:  one at a time.
//
// Of the sensors of that driver in Linux 6.12 it alone has an alarm, and an interrupt. Left out: the interrupt mode, single conversions,
// sleep. A temperature is taken as converted at once, and as often as the fault queue asks.

namespace VirtioGpio.Emulated.Board;

/// <summary>The sensor: four registers of 16 bits behind a pointer, and an alert output in comparator mode.</summary>
internal sealed class As6200
{
    /// <summary>The coldest that it measures, in 1/16 degree Celsius.</summary>
    internal const int Coldest = -40 * 16;

    /// <summary>The hottest.</summary>
    internal const int Hottest = 125 * 16;

    private const int Temperature = 0;
    private const int Configuration = 1;
    private const int Low = 2;
    private const int High = 3;
    private const int PointerMask = 3;

    // A value stands in the upper 12 bits.
    private const int ValueShift = 4;

    private const int AlertBit = 0x0020;
    private const int PolarityBit = 0x0400;
    private const int WritableConfiguration = 0x9FC0;

    private readonly ushort[] registers = [25 * 16 << ValueShift, 0x40A0, 75 * 16 << ValueShift, 80 * 16 << ValueShift];
    private int pointer;
    private int transferred;
    private bool hasPointer;
    private bool isAlarm;

    /// <summary>Whether the temperature reached the upper limit, and was not below the lower one since.</summary>
    internal bool IsAlarm => isAlarm;

    /// <summary>Whether the open drain of the alert output pulls low: with an alarm, or without one if the polarity bit is set.</summary>
    internal bool PullsAlert => isAlarm == ((registers[Configuration] & PolarityBit) == 0);

    /// <summary>The lower limit in 1/16 degree Celsius.</summary>
    internal int LowLimit => ValueOf(Low);

    /// <summary>The upper limit in 1/16 degree Celsius.</summary>
    internal int HighLimit => ValueOf(High);

    /// <summary>The temperature in 1/16 degree Celsius.</summary>
    internal int Measured => ValueOf(Temperature);

    /// <summary>It becomes warmer or colder.</summary>
    /// <param name="sixteenths">The temperature in 1/16 degree Celsius, <see cref="Coldest"/> to <see cref="Hottest"/>.</param>
    internal void Measure(int sixteenths)
    {
        registers[Temperature] = (ushort)(sixteenths << ValueShift);
        Compare();
    }

    /// <summary>It is addressed.</summary>
    internal void Begin(bool isRead)
    {
        transferred = 0;
        hasPointer = isRead;
    }

    /// <summary>Takes a byte: the first after the address is the pointer, the next are its register's, high byte first.</summary>
    internal void Write(byte value)
    {
        if (!hasPointer)
        {
            pointer = value & PointerMask;
            hasPointer = true;
            return;
        }

        int shift = NextShift();
        int register = (registers[pointer] & ~(0xFF << shift)) | value << shift;
        if (pointer == Configuration)
        {
            registers[Configuration] = (ushort)((registers[Configuration] & ~WritableConfiguration) | (register & WritableConfiguration));
        }
        else if (pointer != Temperature)
        {
            registers[pointer] = (ushort)register;
        }

        Compare();
    }

    /// <summary>Gives the next byte of the register at the pointer.</summary>
    internal byte Read()
    {
        int register = registers[pointer];
        if (pointer == Configuration)
        {
            // The alert bit shows the level of the output.
            register = PullsAlert ? register & ~AlertBit : register | AlertBit;
        }

        return (byte)(register >> NextShift());
    }

    private int NextShift() => transferred++ % 2 == 0 ? 8 : 0;

    private int ValueOf(int register) => (short)registers[register] >> ValueShift;

    private void Compare()
    {
        if (Measured >= HighLimit)
        {
            isAlarm = true;
        }
        else if (Measured < LowLimit)
        {
            isAlarm = false;
        }
    }
}
