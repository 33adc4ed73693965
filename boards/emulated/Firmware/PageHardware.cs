// PageHardware: the GPIO block of the emulated MCU, as the System.Device.Gpio twin drives it, on the pin page.

using System;
using System.Device.Gpio;
using System.Threading;
using VirtioGpio.Emulated;
using VirtioGpio.Hal;

namespace VirtioGpio.Emulated.Firmware;

/// <summary>Pins of a <see cref="PinPage"/>; the board is told of every write.</summary>
internal sealed class PageHardware : IPinHardware
{
    private readonly PinPage page;
    private readonly Action<int> written;
    private readonly bool[] isWatched;

    internal PageHardware(PinPage page, Action<int> written)
    {
        this.page = page;
        this.written = written;
        isWatched = new bool[page.Pins];
    }

    public int PinCount => page.Pins;

    public bool SupportsMode(int pin, PinMode mode) => (uint)mode <= (uint)PinMode.OutputOpenSourcePullDown;

    public void SetMode(int pin, PinMode mode)
    {
        page.SetDriver(pin, PadDriver.SystemDeviceGpio);
        page.SetMode(pin, (PadMode)mode);
        written(pin);
    }

    public bool Read(int pin) => page.LevelAt(pin);

    public void Write(int pin, bool high)
    {
        page.SetOutput(pin, high);
        written(pin);
    }

    public void WatchEdges(int pin, bool on)
    {
        page.SetWatched(pin, on ? Edge.Rising | Edge.Falling : 0);
        page.TakeEdges(pin);
        Volatile.Write(ref isWatched[pin], on);
    }

    /// <summary>The interrupt handler: hands every latched edge to the driver, and ends with the level that there is now.</summary>
    internal void HandleInterrupt()
    {
        for (int pin = 0; pin < page.Pins; pin++)
        {
            if (!Volatile.Read(ref isWatched[pin]))
            {
                continue;
            }

            (bool rose, bool fell) = page.TakeEdges(pin);
            if (rose || fell)
            {
                // One look at the level, and it ends the sequence; what comes after the look is latched anew. The driver drops a level
                // that it has seen already: so both edges are told whole, from whichever level they began, and one edge against the
                // level was followed by another.
                bool level = page.LevelAt(pin);
                if (rose && fell)
                {
                    PinHardware.PinChanged(pin, level);
                }

                if (level ? fell : rose)
                {
                    PinHardware.PinChanged(pin, !level);
                }

                PinHardware.PinChanged(pin, level);
            }
        }
    }
}
