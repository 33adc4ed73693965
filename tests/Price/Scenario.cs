// Scenario: the messages that are priced, one at a time, on a board of their own: each comes alone and finds the device idle.

using System;
using System.Collections.Generic;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Price;

/// <summary>Runs beside the rewritten assemblies.</summary>
public static class Scenario
{
    private const int Line = 1;
    private const int Names = 1 + 8 * 6;
    private const int WarmUp = 3;
    private const string Kept = ", state kept";
    private const string Traced = ", state kept and traced";
    private const string MaySleep = ", sleep known";

    // Every other line has a row that says all that a row can say; the line that the message is about has none.
    private const string Rows = ", other lines with rows";
    private const string Held = "SET_DIRECTION none, held";
    private const string Refused = "SET_DIRECTION out, refused";

    private static readonly Dictionary<string, Func<Act>> acts = new()
    {
        ["GET_VALUE"] = () => Request(Gpio.GetValue, 0, before: board => board.Driver.Request(Gpio.SetDirection, Line, Gpio.In)),
        ["SET_VALUE"] = () => Request(Gpio.SetValue, 1, before: board => board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out)),
        ["GET_DIRECTION"] = () => Request(Gpio.GetDirection, 0),
        ["SET_DIRECTION in"] = () => Request(Gpio.SetDirection, Gpio.In, before: Release),
        ["SET_DIRECTION out"] = () => Request(Gpio.SetDirection, Gpio.Out, before: Release),
        ["SET_DIRECTION none"] = () => Request(Gpio.SetDirection, Gpio.None, before: BecomeInput),
        ["SET_IRQ_TYPE edge"] = () => Request(Gpio.SetIrqType, Gpio.Both, before: BecomeInput),
        ["SET_IRQ_TYPE level"] = () => Request(Gpio.SetIrqType, Gpio.LevelHigh, before: BecomeInput),
        ["SET_IRQ_TYPE none"] = () => Request(Gpio.SetIrqType, Gpio.None, before: ParkABuffer),
        ["GET_LINE_NAMES"] = () => new Act(_ => { }, board => board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, Names)),
        ["buffer parked"] = () => new Act(DeliverAnInterrupt, board => board.Driver.OfferEvent(Line, Line, 2, 1)),
        ["interrupt"] = () => new Act(ParkABuffer, Change),
        ["idle poll"] = () => new Act(_ => { }, _ => { }),
        ["poll without driver"] = () => new Act(board => board.Driver.DeviceStatus = 0, _ => { }),
        ["GET_VALUE" + Kept] = () => acts!["GET_VALUE"](),
        ["SET_VALUE" + Kept] = () => Request(Gpio.SetValue, 1, before: BecomeLow),
        ["SET_DIRECTION out" + Kept] = () => acts!["SET_DIRECTION out"](),
        ["SET_DIRECTION none" + Kept] = () => acts!["SET_DIRECTION none"](),
        ["SET_IRQ_TYPE edge" + Kept] = () => acts!["SET_IRQ_TYPE edge"](),
        ["SET_IRQ_TYPE none" + Kept] = () => acts!["SET_IRQ_TYPE none"](),
        ["buffer parked" + Kept] = () => acts!["buffer parked"](),
        ["interrupt" + Kept] = () => acts!["interrupt"](),
        ["idle poll" + Kept] = () => acts!["idle poll"](),
        ["GET_VALUE" + Rows] = () => acts!["GET_VALUE"](),
        ["SET_VALUE" + Rows] = () => acts!["SET_VALUE"](),
        ["interrupt" + Rows] = () => acts!["interrupt"](),
        ["idle poll" + Rows] = () => acts!["idle poll"](),
        [Held] = () => Request(Gpio.SetDirection, Gpio.None, before: board => board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out)),
        [Refused] = () => Request(Gpio.SetDirection, Gpio.Out),
        ["request refused"] = () => OutOfRange(),
        ["GET_VALUE" + Traced] = () => acts!["GET_VALUE"](),
        ["interrupt" + Traced] = () => acts!["interrupt"](),
        ["idle poll" + Traced] = () => acts!["idle poll"](),
        ["request refused" + Traced] = () => OutOfRange(),
        ["GET_VALUE" + MaySleep] = () => acts!["GET_VALUE"](),
        ["interrupt" + MaySleep] = () => acts!["interrupt"](),
        ["idle poll" + MaySleep] = () => acts!["idle poll"](),
    };

    /// <summary>The messages, by name; the end of a name says what else the board has, and each request changes something.</summary>
    public static IEnumerable<string> Messages => acts.Keys;

    /// <summary>Lets a message come a few times and counts the last of them.</summary>
    /// <param name="message">Its name.</param>
    /// <param name="blocks">How many blocks the rewritten assemblies have.</param>
    /// <param name="arrayBytes">Bytes of arrays made.</param>
    /// <param name="natives">Native calls, as the twins count them.</param>
    /// <returns>How often each block was passed.</returns>
    public static long[] Measure(string message, int blocks, out long arrayBytes, out long natives)
    {
        Act act = acts[message]();
        TestBoard board = new(configure: b => Configure(b, message));
        board.Driver.ProbeAndTurn();
        for (int time = 0; ; time++)
        {
            act.Prepare(board);
            Rest(board);
            Toll.Open(blocks);
            natives = board.NativeCalls;
            act.Cause(board);
            board.Firmware.Step();
            natives = board.NativeCalls - natives;
            arrayBytes = Toll.ArrayBytes;
            if (time == WarmUp)
            {
                return Toll.Read();
            }

            Drain(board);
        }
    }

    private static void Configure(GpioBoard board, string message)
    {
        bool isTraced = message.EndsWith(Traced, StringComparison.Ordinal);
        board.StateAddress = isTraced || message.EndsWith(Kept, StringComparison.Ordinal) ? TestBoard.SramAddress + TestBoard.StateOffset : 0;
        board.TraceAddress = isTraced ? TestBoard.SramAddress + TestBoard.TraceOffset : 0;
        board.TraceSize = 0x1000;
        board.LinuxStateAddress = message.EndsWith(MaySleep, StringComparison.Ordinal) ? TestBoard.SramAddress + TestBoard.StateOffset : 0;
        if (message.EndsWith(Rows, StringComparison.Ordinal))
        {
            for (int line = 0; line < board.Lines.Length; line++)
            {
                if (line != Line)
                {
                    Ports.WithEverything(board.Lines[line]).Wakes = false;
                }
            }
        }

        board.Lines[Line].OnRelease = message == Held ? LineRest.Hold : LineRest.Input;
        board.Lines[Line].Uses = message == Refused ? LineUses.Input : LineUses.All;
    }

    // Until all that there is to tell stands in the trace.
    private static void Rest(TestBoard board)
    {
        do
        {
            board.Firmware.Step();
        }
        while (board.LastTimeout == 0);
    }

    // Each time with another line, or the trace would not keep it.
    private static Act OutOfRange()
    {
        int line = 100;
        return new(_ => { }, board => board.Driver.Send(Gpio.GetValue, line++, 0, 8, 2));
    }

    private static Act Request(int type, uint value, Action<TestBoard>? before = null) =>
        new(before ?? (_ => { }), board => board.Driver.Send(type, Line, value, 8, 2));

    private static void Release(TestBoard board) => board.Driver.Request(Gpio.SetDirection, Line, Gpio.None);

    private static void BecomeLow(TestBoard board)
    {
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
        board.Driver.Request(Gpio.SetValue, Line, 0);
    }

    private static void BecomeInput(TestBoard board)
    {
        Release(board);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.In);
    }

    private static void ParkABuffer(TestBoard board)
    {
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both);
        board.Driver.Unmask(Line);
        Drain(board);
    }

    private static void DeliverAnInterrupt(TestBoard board)
    {
        ParkABuffer(board);
        Change(board);
        board.Turn();
        Drain(board);
    }

    private static void Change(TestBoard board) => board.Drive(Line, !board.LevelAt(Line));

    private static void Drain(TestBoard board)
    {
        while (board.Driver.TakeEvent() >= 0 || board.Driver.Requests.TakeUsed(out _, out _))
        {
        }
    }

    private sealed record Act(Action<TestBoard> Prepare, Action<TestBoard> Cause);
}
