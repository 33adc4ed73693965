// What a pin drives over every short sequence of requests, releases, resets and restarts, for each policy and drive mode: no level that
// was not commanded, however short.

using System;
using System.Collections.Generic;
using System.Device.Gpio;
using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class WaveformTests
{
    private const int Line = 2;
    private const int Length = 4;
    private const char Released = 'z';

    private static readonly string[] steps = ["value 0", "value 1", "output", "input", "release", "driver gone", "new driver", "restart"];

    [TestMethod]
    [DataRow((int)PinMode.Output)]
    [DataRow((int)PinMode.OutputOpenDrainPullUp)]
    [DataRow((int)PinMode.OutputOpenSourcePullDown)]
    public void Sequence_OfAnyFourSteps_DrivesWhatWasCommandedAndNothingElse(int mode)
    {
        foreach (LineRest release in Enum.GetValues<LineRest>())
        {
            foreach (LineRest gone in Enum.GetValues<LineRest>())
            {
                Check((PinMode)mode, release, gone, safe: 0);
                Check((PinMode)mode, release, gone, safe: 1);
            }
        }
    }

    private static void Check(PinMode mode, LineRest release, LineRest gone, int safe)
    {
        LineConfig row = new("line", Ports.FirstPin + Line)
        {
            OutputMode = mode,
            OnRelease = release,
            OnDriverGone = gone,
            OnLinuxReset = gone == LineRest.Input ? LineRest.Safe : LineRest.Hold,
            OnStart = LineRest.Safe,
            SafeValue = safe,
        };
        TestBoard board = new(configure: b => (b.Lines[Line], b.StateAddress) = (row, TestBoard.SramAddress + TestBoard.StateOffset), isLatched: true)
        {
            HoldsPads = true,
        };
        board.Driver.ProbeAndTurn();
        Model model = new(row);
        HashSet<char> driven = [];
        board.LevelChanged += (line, _) => driven.Add(Driven(board));
        board.OnNative = () => driven.Add(Driven(board));
        int count = (int)Math.Pow(steps.Length, Length);
        for (int sequence = 0; sequence < count; sequence++)
        {
            string done = "";
            for (int place = 0, rest = sequence; place < Length; place++, rest /= steps.Length)
            {
                int step = rest % steps.Length;
                done += steps[step] + ", ";
                char before = model.Drives;
                driven.Clear();
                Do(board, step);
                driven.Add(Driven(board));
                model.Do(step);
                Assert.AreEqual(model.Drives, Driven(board), done);
                driven.ExceptWith([before, model.Drives]);
                Assert.AreEqual(0, driven.Count, $"{done} drove {string.Concat(driven)}");
            }
        }
    }

    private static void Do(TestBoard board, int step)
    {
        switch (step)
        {
            case 0:
            case 1:
                Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, Line, (uint)step));
                break;
            case 2:
                Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out));
                break;
            case 3:
                Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.In));
                break;
            case 4:
                Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));
                break;
            case 5:
                board.Driver.DeviceStatus = 0;
                board.Turn();
                board.Driver.ProbeAndTurn();
                break;
            case 6:
                board.Driver.ProbeAndTurn();
                break;
            default:
                board.StartFirmware();
                board.Turn();
                break;
        }
    }

    // The level if the pin drives it. An input that is pulled drives nothing.
    private static char Driven(TestBoard board)
    {
        char level = board.LevelAt(Line) ? '1' : '0';
        return board.ModeOf(Line) switch
        {
            PadMode.Output => level,
            PadMode.OutputOpenDrainPullUp when level == '0' => level,
            PadMode.OutputOpenSourcePullDown when level == '1' => level,
            _ => Released,
        };
    }

    // The device as the clauses have it.
    private sealed class Model(LineConfig row)
    {
        private int direction;
        private int value;

        // Null: the pin is an input.
        private int? drives = row.SafeValue;

        internal char Drives => (drives, row.OutputMode) switch
        {
            (null, _) or (1, PinMode.OutputOpenDrainPullUp) or (0, PinMode.OutputOpenSourcePullDown) => Released,
            _ => drives == 0 ? '0' : '1',
        };

        internal void Do(int step)
        {
            switch (step)
            {
                case 0:
                case 1:
                    value = step;
                    drives = direction == Gpio.Out ? value : drives;
                    break;
                case 2:
                    direction = Gpio.Out;
                    drives = value;
                    break;
                case 3:
                    direction = Gpio.In;
                    drives = null;
                    break;
                case 4:
                    Rest(row.OnRelease);
                    break;
                case 5:
                    Rest(row.OnDriverGone);
                    break;
                case 6:
                    Rest(row.OnLinuxReset);
                    break;
            }
        }

        private void Rest(LineRest rest)
        {
            drives = rest switch
            {
                LineRest.Safe => row.SafeValue,
                LineRest.Input => null,
                _ => drives,
            };
            direction = Gpio.None;
            value = 0;
        }
    }
}
