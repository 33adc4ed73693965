// GpioPin: one reserved pin. Behaves as the real one does, its sharp edges included.

namespace System.Device.Gpio;

/// <summary>One pin, open until it is disposed.</summary>
/// <remarks>
/// Every operation but <see cref="PinNumber"/>, <see cref="DebounceTimeout"/> and <see cref="IsPinModeSupported"/>'s answer
/// throws <see cref="ObjectDisposedException"/> on a pin that was closed.
/// </remarks>
public sealed class GpioPin : IDisposable
{
    private readonly object gate = new();
    private PinMode mode = PinMode.Input;
    private TimeSpan debounceTimeout = TimeSpan.Zero;
    private PinValueChangedEventHandler? callbacks;
    private bool isHigh;
    private bool isDisposed;

    private GpioPin(int pinNumber) => PinNumber = pinNumber;

    /// <summary>
    /// Nothing to do: the listener keeps every open pin alive. (On the device a pin object whose reservation failed is
    /// collected, and its finalizer then releases the pin of its rightful owner; the twin does not play that.)
    /// </summary>
    ~GpioPin()
    {
    }

    /// <summary>
    /// Raised on the event dispatcher, for both edges of an input and for every write to an output. Adding and removing a
    /// handler sets the mode anew, which drives an output low.
    /// </summary>
    public event PinValueChangedEventHandler ValueChanged
    {
        add => SetCallbacks(value, isAdded: true);
        remove => SetCallbacks(value, isAdded: false);
    }

    /// <summary>Only stored by the twin: its edges arrive without bounce.</summary>
    public TimeSpan DebounceTimeout
    {
        get => debounceTimeout;
        set
        {
            PinHardware.CountNative();
            debounceTimeout = value;
        }
    }

    public int PinNumber { get; }

    public PinMode GetPinMode()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return mode;
        }
    }

    public bool IsPinModeSupported(PinMode pinMode)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            PinHardware.CountNative();
            return PinHardware.SupportsMode(PinNumber, pinMode);
        }
    }

    /// <summary>Switches the pin; an output drives low right after, whatever it drove before.</summary>
    /// <exception cref="ArgumentException">The pin does not support the mode.</exception>
    public void SetPinMode(PinMode value)
    {
        PinHardware.CountNative();
        SwitchTo(value);
    }

    public PinValue Read()
    {
        PinHardware.CountNative();
        return Sense();
    }

    /// <exception cref="ArgumentException">The pin is an input; the value is not kept.</exception>
    public void Write(PinValue value)
    {
        PinHardware.CountNative();
        Drive((bool)value);
    }

    /// <summary>Inverts an output; does nothing to an input.</summary>
    public void Toggle()
    {
        PinHardware.CountNative();
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (IsOutput(mode))
        {
            Drive(!isHigh);
        }
    }

    /// <summary>Makes the pin an input and releases it. A controller that opened it keeps it in its list.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (!isDisposed)
            {
                PinHardware.CountNative();
                PinListener.Remove(this);
                PinHardware.Release(PinNumber);
                isDisposed = true;
                GC.SuppressFinalize(this);
            }
        }
    }

    /// <exception cref="InvalidOperationException">There is no such pin, or someone has it already.</exception>
    internal static GpioPin Open(int pinNumber)
    {
        PinHardware.CountNative();
        if (!PinHardware.Reserve(pinNumber))
        {
            throw new InvalidOperationException();
        }

        GpioPin pin = new(pinNumber);
        PinListener.Add(pin);
        return pin;
    }

    internal void SwitchTo(PinMode value)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (!PinHardware.SupportsMode(PinNumber, value))
            {
                throw new ArgumentException(null);
            }

            if (IsOutput(value))
            {
                PinHardware.Watch(PinNumber, false);
            }

            PinHardware.Current.SetMode(PinNumber, value);
            mode = value;
            isHigh = false;
            if (IsOutput(value))
            {
                PinHardware.Current.Write(PinNumber, false);
            }
            else
            {
                PinHardware.Watch(PinNumber, callbacks is not null);
            }
        }
    }

    internal PinValue Sense()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return PinHardware.Current.Read(PinNumber);
    }

    internal void Drive(bool high)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (!IsOutput(mode))
            {
                throw new ArgumentException(null);
            }

            PinHardware.Current.Write(PinNumber, high);
            isHigh = high;
            if (callbacks is not null)
            {
                PinHardware.PostChange(PinNumber, high);
            }
        }
    }

    internal void OnChanged(PinEventTypes edge)
    {
        PinValueChangedEventHandler? handlers;
        lock (gate)
        {
            handlers = isDisposed ? null : callbacks;
        }

        handlers?.Invoke(this, new PinValueChangedEventArgs(edge, PinNumber));
    }

    private static bool IsOutput(PinMode mode) => mode >= PinMode.Output;

    private void SetCallbacks(PinValueChangedEventHandler handler, bool isAdded)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            PinValueChangedEventHandler? before = callbacks;
            callbacks = isAdded ? callbacks + handler : callbacks - handler;
            try
            {
                PinHardware.CountNative();
                SwitchTo(mode);
            }
            catch
            {
                callbacks = before;
                throw;
            }
        }
    }
}
