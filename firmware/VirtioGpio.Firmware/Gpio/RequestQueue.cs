// RequestQueue: decodes the driver's requests and writes their responses.
//
// Spec:    VIRTIO "GPIO Device / requestq Operation", its Message Flow among it.
// Trusts:  nothing in the requestq.
// Thread:  the service thread only.
// Memory:  8 bytes at construction, nothing after.

using System;
using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware.Gpio;

/// <summary>
/// Every request is answered: Linux waits without a time limit, in a state that no signal ends. <see cref="AnswerNext"/> carries it out
/// and <see cref="Complete"/> writes the answer, so that an eventq buffer which the request returned can be announced in between: Linux
/// expects it before the answer to IRQ_TYPE_NONE.
/// </summary>
internal sealed class RequestQueue
{
    /// <summary>Whether a request has been taken and its answer is still to be written.</summary>
    internal bool IsOpen;

    /// <summary>What is counted for each line; null: nothing.</summary>
    internal LineCounters Counters;

    // An outcome: ERR, and not known to be about a line.
    private const int NoLine = LineTable.Err - 1;

    private readonly Virtqueue queue;
    private readonly DescriptorChain chain;
    private readonly LineTable lines;
    private readonly TraceRing trace;
    private readonly byte[] namesResponse;
    private readonly byte[] response = new byte[GpioMessages.ResponseSize];
    private readonly int[] request = new int[GpioMessages.RequestWords];
    private bool isNames;
    private int answer;

    internal RequestQueue(Virtqueue queue, DescriptorChain chain, LineTable lines, TraceRing trace, byte[] namesResponse)
    {
        this.queue = queue;
        this.chain = chain;
        this.lines = lines;
        this.trace = trace;
        this.namesResponse = namesResponse;
    }

    /// <summary>Takes the next request and carries it out.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool AnswerNext()
    {
        if (!queue.TakeNext(chain))
        {
            return false;
        }

        IsOpen = true;
        isNames = false;
        int outcome = NoLine;
        try
        {
            chain.Load();
            outcome = Execute();
        }
        catch (Exception)
        {
            trace.Record(Fault.MemoryFailed, chain.Head);
        }

        // "The device MUST set all the fields of the struct virtio_gpio_response before sending it back to the driver."
        answer = outcome < 0 ? Count(outcome) : GpioMessages.StatusOk | outcome << 8;
        return true;
    }

    /// <summary>Returns the request taken last to the driver.</summary>
    /// <returns>Whether it is returned; if not, status or ring changed: poll and try again.</returns>
    internal bool Complete()
    {
        bool isDone;
        try
        {
            int size = chain.Writable < GpioMessages.ResponseSize ? (int)chain.Writable : GpioMessages.ResponseSize;
            isDone = isNames || chain.ReplyLength < (uint)size
                ? PublishBytes(size)
                : queue.Publish(chain.Head, size, chain.ReplyAddress, answer, size);
        }
        catch (Exception)
        {
            trace.Record(Fault.MemoryFailed, chain.Head);
            isDone = queue.Publish(chain.Head, 0, 0, 0, 0);
        }

        IsOpen = !isDone;
        return isDone;
    }

    /// <summary>Forgets the request taken last: its ring is gone.</summary>
    internal void Reset() => IsOpen = false;

    private int Execute()
    {
        if (!chain.IsSound)
        {
            return NoLine;
        }

        if (chain.Readable < GpioMessages.RequestSize)
        {
            return Refuse(Fault.ShortRequest, (int)chain.Readable);
        }

        chain.Read(request, GpioMessages.RequestSize);
        int head = request[GpioMessages.RequestHeadWord];
        int type = head & 0xFFFF;
        if (type == GpioMessages.GetLineNames)
        {
            return ExecuteNames();
        }

        // A response that could not carry the outcome is answered ERR before anything is done.
        return chain.Writable < GpioMessages.ResponseSize
            ? Refuse(Fault.ShortResponse, (int)chain.Writable)
            : lines.Execute(type, (head >> 16) & 0xFFFF, (uint)request[GpioMessages.RequestValueWord]);
    }

    private int ExecuteNames()
    {
        // gpio_names_size 0: the device has no names and does not know the message.
        if (namesResponse.Length == 1)
        {
            return Refuse(Fault.UnknownRequest, GpioMessages.GetLineNames);
        }

        isNames = chain.Writable >= (uint)namesResponse.Length;
        return isNames ? 0 : Refuse(Fault.ShortResponse, (int)chain.Writable);
    }

    private int Refuse(int fault, int detail)
    {
        trace.Record(fault, detail);
        return NoLine;
    }

    private int Count(int outcome)
    {
        if (Counters != null && outcome == LineTable.Err)
        {
            Counters.Refuse((request[GpioMessages.RequestHeadWord] >> 16) & 0xFFFF);
        }

        return GpioMessages.StatusErr;
    }

    // A reply that is not one small number in one piece.
    private bool PublishBytes(int size)
    {
        byte[] bytes = isNames ? namesResponse : response;
        int count = isNames ? namesResponse.Length : size;
        if (!isNames)
        {
            response[0] = (byte)answer;
            response[1] = (byte)(answer >> 8);
        }

        return queue.Write(chain, bytes, count) && queue.Publish(chain.Head, count, 0, 0, 0);
    }
}
