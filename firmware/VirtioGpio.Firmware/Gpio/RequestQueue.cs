// RequestQueue: decodes the driver's requests and writes their responses.
//
// Spec:    VIRTIO "GPIO Device / requestq Operation", its Message Flow among it.
// Trusts:  nothing in the requestq.
// Thread:  the service thread only.
// Memory:  8 bytes at construction, nothing after.

using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware.Gpio;

/// <summary>
/// Every request is answered: Linux waits without a time limit, in a state that no signal ends. The answer is written by
/// <see cref="AnswerNext"/> and made visible by <see cref="Complete"/>, so that an eventq buffer which the request sent back
/// can be announced in between: Linux expects it before the answer to IRQ_TYPE_NONE.
/// </summary>
public sealed class RequestQueue
{
    private readonly Virtqueue queue;
    private readonly DescriptorChain chain;
    private readonly LineTable lines;
    private readonly TraceRing trace;
    private readonly byte[] namesResponse;
    private readonly int[] request = new int[GpioMessages.RequestWords];
    private int written;
    private bool isOpen;

    internal RequestQueue(Virtqueue queue, DescriptorChain chain, LineTable lines, TraceRing trace, byte[] namesResponse)
    {
        this.queue = queue;
        this.chain = chain;
        this.lines = lines;
        this.trace = trace;
        this.namesResponse = namesResponse;
    }

    /// <summary>Takes the next request, carries it out and writes its response.</summary>
    /// <returns>Whether there was one.</returns>
    public bool AnswerNext()
    {
        if (!queue.TakeNext(chain))
        {
            return false;
        }

        isOpen = true;
        written = 0;
        written = chain.Writable == 0 ? Refuse(Fault.ShortResponse, 0) : Answer();
        return true;
    }

    /// <summary>Gives the request taken last back to the driver; nothing happens if it was given back already.</summary>
    public void Complete()
    {
        if (isOpen)
        {
            isOpen = false;
            queue.Complete(chain.Head, written);
        }
    }

    /// <summary>Forgets the request taken last: its ring is gone.</summary>
    public void Forget() => isOpen = false;

    private int Answer()
    {
        if (!chain.IsSound)
        {
            return Respond(LineTable.Err);
        }

        if (chain.Readable < GpioMessages.RequestSize)
        {
            return Err(Fault.ShortRequest, chain.Readable);
        }

        chain.ReadWords(request, GpioMessages.RequestWords);
        int head = request[GpioMessages.RequestHeadWord];
        int type = head & 0xFFFF;
        if (type == GpioMessages.GetLineNames)
        {
            return AnswerNames();
        }

        // A response that could not carry the outcome is refused before anything is done.
        if (chain.Writable < GpioMessages.ResponseSize)
        {
            return Err(Fault.ShortResponse, chain.Writable);
        }

        return Respond(lines.Execute(type, (head >> 16) & 0xFFFF, (uint)request[GpioMessages.RequestValueWord]));
    }

    private int AnswerNames()
    {
        // gpio_names_size 0: the device has no names and does not know the message.
        if (namesResponse.Length == 1)
        {
            return Err(Fault.UnknownRequest, GpioMessages.GetLineNames);
        }

        if (chain.Writable < namesResponse.Length)
        {
            return Err(Fault.ShortResponse, chain.Writable);
        }

        chain.Write(namesResponse, namesResponse.Length);
        return namesResponse.Length;
    }

    private int Err(int fault, int detail)
    {
        trace.Record(fault, detail);
        return Respond(LineTable.Err);
    }

    private int Refuse(int fault, int detail)
    {
        trace.Record(fault, detail);
        return 0;
    }

    // "The device MUST set all the fields of the struct virtio_gpio_response before sending it back to the driver."
    private int Respond(int outcome)
    {
        int size = chain.Writable < GpioMessages.ResponseSize ? chain.Writable : GpioMessages.ResponseSize;
        chain.Store(outcome < 0 ? GpioMessages.StatusErr : GpioMessages.StatusOk | outcome << 8, size);
        return size;
    }
}
