// NativeEventDispatcher: the managed end of a driver that interrupts. The twin has one driver, "EventSink".

using System;
using System.Runtime.CompilerServices;

namespace nanoFramework.Runtime.Events;

public delegate void NativeEventHandler(uint data1, uint data2, DateTime time);

public class NativeEventDispatcher : IDisposable
{
    protected NativeEventHandler? threadSpawn;
    protected NativeEventHandler? callbacks;
    protected bool disposed;

    private bool isEnabled;

    /// <exception cref="Exception">There is no driver of that name.</exception>
    public NativeEventDispatcher(string driverName, ulong driverData)
    {
        if (driverName != EventSink.DriverName)
        {
            throw new Exception();
        }
    }

    ~NativeEventDispatcher() => Dispose(false);

    public event NativeEventHandler OnInterrupt
    {
        [MethodImpl(MethodImplOptions.Synchronized)]
        add => Add(value);
        [MethodImpl(MethodImplOptions.Synchronized)]
        remove => Remove(value);
    }

    public virtual void EnableInterrupt() => isEnabled = true;

    public virtual void DisableInterrupt() => isEnabled = false;

    [MethodImpl(MethodImplOptions.Synchronized)]
    public void Dispose()
    {
        if (!disposed)
        {
            Dispose(true);
            GC.SuppressFinalize(this);
            disposed = true;
        }
    }

    protected virtual void Dispose(bool disposing) => isEnabled = false;

    /// <summary>The driver interrupts.</summary>
    internal void Raise(uint data1, uint data2, DateTime time)
    {
        if (isEnabled)
        {
            threadSpawn?.Invoke(data1, data2, time);
        }
    }

    private void Add(NativeEventHandler handler)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (callbacks is null)
        {
            EnableInterrupt();
        }

        callbacks += handler;
        threadSpawn = callbacks.Equals(handler) ? callbacks : CallAll;
    }

    private void Remove(NativeEventHandler handler)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        bool hadHandlers = callbacks is not null;
        callbacks -= handler;
        if (hadHandlers && callbacks is null)
        {
            DisableInterrupt();
        }
    }

    private void CallAll(uint data1, uint data2, DateTime time) => callbacks?.Invoke(data1, data2, time);
}
