// PadDriver: who drives a pin on the co-processor.

namespace VirtioGpio.Emulated;

/// <summary>A driver of the co-processor that may have a pin.</summary>
public enum PadDriver : byte
{
    /// <summary>Nobody has it.</summary>
    None,

    /// <summary>System.Device.Gpio.</summary>
    SystemDeviceGpio,

    /// <summary>The natives of Pads.</summary>
    Pads,
}
