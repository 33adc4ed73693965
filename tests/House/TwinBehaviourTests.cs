// The twins behave as the device's assemblies do, their sharp edges included, or what passes here would fail there.

using System;
using System.Collections.Generic;
using System.Device.Gpio;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using nanoFramework.Runtime.Events;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class TwinBehaviourTests
{
    private const int Pin = 3;

    private readonly FakePins hardware = new();
    private readonly GpioController controller = new();
    private readonly List<PinEventTypes> edges = [];

    public TwinBehaviourTests() => PinHardware.Current = hardware;

    [TestCleanup]
    public void ForgetPins() => PinHardware.Reset();

    [TestMethod]
    public void OpenPin_AlreadyOpen_ThrowsInvalidOperation()
    {
        controller.OpenPin(Pin);
        Assert.ThrowsExactly<InvalidOperationException>(() => new GpioController().OpenPin(Pin));
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(FakePins.Count)]
    public void OpenPin_NoSuchPin_ThrowsInvalidOperation(int pin)
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => controller.OpenPin(pin));
    }

    [TestMethod]
    public void OpenPin_UnsupportedMode_StaysReservedAndCannotBeClosed()
    {
        Assert.ThrowsExactly<ArgumentException>(() => controller.OpenPin(Pin, PinMode.OutputOpenSource));
        Assert.IsTrue(controller.IsPinOpen(Pin));
        Assert.ThrowsExactly<InvalidOperationException>(() => controller.ClosePin(Pin));
    }

    [TestMethod]
    public void ClosePin_Open_CanBeOpenedAgainAndOldObjectIsDisposed()
    {
        GpioPin old = controller.OpenPin(Pin, PinMode.Output);
        controller.ClosePin(Pin);
        Assert.AreEqual(PinMode.Input, hardware.Modes[Pin]);
        Assert.ThrowsExactly<ObjectDisposedException>(() => old.Read());
        controller.OpenPin(Pin);
    }

    [TestMethod]
    public void Pin_NotOpened_ThrowsInvalidOperation()
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => controller.Read(Pin));
        Assert.ThrowsExactly<InvalidOperationException>(() => controller.Write(Pin, 1));
        Assert.ThrowsExactly<InvalidOperationException>(() => controller.SetPinMode(Pin, PinMode.Input));
        Assert.ThrowsExactly<InvalidOperationException>(() => controller.GetPinMode(Pin));
        Assert.ThrowsExactly<InvalidOperationException>(() => Register(PinEventTypes.Rising));
        controller.UnregisterCallbackForPinValueChangedEvent(Pin, Note);
    }

    [TestMethod]
    public void SetPinMode_OutputThatIsHigh_DrivesLow()
    {
        GpioPin pin = controller.OpenPin(Pin, PinMode.Output);
        pin.Write(PinValue.High);
        pin.SetPinMode(PinMode.Output);
        Assert.IsFalse(hardware.Levels[Pin]);
    }

    [TestMethod]
    public void ValueChanged_AddedToHighOutput_DrivesLow()
    {
        GpioPin pin = controller.OpenPin(Pin, PinMode.Output);
        pin.Write(PinValue.High);
        pin.ValueChanged += Note;
        Assert.IsFalse(hardware.Levels[Pin]);
    }

    [TestMethod]
    public void Write_Input_ThrowsArgumentAndKeepsNothing()
    {
        GpioPin pin = controller.OpenPin(Pin, PinMode.InputPullUp);
        Assert.ThrowsExactly<ArgumentException>(() => pin.Write(PinValue.High));
        pin.SetPinMode(PinMode.Output);
        Assert.IsFalse(hardware.Levels[Pin]);
    }

    [TestMethod]
    public void Toggle_OutputAndInput_InvertsOutputAlone()
    {
        GpioPin pin = controller.OpenPin(Pin, PinMode.Output);
        pin.Toggle();
        Assert.AreEqual(PinValue.High, pin.Read());
        pin.SetPinMode(PinMode.Input);
        pin.Toggle();
        Assert.IsTrue(hardware.Levels[Pin]);
    }

    [TestMethod]
    public void Edge_BothRegistered_AlternateInOrder()
    {
        OpenAndRegister(PinEventTypes.Rising | PinEventTypes.Falling);
        Drive(true, false, true);
        CollectionAssert.AreEqual(new[] { PinEventTypes.Rising, PinEventTypes.Falling, PinEventTypes.Rising }, edges);
    }

    [TestMethod]
    public void Edge_RisingRegistered_FallingIsFilteredAfterTheInterrupt()
    {
        OpenAndRegister(PinEventTypes.Rising);
        hardware.Drive(Pin, true);
        hardware.Drive(Pin, false);
        Assert.AreEqual(2, EventRing.Pending);
        EventRing.Pump();
        CollectionAssert.AreEqual(new[] { PinEventTypes.Rising }, edges);
    }

    [TestMethod]
    public void Edge_RegisteredTwice_IsDeliveredTwice()
    {
        OpenAndRegister(PinEventTypes.Rising);
        Register(PinEventTypes.Rising);
        Drive(true);
        Assert.HasCount(2, edges);
    }

    [TestMethod]
    public void Edge_Unregistered_IsNotWatched()
    {
        OpenAndRegister(PinEventTypes.Rising);
        controller.UnregisterCallbackForPinValueChangedEvent(Pin, (_, _) => { });
        Assert.IsFalse(hardware.Watched[Pin]);
        Drive(true);
        Assert.IsEmpty(edges);
    }

    [TestMethod]
    public void Edge_LevelAlreadySeen_IsNoEvent()
    {
        OpenAndRegister(PinEventTypes.Rising);
        PinHardware.PinChanged(Pin, true);
        PinHardware.PinChanged(Pin, true);
        Assert.AreEqual(1, EventRing.Pending);
    }

    [TestMethod]
    public void Write_OutputWithHandler_PostsAnEventEachTime()
    {
        GpioPin pin = controller.OpenPin(Pin, PinMode.Output);
        pin.ValueChanged += Note;
        pin.Write(PinValue.High);
        pin.Write(PinValue.High);
        EventRing.Pump();
        CollectionAssert.AreEqual(new[] { PinEventTypes.Rising, PinEventTypes.Rising }, edges);
    }

    [TestMethod]
    public void Dispose_OneController_ClosesAllPinsAndKeepsThemListed()
    {
        GpioPin pin = controller.OpenPin(Pin);
        new GpioController().Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => pin.Read());
        controller.OpenPin(Pin);
        Assert.ThrowsExactly<ObjectDisposedException>(() => controller.Read(Pin));
    }

    [TestMethod]
    public void NativeCalls_EachOperation_AreCounted()
    {
        GpioPin pin = controller.OpenPin(Pin, PinMode.Output);
        Assert.AreEqual(2, PinHardware.NativeCalls);
        pin.Write(PinValue.High);
        pin.Read();
        controller.Write(Pin, PinValue.Low);
        controller.Read(Pin);
        pin.GetPinMode();
        Assert.AreEqual(6, PinHardware.NativeCalls);
    }

    [TestMethod]
    public void Read_ManyTimes_AllocatesNothing()
    {
        GpioPin pin = controller.OpenPin(Pin);
        pin.Read();
        controller.Read(Pin);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            pin.Read();
            controller.Read(Pin);
        }

        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [TestMethod]
    public void Reset_OpenPins_ClosesThemAndForgetsEvents()
    {
        OpenAndRegister(PinEventTypes.Rising);
        hardware.Drive(Pin, true);
        PinHardware.Reset();
        EventRing.Pump();
        Assert.IsEmpty(edges);
        Assert.AreEqual(0, PinHardware.NativeCalls);
        Assert.IsFalse(controller.IsPinOpen(Pin));
    }

    [TestMethod]
    public void Ring_OneRecordTooMany_DropsTheOldest()
    {
        List<uint> seen = [];
        CustomEventPostedEventHandler note = (_, e) => seen.Add(e.Data2);
        CustomEvent.CustomEventPosted += note;
        for (uint i = 0; i <= EventRing.Capacity; i++)
        {
            EventRing.Post((byte)EventCategory.Custom, 0, 0, i);
        }

        EventRing.Pump();
        CustomEvent.CustomEventPosted -= note;
        Assert.HasCount(EventRing.Capacity, seen);
        Assert.AreEqual(1u, seen[0]);
        Assert.AreEqual(1, EventRing.Dropped);
    }

    [TestMethod]
    public void Handler_Throws_NextEventStillComes()
    {
        EventRing.Post((byte)EventCategory.Custom, 0, 0, 0);
        OpenAndRegister(PinEventTypes.Rising);
        Drive(true);
        Assert.IsInstanceOfType<NullReferenceException>(EventRing.LastFault);
        Assert.HasCount(1, edges);
    }

    [TestMethod]
    public void Event_PostedByHandler_StartsAfterTheHandlerReturned()
    {
        List<string> order = [];
        CustomEventPostedEventHandler note = (_, e) =>
        {
            order.Add("begin " + e.Data1);
            if (e.Data1 == 0)
            {
                EventRing.Post((byte)EventCategory.Custom, 0, 1, 0);
                EventRing.Pump();
            }

            order.Add("end " + e.Data1);
        };
        CustomEvent.CustomEventPosted += note;
        EventRing.Post((byte)EventCategory.Custom, 0, 0, 0);
        EventRing.Pump();
        CustomEvent.CustomEventPosted -= note;
        CollectionAssert.AreEqual(new[] { "begin 0", "end 0", "begin 1", "end 1" }, order);
    }

    [TestMethod]
    public void PostManagedEvent_NoProcessor_IsSynchronousAndLosesData2()
    {
        Listener listener = new();
        EventSink.AddEventListener((EventCategory)200, listener);
        EventSink.PostManagedEvent(200, 7, 0x1234, 99);
        EventSink.RemoveEventListener((EventCategory)200, listener);
        GenericEvent ev = (GenericEvent)listener.Last!;
        Assert.AreEqual((200, 7, 0x1234u), (ev.Category, ev.Message, ev.Data));
    }

    [TestMethod]
    public void Dispatcher_UnknownDriver_ThrowsPlainException()
    {
        Assert.ThrowsExactly<Exception>(() => new NativeEventDispatcher("NoSuchDriver", 0));
    }

    private void OpenAndRegister(PinEventTypes types)
    {
        controller.OpenPin(Pin, PinMode.Input);
        Register(types);
    }

    private void Register(PinEventTypes types) => controller.RegisterCallbackForPinValueChangedEvent(Pin, types, Note);

    private void Note(object sender, PinValueChangedEventArgs e) => edges.Add(e.ChangeType);

    private void Drive(params bool[] levels)
    {
        foreach (bool level in levels)
        {
            hardware.Drive(Pin, level);
            EventRing.Pump();
        }
    }

    private sealed class Listener : IEventListener
    {
        internal BaseEvent? Last { get; private set; }

        public void InitializeForEventSource()
        {
        }

        public bool OnEvent(BaseEvent ev)
        {
            Last = ev;
            return true;
        }
    }

    /// <summary>Pins of plain arrays.</summary>
    private sealed class FakePins : IPinHardware
    {
        internal const int Count = 8;

        internal readonly bool[] Levels = new bool[Count];
        internal readonly bool[] Watched = new bool[Count];
        internal readonly PinMode[] Modes = new PinMode[Count];

        public int PinCount => Count;

        public bool SupportsMode(int pin, PinMode mode) => mode <= PinMode.OutputOpenDrain;

        public void SetMode(int pin, PinMode mode) => Modes[pin] = mode;

        public bool Read(int pin) => Levels[pin];

        public void Write(int pin, bool high) => Levels[pin] = high;

        public void WatchEdges(int pin, bool on) => Watched[pin] = on;

        internal void Drive(int pin, bool high)
        {
            Levels[pin] = high;
            if (Watched[pin])
            {
                PinHardware.PinChanged(pin, high);
            }
        }
    }
}
