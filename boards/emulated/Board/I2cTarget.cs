// I2cTarget: the part of a chip that sits on an I2C bus and lets itself be read and written; it never is the controller.
//
// Spec:    NXP UM10204, I2C-bus specification, 3.1: START and STOP, bytes of 8 bits and an acknowledge, clock stretching, 7-bit addresses.
// Thread:  one at a time.

namespace VirtioGpio.Emulated.Board;

/// <summary>An I2C target with registers. It is shown the levels of both wires after each change, and says which it pulls low.</summary>
/// <param name="address">Its 7-bit address.</param>
/// <param name="registers">The chip behind it.</param>
internal sealed class I2cTarget(int address, As6200 registers)
{
    private const int BitsOfByte = 8;

    private Phase phase;
    private bool clock = true;
    private bool data = true;
    private int bits;
    private int shifted;
    private bool isReading;
    private bool isAcknowledged;

    private enum Phase
    {
        /// <summary>Not addressed: waits for a START.</summary>
        Idle,

        /// <summary>The address and the direction come in.</summary>
        Address,

        /// <summary>A byte comes in.</summary>
        Receive,

        /// <summary>This target acknowledges what came in.</summary>
        Acknowledge,

        /// <summary>A byte goes out.</summary>
        Transmit,

        /// <summary>The controller acknowledges it, or wants no more.</summary>
        Acknowledged,
    }

    /// <summary>Whether it pulls SDA low.</summary>
    internal bool PullsData { get; private set; }

    /// <summary>Whether it pulls SCL low: it is not ready with the first byte that is to be read.</summary>
    internal bool StretchesClock { get; private set; }

    /// <summary>Shows it the wires: at least after each change of either.</summary>
    internal void Follow(bool scl, bool sda)
    {
        bool wasClock = clock;
        bool wasData = data;
        clock = scl;
        data = sda;
        if (wasClock && scl)
        {
            // SDA moves while SCL is high at START and STOP alone.
            if (wasData != sda)
            {
                Release(sda ? Phase.Idle : Phase.Address);
            }
        }
        else if (scl)
        {
            Rise(sda);
        }
        else if (wasClock)
        {
            Fall();
        }
    }

    /// <summary>It is ready, and lets the clock go.</summary>
    internal void EndStretch() => StretchesClock = false;

    private void Release(Phase next)
    {
        phase = next;
        bits = 0;
        PullsData = false;
        StretchesClock = false;
    }

    // Bits are sampled while SCL is high.
    private void Rise(bool sda)
    {
        switch (phase)
        {
            case Phase.Address or Phase.Receive:
                shifted = (shifted << 1 | (sda ? 1 : 0)) & 0xFF;
                bits++;
                break;
            case Phase.Transmit:
                bits++;
                break;
            case Phase.Acknowledged:
                isAcknowledged = !sda;
                break;
        }
    }

    // SDA changes while SCL is low. The first fall after a START is that of the START itself.
    private void Fall()
    {
        switch (phase)
        {
            case Phase.Address when bits == BitsOfByte:
                EndAddress();
                break;
            case Phase.Receive when bits == BitsOfByte:
                registers.Write((byte)shifted);
                phase = Phase.Acknowledge;
                PullsData = true;
                break;
            case Phase.Acknowledge:
                EndAcknowledge();
                break;
            case Phase.Transmit when bits == BitsOfByte:
                phase = Phase.Acknowledged;
                PullsData = false;
                break;
            case Phase.Transmit:
                PullsData = (shifted >> (BitsOfByte - 1 - bits) & 1) == 0;
                break;
            case Phase.Acknowledged when isAcknowledged:
                Transmit();
                break;
            case Phase.Acknowledged:
                Release(Phase.Idle);
                break;
        }
    }

    private void EndAddress()
    {
        if (shifted >> 1 != address)
        {
            phase = Phase.Idle;
            return;
        }

        phase = Phase.Acknowledge;
        PullsData = true;
        isReading = (shifted & 1) != 0;
        registers.Begin(isReading);
    }

    private void EndAcknowledge()
    {
        if (isReading)
        {
            StretchesClock = true;
            Transmit();
        }
        else
        {
            Release(Phase.Receive);
        }
    }

    private void Transmit()
    {
        phase = Phase.Transmit;
        bits = 0;
        shifted = registers.Read();
        PullsData = shifted >> (BitsOfByte - 1) == 0;
    }
}
