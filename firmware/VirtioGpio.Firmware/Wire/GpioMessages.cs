// GpioMessages: numbers and offsets of the virtio-gpio messages and config space.
//
// Spec:    VIRTIO "GPIO Device": "Device configuration layout", "requestq Operation", "eventq Operation".
// Trusts:  -
// Thread:  any, constants only.
// Memory:  none.

namespace VirtioGpio.Firmware.Wire;

/// <summary>
/// Little endian, whatever the ring's byte order:
/// <code>
///   virtio_gpio_request       0 type(2)    2 gpio(2)  4 value(4)
///   virtio_gpio_response      0 status(1)  1 value(1)          (names: value(N), N = gpio_names_size)
///   virtio_gpio_irq_request   0 gpio(2)
///   virtio_gpio_irq_response  0 status(1)
///   virtio_gpio_config        0 ngpio(2)   2 padding(2)  4 gpio_names_size(4)
/// </code>
/// </summary>
internal static class GpioMessages
{
    /// <summary>VIRTIO's device id of a GPIO device.</summary>
    public const int DeviceId = 41;

    /// <summary>VIRTIO_GPIO_F_IRQ (0) as a mask.</summary>
    public const int FeatureIrq = 1 << 0;

    public const int RequestSize = 8;

    /// <summary>A request as 32-bit words: 0 type in the low half and line in the high, 1 value.</summary>
    public const int RequestWords = 2;

    public const int RequestHeadWord = 0;
    public const int RequestValueWord = 1;
    public const int ResponseSize = 2;
    public const int IrqRequestSize = 2;
    public const int IrqResponseSize = 1;
    public const int ConfigSize = 8;
    public const int ConfigNamesSize = 4;

    /// <summary>Most lines that <c>le16 ngpio</c> can say.</summary>
    public const int MostLines = 65535;

    /// <summary>Longest name that Linux's GPIO interface to user space shows whole.</summary>
    public const int LongestName = 31;

    public const int GetLineNames = 1;
    public const int GetDirection = 2;
    public const int SetDirection = 3;
    public const int GetValue = 4;
    public const int SetValue = 5;
    public const int SetIrqType = 6;

    public const byte StatusOk = 0;
    public const byte StatusErr = 1;

    public const int DirectionNone = 0;
    public const int DirectionOut = 1;
    public const int DirectionIn = 2;

    public const int IrqTypeNone = 0;
    public const int IrqTypeEdgeRising = 1;
    public const int IrqTypeEdgeFalling = 2;
    public const int IrqTypeEdgeBoth = 3;
    public const int IrqTypeLevelHigh = 4;
    public const int IrqTypeLevelLow = 8;

    public const byte IrqStatusInvalid = 0;
    public const byte IrqStatusValid = 1;
}
