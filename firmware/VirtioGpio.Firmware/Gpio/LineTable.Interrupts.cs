// LineTable.Interrupts: the requests that enable and disable a line's interrupt.
//
// Spec:    VIRTIO "GPIO Device / requestq Operation / Set IRQ Type".
// Trusts:  nothing about the value; IPins may fail or throw.
// Thread:  the service thread only.
// Memory:  nothing.

using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware.Gpio;

/// <content>SET_IRQ_TYPE.</content>
internal sealed partial class LineTable
{
    private int SetIrqType(int line, uint type)
    {
        // "This request is allowed only if the VIRTIO_GPIO_F_IRQ feature has been negotiated."
        if (!hasIrq)
        {
            return Refuse(Fault.IrqNotNegotiated, line);
        }

        if (policies != null && !MaySetIrqType(line, type))
        {
            return Refuse(Fault.Forbidden, line);
        }

        switch (type)
        {
            case GpioMessages.IrqTypeNone:
                return events.Disable(line) ? Ok : Refuse(Fault.PinFailed, line);
            case GpioMessages.IrqTypeEdgeRising:
            case GpioMessages.IrqTypeEdgeFalling:
            case GpioMessages.IrqTypeEdgeBoth:
            case GpioMessages.IrqTypeLevelHigh:
            case GpioMessages.IrqTypeLevelLow:
                return EnableIrq(line, (int)type);
            default:
                return Refuse(Fault.WrongValue, (int)type);
        }
    }

    private int EnableIrq(int line, int type)
    {
        int outcome = TryEnableIrq(line, type);
        if (state != null)
        {
            state.Store(line);
        }

        return outcome;
    }

    private int TryEnableIrq(int line, int type)
    {
        if (directions[line] == GpioMessages.DirectionOut)
        {
            return EnableIrqOfOutput(line, type);
        }

        // A consumer that only wants the interrupt may never send SET_DIRECTION: the request makes an idle line an input.
        bool isInput = (directions[line] & StateLayout.DirectionBits) == GpioMessages.DirectionIn;
        if (!isInput && !MakeInputFor(line, type))
        {
            return Err;
        }

        return events.Enable(line, type) ? Ok : Err;
    }

    // An older trigger that was rejected is not to be enabled on the way.
    private bool MakeInputFor(int line, int type)
    {
        events.Reject(line, GpioMessages.IrqTypeNone);
        bool isInput = MakeInput(line) == Ok;
        if (!isInput)
        {
            events.Reject(line, type);
        }

        return isInput;
    }

    private int EnableIrqOfOutput(int line, int type)
    {
        if (!pins.IsOpenDrain(line))
        {
            events.Reject(line, type);
            return Refuse(Fault.IrqOnOutput, line);
        }

        // System.Device.Gpio drives an output low when it begins to be watched.
        return events.Enable(line, type) && pins.Drive(line, values[line]) ? Ok : Refuse(Fault.PinFailed, line);
    }
}
