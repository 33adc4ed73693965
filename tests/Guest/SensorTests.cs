// A sensor behind our pins, by Linux's own drivers: i2c-gpio on two lines, lm75 on that bus, its interrupt on a third line.

using System;
using System.Globalization;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class SensorTests : GuestTest
{
    private const string Folder = "/sys/class/hwmon/hwmon0";
    private const string ReadNow = $"cat {Folder}/temp1_input";
    private const string Interrupts = "awk '/as6200/ { print $2 + $3 }' /proc/interrupts";

    private static Rig? own;

    protected override Rig Rig => own ??= Boot();

    // The alert's.
    private protected override int SlotsAtRest => 2;

    internal override ExplainedLine[] Provoked =>
    [
        .. ModuleTest.BusyHost,
        new(@"i2c-gpio i2c: Slow GPIO pins might wreak havoc", "i2c-gpio says so of every GPIO controller that sleeps"),
    ];

    private protected virtual int Pins => 0;

    [ClassCleanup(InheritanceBehavior.BeforeEachDerivedClass)]
    public static void EndRig()
    {
        own?.Dispose();
        own = null;
    }

    [TestCleanup]
    public void CoolDown()
    {
        if (own is not null)
        {
            SetTemperature(25);
            Linux($"cd {Folder}; echo 80000 >temp1_max; echo 75000 >temp1_max_hyst");
        }
    }

    [TestMethod]
    public void Temperature_TenTimesSetOnTheBoard_IsWhatLinuxReads()
    {
        decimal[] temperatures = [-40, -10.0625m, -0.0625m, 0, 0.0625m, 9.5m, 21.1875m, 42.5m, 66.6875m, 79.9375m];
        int stretchesBefore = SensorWord("stretches");
        foreach (decimal degrees in temperatures)
        {
            SetTemperature(degrees);

            // The driver rounds down.
            Assert.AreEqual(Math.Floor(degrees * 1000), decimal.Parse(Linux(ReadNow), CultureInfo.InvariantCulture), $"{degrees} degrees");
        }

        int stretches = SensorWord("stretches") - stretchesBefore;
        Assert.IsInRange(1, temperatures.Length, stretches, "reads for which Linux had to wait for the clock");
        Numbers.Say($"{temperatures.Length} temperatures read by lm75 over i2c-gpio, the clock stretched in {stretches} of them");
    }

    [TestMethod]
    public void Limits_WrittenByLinux_ArriveInTheSensor()
    {
        foreach ((string name, string file) in new[] { ("high", "temp1_max"), ("low", "temp1_max_hyst") })
        {
            foreach (decimal degrees in new[] { 30.5m, -12.25m, 0.0625m, 101 })
            {
                Linux($"echo {degrees * 1000:0} >{Folder}/{file}");
                Assert.AreEqual(degrees, SensorValue(name), file);
            }
        }
    }

    [TestMethod]
    public void Alert_TemperatureCrossesTheLimits_InterruptsOnceEachTime()
    {
        Linux($"cd {Folder}; echo 40000 >temp1_max; echo 35000 >temp1_max_hyst");
        int interrupts = int.Parse(Linux(Interrupts));
        for (int round = 0; round < 10; round++)
        {
            foreach ((decimal[] path, string alarm) in new[] { (new[] { 39.9375m, 40, 45, 40, 39 }, "1"), (new[] { 35m, 34.9375m, 30, 39 }, "0") })
            {
                Array.ForEach(path, SetTemperature);
                interrupts++;
                Serving.Until(() => int.Parse(Linux(Interrupts)) >= interrupts, $"the interrupt of round {round}");
                Assert.AreEqual(alarm, Linux($"cat {Folder}/temp1_alarm"));
                Assert.AreEqual($"{path[^1] * 1000:0}", Linux(ReadNow));
                Assert.AreEqual(interrupts, int.Parse(Linux(Interrupts)), $"round {round}");
            }
        }

        Numbers.Say("20 crossings of a limit, each one interrupt of the lm75 driver");
    }

    /// <summary>Starts Linux with the sensor's drivers; returns when they are bound.</summary>
    private protected static Rig Boot(int straps)
    {
        Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, KernelArguments: "board.sensor", Straps: straps));
        Serving.Until(() => rig.Guest.Run("ls -d /proc/irq/*/as6200").ExitCode == 0, "the sensor's interrupt");
        return rig;
    }

    private Rig Boot() => Boot(Pins);

    private protected void SetTemperature(decimal degrees) => Rig.Board.Ask(FormattableString.Invariant($"temperature {degrees}"));

    private int SensorWord(string name) => (int)SensorValue(name);

    private decimal SensorValue(string name)
    {
        string[] words = Rig.Board.Ask("sensor")[0].Split(' ');
        return decimal.Parse(words[Array.IndexOf(words, name) + 1], CultureInfo.InvariantCulture);
    }
}

[TestClass]
public sealed class SensorTestsOnLatchedPins : SensorTests
{
    private protected override int Pins => EmulatedBoard.StrapLatchedPins;
}
