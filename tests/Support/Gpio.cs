// Gpio: the numbers of virtio-gpio as the driver knows them, written from the specification once more.

namespace VirtioGpio.Tests.Support;

/// <summary>Message types, directions, interrupt types and statuses.</summary>
public static class Gpio
{
    public const int GetLineNames = 1;
    public const int GetDirection = 2;
    public const int SetDirection = 3;
    public const int GetValue = 4;
    public const int SetValue = 5;
    public const int SetIrqType = 6;

    public const int StatusOk = 0;
    public const int StatusErr = 1;

    public const int None = 0;
    public const int Out = 1;
    public const int In = 2;

    public const int Rising = 1;
    public const int Falling = 2;
    public const int Both = 3;
    public const int LevelHigh = 4;
    public const int LevelLow = 8;

    public const int Invalid = 0;
    public const int Valid = 1;
}
