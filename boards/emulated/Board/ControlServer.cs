// ControlServer: the board's pins for people and scripts, as lines of text.
//
//   pins                     every line: number, name, level, who drives, on the co-processor and outside, whether the co-processor has
//                            enabled its interrupt, and how often the level has changed
//   get LINE                 its level: 0 or 1
//   set LINE low|high|float  drives it from outside, or lets it go
//   temperature DEGREES      makes the sensor warmer or colder: -40 to 125 degrees Celsius, in steps of 1/16
//   sensor                   what it measures, its limits, its alarm, and how often Linux had to wait for its clock
//   errors                   how often the co-processor accessed an address that its bus does not reach
//   core                     the co-processor: off, starting (the board has started its firmware) or connected
//   linux                    whether Linux runs, falls asleep, sleeps, or is down, by its own word and the firmware's
//   firmware                 the process that runs the firmware, if the board has started it because Linux wanted that
//   reset hold|release       holds that in reset, or lets it start anew; Linux is told nothing
//   watch                    prints "LINE LEVEL" for each change until the connection closes
//
// LINE is a name, or a line number. Each answer ends with a line "ok", or is a line "error: ...".

using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net.Sockets;
using VirtioGpio.Boards.Emulated;

namespace VirtioGpio.Emulated.Board;

internal sealed class ControlServer
{
    private readonly Hardware hardware;
    private readonly PowerController power;
    private readonly StreamWriter output;

    private ControlServer(Hardware hardware, PowerController power, StreamWriter output)
    {
        this.hardware = hardware;
        this.power = power;
        this.output = output;
    }

    internal static void Start(string path, Hardware hardware, PowerController power) =>
        SocketServer.Start(path, connection => Serve(connection, hardware, power));

    private static void Serve(Socket connection, Hardware hardware, PowerController power)
    {
        using NetworkStream stream = new(connection);
        using StreamReader input = new(stream);
        using StreamWriter output = new(stream) { AutoFlush = true, NewLine = "\n" };
        ControlServer server = new(hardware, power, output);
        while (input.ReadLine() is string command)
        {
            output.WriteLine(server.Execute(command.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }
    }

    private static string Digit(bool level) => level ? "1" : "0";

    private string Execute(string[] words)
    {
        if (words is ["pins"])
        {
            return ListPins();
        }

        if (words is ["watch"])
        {
            return Watch();
        }

        if (words is ["firmware" or "core"] or ["reset", "hold" or "release"])
        {
            return ControlCore(words);
        }

        if (words is ["errors" or "sensor" or "linux"] or ["switches" or "temperature", _])
        {
            return ControlBoard(words);
        }

        if (words.Length < 2 || BoardLines.Find(words[1]) < 0)
        {
            return "error: say: pins | get LINE | set LINE low|high|float | temperature DEGREES | watch; LINE is a name or number that pins lists";
        }

        return ControlLine(words);
    }

    private string ControlLine(string[] words)
    {
        int pin = BoardLines.PinOf(BoardLines.Find(words[1]));
        switch (words)
        {
            case ["get", _]:
                output.WriteLine(Digit(hardware.LevelAt(pin)));
                return "ok";
            case ["set", _, "low"]:
                hardware.SetOutside(pin, Outside.Low);
                return "ok";
            case ["set", _, "high"]:
                hardware.SetOutside(pin, Outside.High);
                return "ok";
            case ["set", _, "float"]:
                hardware.SetOutside(pin, Outside.Floating);
                return "ok";
            default:
                return "error: say: get LINE | set LINE low|high|float";
        }
    }

    private string ControlBoard(string[] words)
    {
        switch (words)
        {
            case ["errors"]:
                output.WriteLine(hardware.BusErrors);
                return "ok";
            case ["linux"]:
                output.WriteLine(hardware.DescribeLinux());
                return "ok";
            case ["sensor"]:
                output.WriteLine(hardware.DescribeSensor());
                return "ok";
            case ["switches", string number] when int.TryParse(number, out int straps):
                hardware.SetStraps(straps);
                return "ok";
            case ["temperature", string degrees] when Temperature.Parse(degrees) is int sixteenths:
                hardware.SetTemperature(sixteenths);
                return "ok";
            default:
                return "error: say: temperature DEGREES, -40 to 125 in steps of 1/16 | switches NUMBER";
        }
    }

    private string ControlCore(string[] words)
    {
        switch (words)
        {
            case ["core"]:
                output.WriteLine(hardware.Core.ToString().ToLowerInvariant());
                return "ok";
            case ["reset", "hold"]:
                power.HoldReset();
                return "ok";
            case ["reset", _]:
                power.ReleaseReset();
                return "ok";
            default:
                int id = power.FirmwareId;
                if (id == 0)
                {
                    return "error: the board runs no firmware";
                }

                output.WriteLine(id);
                return "ok";
        }
    }

    private string ListPins()
    {
        for (int line = 0; line < BoardLines.Count; line++)
        {
            int pin = BoardLines.PinOf(line);
            string name = EmulatedBoard.LineNames[line] is { Length: > 0 } named ? named : "unnamed";
            output.WriteLine($"{line,2}  {name,-16} level {Digit(hardware.LevelAt(pin))}  pad {hardware.ModeOf(pin),-16} driver {hardware.DriverOf(pin),-16} armed {Digit(hardware.IsArmed(pin))}  edges {hardware.EdgesOf(pin),-9} outside {hardware.OutsideOf(pin)}");
        }

        return "ok";
    }

    private string Watch()
    {
        using BlockingCollection<string> changes = [];
        void OnChanged(int pin, bool level)
        {
            int line = BoardLines.AtPin(pin);
            string name = line < 0 ? $"pin{pin}" : BoardLines.NameOf(line);
            changes.Add($"{name} {Digit(level)}");
        }

        hardware.LevelChanged += OnChanged;
        try
        {
            foreach (string change in changes.GetConsumingEnumerable())
            {
                output.WriteLine(change);
            }
        }
        finally
        {
            hardware.LevelChanged -= OnChanged;
        }

        return "ok";
    }
}
