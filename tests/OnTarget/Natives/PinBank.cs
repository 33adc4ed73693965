// PinBank: pins in plain arrays: what the co-processor makes of each, what the world outside does to it, and what comes of both.

namespace VirtioGpio.Hal;

internal delegate void LevelHook(int pin, bool level);

/// <summary>Modes by the numbers of System.Device.Gpio.PinMode. A pin drives its wire low, high, or by a resistor up.</summary>
internal sealed class PinBank
{
    internal const int FirstOutputMode = 3;

    private const int NoPin = -1;
    private const int Slots = 256;
    private const int ForceLow = 1;
    private const int ForceHigh = 2;
    private const int PullUp = 4;

    private readonly bool[] isOpen;
    private readonly byte[] modes;
    private readonly byte[] outputs;
    private readonly byte[] outside;
    private readonly byte[] nets;
    private readonly byte[] levels;
    private readonly byte[] watched;
    private readonly bool[] isSpent;
    private readonly byte[] edges;
    private readonly int[] pinOfSlot = new int[Slots];
    private int nextSlot;

    internal PinBank(int pins)
    {
        isOpen = new bool[pins];
        modes = new byte[pins];
        outputs = new byte[pins];
        outside = new byte[pins];
        nets = new byte[pins];
        levels = new byte[pins];
        watched = new byte[pins];
        isSpent = new bool[pins];
        edges = new byte[pins];
        FreeSlots();
    }

    /// <summary>Called when the edge of a watched pin was latched.</summary>
    internal LevelHook OnLatched { get; set; }

    /// <summary>Called for each pin whose level changed, however short.</summary>
    internal LevelHook OnChanged { get; set; }

    /// <summary>A pin that fails, whatever is asked of it.</summary>
    internal int FailingPin { get; set; } = NoPin;

    internal bool IsOpen(int pin) => pin >= 0 && pin < isOpen.Length && isOpen[pin] && pin != FailingPin;

    internal bool Open(int pin)
    {
        if (pin < 0 || pin >= isOpen.Length || isOpen[pin] || pin == FailingPin)
        {
            return false;
        }

        isOpen[pin] = true;
        return true;
    }

    internal bool SetMode(int pin, int mode, int value)
    {
        if (!IsOpen(pin))
        {
            return false;
        }

        outputs[pin] = (byte)value;
        modes[pin] = (byte)mode;
        Settle();
        return true;
    }

    internal int ModeOf(int pin) => modes[pin];

    internal bool Watch(int pin, int slot, int wanted)
    {
        if (!IsOpen(pin) || slot < 0 || slot >= Slots)
        {
            return false;
        }

        watched[pin] = (byte)wanted;
        isSpent[pin] = false;
        edges[pin] = 0;
        pinOfSlot[slot] = wanted != 0 ? pin : NoPin;
        return true;
    }

    internal bool Rearm(int pin)
    {
        if (!IsOpen(pin))
        {
            return false;
        }

        isSpent[pin] = false;
        return true;
    }

    internal int TakeEdges()
    {
        for (int looked = 0; looked < Slots; looked++)
        {
            int slot = nextSlot;
            nextSlot = (nextSlot + 1) & (Slots - 1);
            int pin = pinOfSlot[slot];
            if (pin != NoPin && edges[pin] != 0)
            {
                int taken = edges[pin];
                edges[pin] = 0;
                return slot << 2 | taken;
            }
        }

        return -1;
    }

    /// <summary>A resistor to the supply stays; low or high from outside is given up by "nothing".</summary>
    internal void Solder(int pin) => outside[pin] |= PullUp;

    internal void Drive(int pin, bool high) => SetOutside(pin, high ? ForceHigh : ForceLow);

    internal void LetGo(int pin) => SetOutside(pin, 0);

    internal void Wire(int net, int pin, int other)
    {
        nets[pin] = (byte)net;
        nets[other] = (byte)net;
    }

    /// <summary>The core is reset, and its pads stay as they are.</summary>
    internal void CloseAll()
    {
        for (int pin = 0; pin < isOpen.Length; pin++)
        {
            isOpen[pin] = false;
            watched[pin] = 0;
            edges[pin] = 0;
        }

        FreeSlots();
    }

    /// <summary>What a reset of the co-processor does: nothing is open, driven or watched.</summary>
    internal void ResetPads()
    {
        for (int pin = 0; pin < modes.Length; pin++)
        {
            isOpen[pin] = false;
            modes[pin] = 0;
            outputs[pin] = 0;
            watched[pin] = 0;
            edges[pin] = 0;
        }

        FreeSlots();
        Settle();
    }

    /// <summary>Low wins over high, any driver over a resistor; a wire that nothing holds reads low.</summary>
    internal int LevelAt(int pin)
    {
        int force = ForceAt(pin);
        if (nets[pin] != 0)
        {
            for (int other = 0; other < nets.Length; other++)
            {
                if (nets[other] == nets[pin])
                {
                    force |= ForceAt(other);
                }
            }
        }

        return (force & ForceLow) == 0 && (force & (ForceHigh | PullUp)) != 0 ? 1 : 0;
    }

    private void FreeSlots()
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            pinOfSlot[slot] = NoPin;
        }
    }

    private void SetOutside(int pin, int force)
    {
        outside[pin] = (byte)((outside[pin] & PullUp) | force);
        Settle();
    }

    private void Settle()
    {
        for (int pin = 0; pin < levels.Length; pin++)
        {
            int level = LevelAt(pin);
            if (level == levels[pin])
            {
                continue;
            }

            levels[pin] = (byte)level;
            if (OnChanged != null)
            {
                OnChanged(pin, level != 0);
            }

            int edge = level != 0 ? 1 : 2;
            if ((watched[pin] & edge) != 0 && !isSpent[pin])
            {
                edges[pin] |= (byte)edge;
                isSpent[pin] = true;
                OnLatched(pin, level != 0);
            }
        }
    }

    private int ForceAt(int pin)
    {
        bool high = outputs[pin] != 0;
        switch (modes[pin])
        {
            case 2:
                return outside[pin] | PullUp;
            case 3:
                return outside[pin] | (high ? ForceHigh : ForceLow);
            case 4:
                return outside[pin] | (high ? 0 : ForceLow);
            case 5:
                return outside[pin] | (high ? PullUp : ForceLow);
            case 6:
            case 7:
                return outside[pin] | (high ? ForceHigh : 0);
            default:
                return outside[pin];
        }
    }
}
