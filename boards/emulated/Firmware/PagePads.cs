// PagePads: the GPIO block of the emulated MCU as the natives of Pads drive it, on the pin page.

using System;
using System.Device.Gpio;
using System.Threading;
using VirtioGpio.Hal;

namespace VirtioGpio.Emulated.Firmware;

/// <summary>
/// Pins of a <see cref="PinPage"/>; the board is told of every write. The page latches the edges, so a slot is no more than the
/// pin that has it. The interrupt handler and the service thread exclude one another where both change what a pin is watched for.
/// </summary>
internal sealed class PagePads : IPadBank
{
    private const int Slots = 256;
    private const int NoPin = -1;
    private const int Nothing = -1;

    private readonly PinPage page;
    private readonly Action<int> written;
    private readonly Action latched;
    private readonly bool[] isOpen;
    private readonly int[] watched;
    private readonly Lock gate = new();
    private readonly int[] pinOfSlot = new int[Slots];
    private int slotsInUse;
    private int nextSlot;

    /// <summary>Lays the pads over a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="written">Tells the board that a pin was written.</param>
    /// <param name="latched">Adds <see cref="Mailbox.PinsChanged"/> to the mailbox.</param>
    internal PagePads(PinPage page, Action<int> written, Action latched)
    {
        this.page = page;
        this.written = written;
        this.latched = latched;
        isOpen = new bool[page.Pins];
        watched = new int[page.Pins];
        Array.Fill(pinOfSlot, NoPin);
    }

    // The stock driver on the same page may have the pin, and shall not get it afterwards.
    public bool Open(int pin)
    {
        if (!PinHardware.Reserve(pin))
        {
            return false;
        }

        page.SetDriver(pin, PadDriver.Pads);
        isOpen[pin] = true;
        return true;
    }

    public bool MakeInput(int pin, int mode)
    {
        if (!IsOpen(pin) || (uint)mode > (uint)PadMode.InputPullUp)
        {
            return false;
        }

        page.SetMode(pin, (PadMode)mode);
        written(pin);
        return true;
    }

    public bool Drive(int pin, int mode, int value)
    {
        if (!IsOpen(pin) || mode < (int)PadMode.Output || mode > (int)PadMode.OutputOpenSourcePullDown)
        {
            return false;
        }

        // The value first: it is there when the pin begins to drive.
        page.SetOutput(pin, value != 0);
        if (page.ModeOf(pin) != (PadMode)mode)
        {
            page.SetMode(pin, (PadMode)mode);
        }

        written(pin);
        return true;
    }

    public int Sense(int pin) => !IsOpen(pin) ? -1 : page.LevelAt(pin) ? 1 : 0;

    public bool Watch(int pin, int slot, int edges)
    {
        if (!IsOpen(pin) || (uint)slot >= Slots || (edges & ~(Edge.Rising | Edge.Falling)) != 0)
        {
            return false;
        }

        lock (gate)
        {
            watched[pin] = edges;
            page.SetWatched(pin, edges);
            page.TakeEdges(pin);
            pinOfSlot[slot] = edges != 0 ? pin : NoPin;
            slotsInUse = Math.Max(slotsInUse, slot + 1);
            return true;
        }
    }

    public bool Rearm(int pin)
    {
        if (!IsOpen(pin))
        {
            return false;
        }

        lock (gate)
        {
            page.SetWatched(pin, watched[pin]);
            return true;
        }
    }

    public int TakeEdges()
    {
        for (int looked = 0; looked < slotsInUse; looked++)
        {
            int slot = nextSlot;
            nextSlot = slot + 1 < slotsInUse ? slot + 1 : 0;
            int edges = TakeEdgesOf(slot);
            if (edges != 0)
            {
                return slot << 2 | edges;
            }
        }

        return Nothing;
    }

    /// <summary>The interrupt handler: the edges are latched already. Their pins are masked, and the service is told.</summary>
    internal void HandleInterrupt()
    {
        bool hasEdges = false;
        lock (gate)
        {
            for (int slot = 0; slot < slotsInUse; slot++)
            {
                if (pinOfSlot[slot] != NoPin && page.HasEdges(pinOfSlot[slot]))
                {
                    page.SetWatched(pinOfSlot[slot], 0);
                    hasEdges = true;
                }
            }
        }

        if (hasEdges)
        {
            latched();
        }
    }

    private bool IsOpen(int pin) => (uint)pin < (uint)isOpen.Length && isOpen[pin];

    private int TakeEdgesOf(int slot)
    {
        if (pinOfSlot[slot] == NoPin)
        {
            return 0;
        }

        (bool rose, bool fell) = page.TakeEdges(pinOfSlot[slot]);
        return (rose ? Edge.Rising : 0) | (fell ? Edge.Falling : 0);
    }
}
