// ControlServer: the board's pins for people and scripts, as lines of text.
//
//   pins                     every line: number, name, level, and who drives, on the co-processor and outside
//   get LINE                 its level: 0 or 1
//   set LINE low|high|float  drives it from outside, or lets it go
//   temperature DEGREES      makes the sensor warmer or colder: -40 to 125 degrees Celsius, in steps of 1/16
//   sensor                   what it measures, its limits, its alarm, and how often Linux had to wait for its clock
//   errors                   how often the co-processor accessed an address that its bus does not reach
//   linux                    whether Linux runs, falls asleep, sleeps, or is down, by its own word and the firmware's
//   firmware                 the process that runs the firmware, if the board has started it because Linux wanted that
//   reset hold|release       holds that in reset, or lets it start anew; Linux is told nothing
//   watch                    prints "LINE LEVEL" for each change until the connection closes
//
// LINE is a name, or a line number. Each answer ends with a line "ok", or is a line "error: ...".

using System;
using System.Collections.Concurrent;
using System.Globalization;
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

    private static int LineOf(string name)
    {
        int line = Array.IndexOf(EmulatedBoard.LineNames, name);
        if (line < 0 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < EmulatedBoard.LinePins.Length)
        {
            line = number;
        }

        return line;
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

        if (words is ["firmware"] or ["reset", "hold" or "release"])
        {
            return ControlCore(words);
        }

        if (words is ["errors" or "sensor" or "linux"] or ["switches" or "temperature", _])
        {
            return ControlBoard(words);
        }

        if (words.Length < 2 || LineOf(words[1]) < 0)
        {
            return "error: say: pins | get LINE | set LINE low|high|float | temperature DEGREES | watch; LINE is a name or number that pins lists";
        }

        return ControlLine(words);
    }

    private string ControlLine(string[] words)
    {
        int pin = EmulatedBoard.LinePins[LineOf(words[1])];
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
            case ["temperature", string degrees] when SixteenthsOf(degrees) is int sixteenths:
                hardware.SetTemperature(sixteenths);
                return "ok";
            default:
                return "error: say: temperature DEGREES, -40 to 125 in steps of 1/16 | switches NUMBER";
        }
    }

    private static int? SixteenthsOf(string degrees)
    {
        bool isNumber = decimal.TryParse(degrees, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number);
        return isNumber && number * 16 is >= As6200.Coldest and <= As6200.Hottest && number * 16 % 1 == 0 ? (int)(number * 16) : null;
    }

    private string ControlCore(string[] words)
    {
        switch (words)
        {
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
        for (int line = 0; line < EmulatedBoard.LinePins.Length; line++)
        {
            int pin = EmulatedBoard.LinePins[line];
            string name = EmulatedBoard.LineNames[line] is { Length: > 0 } named ? named : "unnamed";
            output.WriteLine($"{line,2}  {name,-16} level {Digit(hardware.LevelAt(pin))}  pad {hardware.ModeOf(pin),-16} driver {hardware.DriverOf(pin),-16} outside {hardware.OutsideOf(pin)}");
        }

        return "ok";
    }

    private string Watch()
    {
        using BlockingCollection<string> changes = [];
        void OnChanged(int pin, bool level)
        {
            int line = Array.IndexOf(EmulatedBoard.LinePins, pin);
            string name = line < 0 ? $"pin{pin}" : EmulatedBoard.LineNames[line] is { Length: > 0 } named ? named : $"line{line}";
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
