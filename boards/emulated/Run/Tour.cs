// Tour: a stock Linux drives pins that our firmware serves, step by step, shown from both sides and checked.

using System;
using System.IO;
using System.Linq;
using System.Threading;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Emulated.Run;

/// <summary>The steps of ./run.</summary>
internal sealed class Tour
{
    private const int InputEventSize = 24;

    private readonly Rig.Rig rig;
    private readonly TextWriter output;
    private int steps;

    internal Tour(Rig.Rig rig, TextWriter output)
    {
        this.rig = rig;
        this.output = output;
    }

    /// <summary>Takes every step; the first that does not come out as expected ends the tour.</summary>
    /// <returns>The exit code.</returns>
    internal int Run()
    {
        try
        {
            MeetTheController();
            SeeTheLines();
            SwitchTheLed();
            PressTheButton();
            WatchAnInterrupt();
            GoRoundTheWire();
            HeatTheSensor();
            LookAtTheBus();
        }
        catch (StepFailedException e)
        {
            output.WriteLine();
            output.WriteLine($"Step {steps} failed: {e.Message}");
            return 1;
        }

        output.WriteLine();
        output.WriteLine($"{steps} steps, all as expected: Linux {rig.Guest.Must("uname -r")}, its own gpio-virtio driver, {EmulatedBoard.LineNames.Length} lines.");
        return 0;
    }

    private void MeetTheController()
    {
        Step("Linux has found a GPIO controller: our firmware, on the co-processor.");
        Expect(Linux("gpiodetect"), $"gpiochip0 [virtio0] ({EmulatedBoard.LineNames.Length} lines)");
    }

    private void SeeTheLines()
    {
        Step("Every line has the name that the board's firmware gave it.");

        // The sensor's driver is the last to have its lines.
        AwaitLinux("ls -d /proc/irq/*/as6200 >/dev/null 2>&1");
        string lines = Linux("gpioinfo");
        foreach (string name in EmulatedBoard.LineNames)
        {
            ExpectThat(name == "" || lines.Contains($"\"{name}\""), $"gpioinfo lacks the line {name}");
        }
    }

    private void SwitchTheLed()
    {
        Step("The device tree puts an LED on a line. Linux's leds-gpio driver switches it; the board looks at the pin.");
        foreach (string level in new[] { "1", "0" })
        {
            Linux($"echo {level} >/sys/class/leds/status/brightness; sleep 0.1");
            Expect(Board("status-led"), level);
        }
    }

    private void PressTheButton()
    {
        Step("It puts a button on another. Somebody presses it on the board; Linux's gpio-keys driver reports the power key, down and up.");
        rig.Guest.Must($"dd if=/dev/input/event0 of=/tmp/keys bs={InputEventSize} count=4 2>/dev/null & until pidof dd >/dev/null; do usleep 1000; done");
        Press("user-button", "low");
        AwaitKeys(2);
        Press("user-button", "float");
        AwaitKeys(4);
        string keys = Linux("od -A n -v -t u2 -w24 /tmp/keys | awk '$9 == 1 { print \"key\", $10, $11 ? \"down\" : \"up\" }'");
        Expect(keys, "key 116 down\nkey 116 up");
    }

    // Each change of a key is two events: the key's, and the one that ends the report.
    private void AwaitKeys(int events) =>
        AwaitLinux($"[ $(wc -c </tmp/keys) -ge {InputEventSize * events} ]");

    private void WatchAnInterrupt()
    {
        Step("A sensor raises its interrupt line three times. Linux is told of each edge.");
        output.WriteLine("    linux#  gpiomon --num-events=6 $(gpiofind imu-int1) &");
        rig.Guest.Must("gpiomon --num-events=6 --line-buffered $(gpiofind imu-int1) >/tmp/edges 2>&1 &");

        // The folder appears when the interrupt is armed.
        rig.Guest.Must("until ls -d /proc/irq/*/gpiomon >/dev/null 2>&1; do sleep 0.05; done");
        for (int edge = 0; edge < 6; edge++)
        {
            Press("imu-int1", edge % 2 == 0 ? "high" : "low");
            AwaitLinux($"[ $(wc -l </tmp/edges) -ge {edge + 1} ]");
        }

        string edges = Linux("cat /tmp/edges");
        ExpectThat(edges.Split("RISING").Length - 1 == 3 && edges.Split("FALLING").Length - 1 == 3, "three rising and three falling edges were to come");
    }

    private void GoRoundTheWire()
    {
        Step("A wire on the board goes from one line to another. A level goes out of Linux and comes back in.");
        foreach (string level in new[] { "1", "0" })
        {
            Linux($"gpioset --mode=time --sec=1 $(gpiofind loopback-out)={level} & sleep 0.4");
            Expect(Linux("gpioget $(gpiofind loopback-in)"), level);
            rig.Guest.Must("while pidof gpioset >/dev/null; do sleep 0.1; done");
        }
    }

    private void HeatTheSensor()
    {
        Step("The device tree has an I2C bus on two lines, and a sensor there with its alert on a third. It gets hot on the board; Linux's lm75 driver is interrupted.");
        const string Read = "cd /sys/class/hwmon/hwmon0; cat temp1_input temp1_alarm";
        Linux("cd /sys/class/hwmon/hwmon0; echo 40000 >temp1_max; echo 35000 >temp1_max_hyst");
        Expect(Linux(Read), "25000\n0");
        output.WriteLine("    board>  temperature 41.5");
        rig.Board.Ask("temperature 41.5");
        AwaitLinux("grep -q ' 1 .*as6200' /proc/interrupts");
        Expect(Linux("awk '/as6200/ { print $NF, $2 }' /proc/interrupts"), "as6200 1");
        Expect(Linux(Read), "41500\n1");
    }

    // What does not come fails the step behind it.
    private void AwaitLinux(string condition) => rig.Guest.Must($"n=0; until {condition} || [ $n -ge 100 ]; do sleep 0.05; n=$((n+1)); done");

    private void LookAtTheBus()
    {
        Step($"Linux passed all its buffers through the {EmulatedBoard.PoolSize >> 10} KiB that the co-processor sees of its memory. No access went beyond.");
        Linux("cat /sys/kernel/debug/swiotlb/vdev0buffer*/io_tlb_used_hiwater");
        output.WriteLine("    board>  errors");
        string errors = rig.Board.Ask("errors")[0];
        output.WriteLine($"            {errors}");
        Expect(errors, "0");
    }

    private void Step(string what)
    {
        steps++;
        output.WriteLine();
        output.WriteLine($"{steps}. {what}");
    }

    private string Linux(string command)
    {
        output.WriteLine($"    linux#  {command}");
        CommandResult result = rig.Guest.Run(command);
        foreach (string line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            output.WriteLine($"            {line}");
        }

        ExpectThat(result.ExitCode == 0, $"exit code {result.ExitCode}");
        return result.Output.Trim();
    }

    private string Board(string line)
    {
        string level = rig.Board.Get(line).ToString(System.Globalization.CultureInfo.InvariantCulture);
        output.WriteLine($"    board>  get {line}");
        output.WriteLine($"            {level}");
        return level;
    }

    private void Press(string line, string drive)
    {
        output.WriteLine($"    board>  set {line} {drive}");
        rig.Board.Set(line, drive);
    }

    private static void Expect(string came, string expected) => ExpectThat(came == expected, $"expected {expected}, came {came}");

    private static void ExpectThat(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new StepFailedException(otherwise);
        }
    }

    private sealed class StepFailedException(string message) : Exception(message);
}
