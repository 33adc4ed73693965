// Vdev.Bind: what Linux wrote into the table, judged, and the rings taken.
//
// Spec:    Linux, drivers/remoteproc/remoteproc_virtio.c: rproc_virtio_finalize_features, rp_find_vq, rproc_virtio_set_status.
// Trusts:  nothing that Linux writes, and not that what it wrote first is visible first.
// Thread:  the service thread only.
// Memory:  nothing.

using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware.Remoteproc;

/// <content>From DRIVER_OK to rings that can be served.</content>
internal sealed partial class Vdev
{
    private int Bind()
    {
        bool isOurs = table.Read();
        int status = table.Found(entry + ResourceTableLayout.Status) & ResourceTableLayout.StatusBits;
        if (!IsDriverOk(status))
        {
            return Unbound;
        }

        if (!isOurs && !isTakedown)
        {
            judgements = 1;
            return Foreign;
        }

        int count = Judge();
        if (count == 0)
        {
            return Reject();
        }

        ToAdopt = 0;
        for (int ring = 0; ring < count; ring++)
        {
            SetRing(ring, status);
        }

        MayAdopt &= ToAdopt != 0;
        buffers.SetRings(queues, count);
        rings = count;
        numbers = 1 + count * NumbersPerRing;
        judgements = 0;
        isSettled = false;
        unseen = count == ResourceTableLayout.RingCount ? -1 : ~SecondRingChanges;
        return Started;
    }

    /// <summary>
    /// Takes the rings of the driver that has <see cref="Started"/>, but those that are to be adopted. The canary says whose state the
    /// lines are in, so they are made ready for this driver before.
    /// </summary>
    /// <returns>Whether they are taken; if not, the driver has reset the device.</returns>
    internal bool TakeRings()
    {
        for (int ring = 0; ring < rings; ring++)
        {
            if ((ToAdopt & 1 << ring) == 0 && !queues[ring].Start())
            {
                rings = 0;
                return false;
            }
        }

        MayAdopt = false;
        return true;
    }

    private void SetRing(int ring, int status)
    {
        Virtqueue queue = queues[ring];
        notifyIds[ring] = RingWord(ring, ResourceTableLayout.RingNotifyId);
        places[ring] = RingWord(ring, 0);
        queue.SetRing(queue.Locate((uint)places[ring]), NegotiatedFeatures, addresses[StatusNumber]);
        queue.SetStatus(status);
        addresses[ring * NumbersPerRing + IndexNumber] = queue.IndexAddress;
        addresses[ring * NumbersPerRing + CanaryNumber] = queue.CanaryAddress;
        ToAdopt |= MayAdopt && queue.WasTaken ? 1 << ring : 0;
    }

    // When a chain is available, what Linux wrote into the table before is final; it may not have been when the rings were taken, or a
    // driver may have been replaced by another between that look at the table and the store of the canary.
    private bool IsAsTaken()
    {
        table.Read();
        bool isSame = table.Found(entry + ResourceTableLayout.DriverFeatures) == NegotiatedFeatures;
        for (int ring = 0; ring < rings; ring++)
        {
            isSame &= RingWord(ring, 0) == places[ring] && RingWord(ring, ResourceTableLayout.RingNotifyId) == notifyIds[ring];
        }

        return isSame;
    }

    // Returns how many rings the driver uses; 0: not as it must be.
    private int Judge()
    {
        NegotiatedFeatures = table.Found(entry + ResourceTableLayout.DriverFeatures);
        int count = (NegotiatedFeatures & secondRingFeature) != 0 ? ResourceTableLayout.RingCount : 1;
        if ((NegotiatedFeatures & ~features) != 0)
        {
            count = 0;
        }

        for (int ring = 0; ring < count; ring++)
        {
            if (queues[ring].Locate((uint)RingWord(ring, 0)) == 0
                || RingWord(ring, ResourceTableLayout.RingSize) != queues[ring].Size
                || RingWord(ring, ResourceTableLayout.RingAlign) != queues[ring].Align
                || (uint)RingWord(ring, ResourceTableLayout.RingNotifyId) > ResourceTableLayout.LargestNotifyId)
            {
                return 0;
            }
        }

        return count < ResourceTableLayout.RingCount || AreApart() ? count : 0;
    }

    // Both may lie in one region. The distance is counted round the 32-bit addresses, from either ring to the other.
    private bool AreApart()
    {
        uint distance = second.Locate((uint)RingWord(1, 0)) - first.Locate((uint)RingWord(0, 0));
        return distance >= first.Bytes && 0 - distance >= second.Bytes;
    }

    // Linux writes DRIVER_OK after features and ring addresses, by plain stores: they may become visible later than it.
    private int Reject()
    {
        if (judgements > MostJudgements)
        {
            return Unbound;
        }

        if (++judgements < MostJudgements)
        {
            return Undecided;
        }

        judgements++;
        bool isOffered = (NegotiatedFeatures & ~features) == 0;
        trace.Record(isOffered ? Fault.RingOutsideRegion : Fault.FeaturesNotOffered, isOffered ? RingWord(0, 0) : NegotiatedFeatures);
        return Rejected;
    }

    private int RingWord(int ring, int at) => table.Found(ResourceTableLayout.RingAt(entry, ring) + at);
}
