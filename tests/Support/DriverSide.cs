// DriverSide: plays Linux's half: the remoteproc core's writes into the resource table, and the gpio-virtio driver's requests.
//
// Spec:    VIRTIO "GPIO Device"; Linux 6.12: remoteproc_core.c, remoteproc_virtio.c, gpio-virtio.c.
// Trusts:  the test.
// Thread:  the test's.
// Memory:  a slot of 256 bytes of DDR for each descriptor, so no two buffers share a byte.

using System;

namespace VirtioGpio.Tests.Support;

/// <summary>The driver. A request turns the firmware until it is answered, for a bounded number of turns.</summary>
public sealed class DriverSide
{
    /// <summary>VIRTIO_GPIO_F_IRQ.</summary>
    public const int FeatureIrq = 1;

    /// <summary>DRIVER_OK with what comes before it.</summary>
    public const int DriverOk = 7;

    /// <summary>Bytes of DDR for each descriptor.</summary>
    public const int SlotSize = 256;

    private const int StatusAt = 24;
    private const int MostTurns = 4;
    private const int PageSize = 0x1000;
    private const int RingPageCount = 16;

    private readonly TestBoard board;
    private readonly bool isPool;
    private int nextPage;
    private int nextDescriptor;
    private int requestsHeard;
    private int eventsHeard;
    private bool isTakingRequests;
    private bool isTakingEvents;

    internal DriverSide(TestBoard board, int ringSize, int ringAlign)
    {
        this.board = board;
        isPool = board.Wiring.RingPages >= 0;
        byte[] memory = isPool ? board.Dram : board.Sram;
        Requests = new DriverRing(memory, isPool ? 0 : IndexOf(board.Description.RequestRingAddress), ringSize, ringAlign);
        Events = new DriverRing(memory, isPool ? 0 : IndexOf(board.Description.EventRingAddress), ringSize, ringAlign);
        PlaceRings();
    }

    /// <summary>The requestq.</summary>
    public DriverRing Requests { get; }

    /// <summary>The eventq.</summary>
    public DriverRing Events { get; }

    /// <summary>Whether the mailbox loses every kick: the firmware then finds buffers by its own looks only.</summary>
    public bool LosesKicks { get; set; }

    /// <summary>
    /// Whether the driver looks into a used ring only when its doorbell has rung, and then until it is empty, as Linux does. False: it
    /// looks whenever it is asked.
    /// </summary>
    public bool WaitsForDoorbell { get; set; } = true;

    /// <summary>Status byte and value of the last answer; -1 where the answer had no such byte.</summary>
    public int Status { get; private set; }

    /// <summary>Value byte of the last answer.</summary>
    public int Value { get; private set; }

    /// <summary>Used length of the last answer; -1 if none came.</summary>
    public int Length { get; private set; }

    /// <summary>The device status in the table.</summary>
    public int DeviceStatus
    {
        get => board.Sram[IndexOf(board.Description.TableAddress) + DeviceAt + StatusAt];
        set => board.Sram[IndexOf(board.Description.TableAddress) + DeviceAt + StatusAt] = (byte)value;
    }

    // The device's entry is the first; the table has an offset for each.
    private int DeviceAt => board.Description.TraceAddress == 0 ? 20 : 24;

    /// <summary>Attaches and probes in the order that Linux was seen to keep.</summary>
    /// <param name="features">The features accepted.</param>
    public void Probe(int features = FeatureIrq)
    {
        PutTable(DeviceAt + 28 + 12, (uint)board.Wiring.RequestNotifyId);
        PutTable(DeviceAt + 48 + 12, (uint)board.Wiring.EventNotifyId);
        DeviceStatus = 0;
        DeviceStatus = 1;
        DeviceStatus = 3;
        PutTable(DeviceAt + 16, (uint)features);
        PlaceRings();
        Requests.Clear();
        PutTable(DeviceAt + 28, DeviceAddress(Requests));
        if ((features & FeatureIrq) != 0)
        {
            Events.Clear();
            PutTable(DeviceAt + 48, DeviceAddress(Events));
        }

        nextDescriptor = 0;
        DeviceStatus = DriverOk;
    }

    /// <summary>Probes and lets the firmware see it.</summary>
    public void ProbeAndTurn(int features = FeatureIrq)
    {
        Probe(features);
        board.Turn();
    }

    /// <summary>The address by which Linux names a ring in the resource table.</summary>
    public uint DeviceAddress(DriverRing ring) =>
        isPool ? (uint)board.CpuAddress(ring.Start) : board.Wiring.SramAddress + (uint)ring.Start;

    /// <summary>Writes a word of the resource table.</summary>
    public void PutTable(int at, uint word)
    {
        for (int i = 0; i < 4; i++)
        {
            board.Sram[IndexOf(board.Description.TableAddress) + at + i] = (byte)(word >> (8 * i));
        }
    }

    /// <summary>Sends a request as Linux does and takes its answer.</summary>
    /// <returns>The answer's value, or -1: not OK, or none at all.</returns>
    public int Request(int type, int line, uint value = 0)
    {
        int head = Send(type, line, value, 8, 2);
        Answer(head);
        return Length == 2 && Status == 0 ? Value : -1;
    }

    /// <summary>Sends a request of the given sizes; the answer's buffer is filled with 0xEE before.</summary>
    /// <returns>The chain's head.</returns>
    public int Send(int type, int line, uint value, int requestSize, int responseSize)
    {
        int head = TakeDescriptors(2);
        FillRequest(head, type, line, value);
        Requests.Describe(head, SlotAddress(head), (uint)requestSize, DriverRing.Next, head + 1);
        Requests.Describe(head + 1, SlotAddress(head + 1), (uint)responseSize, DriverRing.Write, 0);
        if (requestSize == 0)
        {
            Requests.Describe(head, SlotAddress(head + 1), (uint)responseSize, DriverRing.Write, 0);
        }
        else if (responseSize == 0)
        {
            Requests.Describe(head, SlotAddress(head), (uint)requestSize, 0, 0);
        }

        Requests.Offer(head);
        Kick(board.Wiring.RequestNotifyId);
        return head;
    }

    /// <summary>Puts a request's bytes into a descriptor's slot, and 0xEE into the next one's.</summary>
    public void FillRequest(int descriptor, int type, int line, uint value)
    {
        byte[] bytes =
        {
            (byte)type, (byte)(type >> 8), (byte)line, (byte)(line >> 8),
            (byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24),
        };
        Array.Copy(bytes, 0, board.Dram, SlotOf(descriptor), bytes.Length);
        for (int i = 0; i < SlotSize; i++)
        {
            board.Dram[SlotOf(descriptor + 1) + i] = 0xEE;
        }
    }

    /// <summary>Turns the firmware until the requestq has a used element, and reads the answer in the slot behind its head.</summary>
    public void Answer(int head)
    {
        Length = -1;
        Status = -1;
        Value = -1;
        for (int turn = 0; turn < MostTurns; turn++)
        {
            board.Turn();
            if ((isTakingRequests || !WaitsForDoorbell) && Requests.TakeUsed(out int used, out int length))
            {
                if (used != head)
                {
                    throw new InvalidOperationException("used id " + used.ToString() + ", offered " + head.ToString());
                }

                Length = length;
                Status = length > 0 ? board.Dram[SlotOf(head + 1)] : -1;
                Value = length > 1 ? board.Dram[SlotOf(head + 1) + 1] : -1;
                isTakingRequests = Requests.HasUsed;
                return;
            }
        }
    }

    /// <summary>Unmasks a line's interrupt: queues its pair of buffers on the eventq.</summary>
    public void Unmask(int line)
    {
        OfferEvent(line, line, 2, 1);
        board.Turn();
    }

    /// <summary>Queues an event buffer for a line in the descriptors of a place (0 to ring size / 2 - 1).</summary>
    public void OfferEvent(int place, int line, int requestSize, int responseSize)
    {
        int head = 2 * place;
        int slot = EventSlotOf(head);
        board.Dram[slot] = (byte)line;
        board.Dram[slot + 1] = (byte)(line >> 8);
        board.Dram[EventSlotOf(head + 1)] = 0xEE;
        Events.Describe(head, board.CpuAddress(slot), (uint)requestSize, DriverRing.Next, head + 1);
        Events.Describe(head + 1, board.CpuAddress(EventSlotOf(head + 1)), (uint)responseSize, DriverRing.Write, 0);
        if (responseSize == 0)
        {
            Events.Describe(head, board.CpuAddress(slot), (uint)requestSize, 0, 0);
        }

        Events.Offer(head);
        Kick(board.Wiring.EventNotifyId);
    }

    // Linux's search for free pages goes on where the last one stopped.
    private void PlaceRings()
    {
        if (!isPool)
        {
            return;
        }

        Requests.MoveTo(board.Wiring.RingPages + PageSize * (nextPage % RingPageCount));
        Events.MoveTo(board.Wiring.RingPages + PageSize * ((nextPage + 1) % RingPageCount));
        nextPage += 2;
    }

    private int IndexOf(uint address) => (int)(address - board.Wiring.SramAddress);

    private void Kick(int notifyId)
    {
        if (!LosesKicks)
        {
            board.RingCore(notifyId);
        }
    }

    /// <summary>Takes the next event.</summary>
    /// <returns><c>place &lt;&lt; 8 | status</c>; -1 if there is none; -2 if its used length is not 1.</returns>
    public int TakeEvent()
    {
        if (!(isTakingEvents || !WaitsForDoorbell) || !Events.TakeUsed(out int head, out int length))
        {
            isTakingEvents = false;
            return -1;
        }

        return length == 1 ? (head / 2) << 8 | board.Dram[EventSlotOf(head + 1)] : -2;
    }

    /// <summary>Hears the doorbells that rang since the last call: one that rings while the used ring is empty is over.</summary>
    internal void Hear()
    {
        int rung = board.Notifications(board.Wiring.RequestNotifyId);
        isTakingRequests |= rung != requestsHeard && Requests.HasUsed;
        requestsHeard = rung;
        rung = board.Notifications(board.Wiring.EventNotifyId);
        isTakingEvents |= rung != eventsHeard && Events.HasUsed;
        eventsHeard = rung;
    }

    /// <summary>Takes neighbouring descriptors of the requestq; all that were answered are free again.</summary>
    public int TakeDescriptors(int count)
    {
        if (nextDescriptor + count > Requests.Size)
        {
            nextDescriptor = 0;
        }

        int first = nextDescriptor;
        nextDescriptor += count;
        return first;
    }

    /// <summary>The bytes from an index of DDR on, each a character; a zero is shown as '|', for strings of the device end at one.</summary>
    public string TextAt(int index, int count)
    {
        char[] text = new char[count];
        for (int i = 0; i < count; i++)
        {
            text[i] = board.Dram[index + i] == 0 ? '|' : (char)board.Dram[index + i];
        }

        return new string(text);
    }

    /// <summary>Index in DDR of a requestq descriptor's slot.</summary>
    public int SlotOf(int descriptor) => descriptor * SlotSize;

    /// <summary>The application CPU's address of a requestq descriptor's slot.</summary>
    public ulong SlotAddress(int descriptor) => board.CpuAddress(SlotOf(descriptor));

    /// <summary>Index in DDR of an eventq descriptor's slot.</summary>
    public int EventSlotOf(int descriptor) => (Requests.Size + 1 + descriptor) * SlotSize;
}
