// GpioController: pins by number. The list of open pins is one for all controllers, and searched from its beginning.

using System.Collections.Generic;

namespace System.Device.Gpio;

/// <summary>Opens pins and works on them by number.</summary>
/// <remarks>
/// An operation on a pin that no controller has opened throws <see cref="InvalidOperationException"/>; on a disposed
/// controller, mode changes, reads and writes throw <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class GpioController : IDisposable
{
    private static readonly List<Entry> entries = [];

    private bool isDisposed;

    public GpioController()
    {
    }

    public GpioController(PinNumberingScheme numberingScheme) => NumberingScheme = numberingScheme;

    public PinNumberingScheme NumberingScheme { get; }

    /// <summary>Size of the pin table, not of the set of usable pins.</summary>
    public int PinCount
    {
        get
        {
            PinHardware.CountNative();
            return PinHardware.Current.PinCount;
        }
    }

    /// <exception cref="InvalidOperationException">There is no such pin, or someone has it already.</exception>
    public GpioPin OpenPin(int pinNumber) => Remember(GpioPin.Open(pinNumber));

    /// <exception cref="InvalidOperationException">There is no such pin, or someone has it already.</exception>
    /// <exception cref="ArgumentException">The pin lacks the mode; it stays reserved, and no controller can close it.</exception>
    public GpioPin OpenPin(int pinNumber, PinMode mode)
    {
        GpioPin pin = GpioPin.Open(pinNumber);
        pin.SetPinMode(mode);
        return Remember(pin);
    }

    public void ClosePin(int pinNumber)
    {
        Entry entry = Get(pinNumber);
        entry.Pin.Dispose();
        lock (entries)
        {
            entries.Remove(entry);
        }
    }

    public PinMode GetPinMode(int pinNumber) => Get(pinNumber).Pin.GetPinMode();

    public bool IsPinModeSupported(int pinNumber, PinMode mode)
    {
        PinHardware.CountNative();
        return PinHardware.SupportsMode(pinNumber, mode);
    }

    /// <summary>Whether anyone has the pin.</summary>
    public bool IsPinOpen(int pinNumber)
    {
        PinHardware.CountNative();
        return PinHardware.IsReserved(pinNumber);
    }

    /// <inheritdoc cref="GpioPin.SetPinMode"/>
    public void SetPinMode(int pinNumber, PinMode mode) => Native(pinNumber).SwitchTo(mode);

    public PinValue Read(int pinNumber) => Native(pinNumber).Sense();

    /// <inheritdoc cref="GpioPin.Write"/>
    public void Write(int pinNumber, PinValue value) => Native(pinNumber).Drive((bool)value);

    /// <summary>
    /// Calls back on the event dispatcher for the edges that were asked for. A second registration takes the place of the first,
    /// and every edge is then delivered twice.
    /// </summary>
    public void RegisterCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        Entry entry = Get(pinNumber);
        entry.Edges = eventTypes;
        entry.Callback = callback;
        entry.Pin.ValueChanged += OnValueChanged;
    }

    /// <summary>Takes one registration back, whatever its callback; a pin that is not open is no error.</summary>
    public void UnregisterCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        Entry? entry = Find(pinNumber);
        if (entry is not null)
        {
            entry.Edges = PinEventTypes.None;
            entry.Pin.ValueChanged -= OnValueChanged;
        }
    }

    /// <summary>Closes every open pin, of other controllers too, and leaves them all in the list.</summary>
    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        foreach (Entry entry in Snapshot())
        {
            entry.Pin.Dispose();
        }

        PinHardware.CountNative();
        isDisposed = true;
    }

    internal static void ForgetPins()
    {
        lock (entries)
        {
            entries.Clear();
        }
    }

    private static GpioPin Remember(GpioPin pin)
    {
        lock (entries)
        {
            entries.Add(new Entry(pin));
        }

        return pin;
    }

    private static Entry[] Snapshot()
    {
        lock (entries)
        {
            return entries.ToArray();
        }
    }

    private static Entry Get(int pinNumber) => Find(pinNumber) ?? throw new InvalidOperationException();

    private static Entry? Find(int pinNumber)
    {
        lock (entries)
        {
            foreach (Entry entry in entries)
            {
                if (entry.Pin.PinNumber == pinNumber)
                {
                    return entry;
                }
            }

            return null;
        }
    }

    // The natives that take a pin number: they look at the controller first, then search the list.
    private GpioPin Native(int pinNumber)
    {
        PinHardware.CountNative();
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return Get(pinNumber).Pin;
    }

    private void OnValueChanged(object sender, PinValueChangedEventArgs e)
    {
        Entry? entry = Find(e.PinNumber);
        if (entry is not null && (entry.Edges & e.ChangeType) != PinEventTypes.None)
        {
            entry.Callback!(this, new PinValueChangedEventArgs(e.ChangeType, e.PinNumber));
        }
    }

    private sealed class Entry
    {
        internal readonly GpioPin Pin;
        internal PinEventTypes Edges;
        internal PinChangeEventHandler? Callback;

        internal Entry(GpioPin pin) => Pin = pin;
    }
}
