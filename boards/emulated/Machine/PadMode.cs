// PadMode: what a pin of the emulated SoC is made of, by the co-processor and by the world outside.

namespace VirtioGpio.Emulated;

/// <summary>What the world outside does to a pin.</summary>
public enum Outside : byte
{
    /// <summary>Nothing is connected, or it does not drive.</summary>
    Floating = 0,

    /// <summary>Driven low.</summary>
    Low = 1,

    /// <summary>Driven high.</summary>
    High = 2,
}

/// <summary>What the co-processor makes of a pin; the numbers are those of System.Device.Gpio.PinMode.</summary>
public enum PadMode : byte
{
    /// <summary>High impedance.</summary>
    Input = 0,

    /// <summary>Input with a resistor to ground.</summary>
    InputPullDown = 1,

    /// <summary>Input with a resistor to the supply.</summary>
    InputPullUp = 2,

    /// <summary>Drives both levels.</summary>
    Output = 3,

    /// <summary>Drives low only.</summary>
    OutputOpenDrain = 4,

    /// <summary>Drives low only, with a resistor to the supply.</summary>
    OutputOpenDrainPullUp = 5,

    /// <summary>Drives high only.</summary>
    OutputOpenSource = 6,

    /// <summary>Drives high only, with a resistor to ground.</summary>
    OutputOpenSourcePullDown = 7,
}
