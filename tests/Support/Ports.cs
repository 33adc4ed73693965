// Ports: what tests of pins put together again and again.

using System;
using System.Device.Gpio;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

/// <summary>Maps and names of lines, boards with a watched line, and what a port says when it refuses to start.</summary>
public static class Ports
{
    /// <summary>A map whose only line is on this pin.</summary>
    public static PinMap MapOf(int pin, PinMode input, PinMode output)
    {
        PinMap map = new(1);
        map.Set(0, pin, input, output);
        return map;
    }

    /// <summary>A map of lines on pins one after another, plain inputs and outputs.</summary>
    public static PinMap MapFrom(int firstPin, int lines)
    {
        PinMap map = new(lines);
        for (int line = 0; line < lines; line++)
        {
            map.Set(line, firstPin + line, PinMode.Input, PinMode.Output);
        }

        return map;
    }

    /// <summary>The names "line0", "line1" and so on.</summary>
    public static string[] NamesOf(int lines)
    {
        string[] names = new string[lines];
        for (int line = 0; line < lines; line++)
        {
            names[line] = "line" + line.ToString();
        }

        return names;
    }

    /// <summary>A board on latched pins, one of whose lines is low and watched.</summary>
    public static TestBoard Watched(int line)
    {
        TestBoard board = new(isLatched: true);
        board.Drive(line, false);
        return board.Pins.Watch(line, Edge.Rising | Edge.Falling) ? board : throw new InvalidOperationException("the line cannot be watched");
    }

    /// <summary>The message of the refusal; empty if there is none.</summary>
    public static string Refusal(Action start)
    {
        try
        {
            start();
            return "";
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}
