// Linux's own drivers on top of our lines: the gpio-keys and leds-gpio of the guest's device tree.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class InputLedTests : ModuleTest
{
    private const string Button = "user-button";
    private const string Led = "status-led";
    private const string LedFolder = "/sys/class/leds/status";
    private const int SynReport = 0;
    private const int KeyEvent = 1;
    private const int KeyPower = 116;
    private const int DebounceMs = 5;

    [TestInitialize]
    public void Load() => Linux("insmod /lib/modules/leds-gpio.ko && insmod /lib/modules/gpio_keys.ko");

    [TestCleanup]
    public void Unload()
    {
        if (!HasGuest)
        {
            return;
        }

        Linux("for m in gpio_keys leds_gpio; do ! grep -q \"^$m \" /proc/modules || rmmod $m; done");
        Rig.Board.Set(Button, "float");
    }

    [TestMethod]
    public void Button_PressedTwentyTimes_IsTwentyKeyEventsOfItsInputDevice()
    {
        const int Presses = 20;
        Assert.AreEqual("keys", Linux("cat /sys/class/input/event0/device/name"));
        Linux(Serving.UntilKeysAreRead(4 * Presses));
        for (int press = 1; press <= Presses; press++)
        {
            // A key event and the report that ends it, for the press and for the release.
            Rig.Board.Set(Button, "low");
            WaitForEvents(4 * press - 2);
            Rig.Board.Set(Button, "float");
            WaitForEvents(4 * press);
        }

        List<(int Type, int Code, int Value)> events = ReadEvents();
        for (int i = 0; i < events.Count; i++)
        {
            (int, int, int) due = i % 2 == 1 ? (SynReport, 0, 0) : (KeyEvent, KeyPower, i % 4 == 0 ? 1 : 0);
            Assert.AreEqual(due, events[i], $"event {i}");
        }

        Assert.HasCount(4 * Presses, events);
        TestContext.WriteLine($"{Presses} presses, {Presses} times KEY_POWER down and up");
    }

    [TestMethod]
    public void Button_ThatBounces_IsOneKeyEvent()
    {
        Linux(Serving.UntilKeysAreRead(4));
        TimeSpan bounced = Bounce();
        for (int attempts = 1; bounced.TotalMilliseconds >= DebounceMs; attempts++)
        {
            // The host was busy elsewhere: this was no bounce but several presses.
            Assert.IsLessThan(100, attempts, "the board never bounced fast enough");
            Unload();
            Load();
            Linux("while pidof dd >/dev/null; do usleep 1000; done; " + Serving.UntilKeysAreRead(4));
            bounced = Bounce();
        }

        WaitForEvents(2);
        Rig.Board.Set(Button, "float");
        WaitForEvents(4);

        (int, int, int)[] due = [(KeyEvent, KeyPower, 1), (SynReport, 0, 0), (KeyEvent, KeyPower, 0), (SynReport, 0, 0)];
        CollectionAssert.AreEqual(due, ReadEvents());
        TestContext.WriteLine($"9 edges in {bounced.TotalMilliseconds:0.00} ms, 1 press");
    }

    [TestMethod]
    public void Led_ByBrightness_LightsAtThePin()
    {
        for (int i = 0; i < 20; i++)
        {
            Linux($"echo {(i + 1) % 2} >{LedFolder}/brightness");
            WaitForPin((i + 1) % 2);
        }

        TestContext.WriteLine("20 changes of brightness, each seen at the pin");
    }

    [TestMethod]
    public void Led_ByTimerTrigger_BlinksAtThePin()
    {
        const int HalfPeriodMs = 50;
        using BoardWatch watch = new(Rig, "sdcard-detect");
        Linux($"echo timer >{LedFolder}/trigger; echo {HalfPeriodMs} >{LedFolder}/delay_on; echo {HalfPeriodMs} >{LedFolder}/delay_off");
        int from = watch.Of(Led).Count;
        Stopwatch clock = Stopwatch.StartNew();
        while (watch.Of(Led).Count < from + 21 && clock.Elapsed.TotalSeconds < 30)
        {
            Thread.Sleep(HalfPeriodMs);
        }

        Linux($"echo none >{LedFolder}/trigger");
        WaitForPin(0);
        List<Change> changes = [.. watch.Of(Led).Skip(from).Take(21)];
        Assert.HasCount(21, changes);
        for (int i = 1; i < changes.Count; i++)
        {
            Assert.AreNotEqual(changes[i - 1].Level, changes[i].Level);
        }

        double periodMs = (changes[^1].At - changes[0].At).TotalMilliseconds / 10;

        // A timer is never early; but on a busy host the first change may be seen late.
        Assert.IsGreaterThan(2 * HalfPeriodMs * 0.5, periodMs);
        Linux("usleep 200000");
        Serving.Until(() => watch.Of(Led)[^1].Level == 0, "the board to have seen the last change");
        int after = watch.Of(Led).Count;
        Linux("usleep 200000");
        Assert.HasCount(after, watch.Of(Led), "the trigger is off");
        TestContext.WriteLine($"10 periods of {periodMs:0.0} ms at the pin, {2 * HalfPeriodMs} ms asked for");
    }

    [TestMethod]
    public void Lines_OfTheDrivers_AreTheirsUntilTheyGo()
    {
        string lines = Linux("gpioinfo");
        Assert.MatchesRegex($@"""{Button}"" +""{Button}"" +input +active-low \[used\]", lines);
        Assert.MatchesRegex($@"""{Led}"" +""status"" +output +active-high \[used\]", lines);
        Linux("rmmod gpio_keys leds_gpio");
        lines = Linux("gpioinfo");
        Assert.MatchesRegex($@"""{Button}"" +unused", lines);
        Assert.MatchesRegex($@"""{Led}"" +unused", lines);
    }

    private TimeSpan Bounce()
    {
        Stopwatch clock = Stopwatch.StartNew();
        for (int edge = 0; edge < 9; edge++)
        {
            Rig.Board.Set(Button, edge % 2 == 0 ? "low" : "float");
        }

        return clock.Elapsed;
    }

    private void WaitForEvents(int count) =>
        Linux($"n=0; until [ $(wc -c </tmp/keys) -ge {Serving.InputEventSize * count} ] || [ $n -ge 1000 ]; do n=$((n+1)); usleep 5000; done; [ $n -lt 1000 ]");

    // The LED's level goes through a work queue.
    private void WaitForPin(int level) => Serving.Until(() => Rig.Board.Get(Led) == level, $"the LED's pin to become {level}");

    // struct input_event: two words of time, type, code, value.
    private List<(int Type, int Code, int Value)> ReadEvents()
    {
        string dump = Linux("hexdump -v -e '1/1 \"%02x\"' /tmp/keys");
        byte[] bytes = Convert.FromHexString(dump);
        return [.. bytes.Chunk(Serving.InputEventSize).Select(e => (
            (int)BinaryPrimitives.ReadUInt16LittleEndian(e.AsSpan(16)),
            (int)BinaryPrimitives.ReadUInt16LittleEndian(e.AsSpan(18)),
            BinaryPrimitives.ReadInt32LittleEndian(e.AsSpan(20))))];
    }
}
