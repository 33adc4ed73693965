// CustomEvent: the category for events of one's own, without a processor or listener of one's own.

using System;

namespace nanoFramework.Runtime.Events;

public delegate void CustomEventPostedEventHandler(object sender, CustomEventArgs e);

public class CustomEventArgs : EventArgs
{
    internal CustomEventArgs(ushort data1, uint data2)
    {
        Data1 = data1;
        Data2 = data2;
    }

    public ushort Data1 { get; }

    public uint Data2 { get; }
}

public static class CustomEvent
{
    static CustomEvent()
    {
        Plumbing plumbing = new();
        EventSink.AddEventProcessor(EventCategory.Custom, plumbing);
        EventSink.AddEventListener(EventCategory.Custom, plumbing);
    }

    /// <summary>Raised on the dispatcher; without a subscriber the dispatch dies of a NullReferenceException, as on the device.</summary>
    public static event CustomEventPostedEventHandler? CustomEventPosted;

    private sealed class Posted : BaseEvent
    {
        internal ushort Data1;
        internal uint Data2;
    }

    private sealed class Plumbing : IEventProcessor, IEventListener
    {
        public void InitializeForEventSource()
        {
        }

        public BaseEvent ProcessEvent(uint data1, uint data2, DateTime time)
        {
            return new Posted { Data1 = (ushort)(data1 >> 16), Data2 = data2 };
        }

        public bool OnEvent(BaseEvent ev)
        {
            if (ev is Posted posted)
            {
                CustomEventPosted!(null!, new CustomEventArgs(posted.Data1, posted.Data2));
            }

            return true;
        }
    }
}
