// The temperature sensor of the emulated board, at the other end of whose wires a test plays the I2C controller.

using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Board;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class As6200Tests
{
    private const int Address = 0x48;
    private const byte Temperature = 0;
    private const byte Configuration = 1;
    private const byte Low = 2;
    private const byte High = 3;

    private readonly As6200 sensor = new();
    private readonly I2cTarget target;
    private bool clock = true;
    private bool data = true;
    private int stretches;
    private bool isStretchEnded = true;

    public As6200Tests() => target = new I2cTarget(Address, sensor);

    private bool Clock => clock && !target.StretchesClock;

    private bool Data => data && !target.PullsData;

    [TestMethod]
    [DataRow(0, 0x0000)]
    [DataRow(25 * 16, 0x1900)]
    [DataRow(1, 0x0010)]
    [DataRow(-1, 0xFFF0)]
    [DataRow(-40 * 16, 0xD800)]
    [DataRow(125 * 16, 0x7D00)]
    public void Temperature_Measured_IsReadInTheUpperTwelveBits(int sixteenths, int word)
    {
        sensor.Measure(sixteenths);

        Assert.AreEqual(word, Read(Temperature));
    }

    [TestMethod]
    public void Registers_AfterPowerOn_AreThoseOfTheDataSheet()
    {
        Assert.AreEqual(0x40A0, Read(Configuration));
        Assert.AreEqual(0x4B00, Read(Low));
        Assert.AreEqual(0x5000, Read(High));
        Assert.IsFalse(target.PullsData || target.StretchesClock || sensor.PullsAlert);
    }

    [TestMethod]
    public void Registers_Written_KeepWhatIsWritable()
    {
        Assert.IsTrue(Write(Low, 0x12, 0x30) && Write(High, 0xE5, 0xF0) && Write(Temperature, 0x11, 0x10) && Write(Configuration, 0xFF, 0xFF));

        Assert.AreEqual(0x1230, Read(Low));
        Assert.AreEqual(0xE5F0, Read(High));
        Assert.AreEqual(0x1900, Read(Temperature));
        Assert.AreEqual(0x9FC0 | 0x4020, Read(Configuration) | 0x20);
        Assert.AreEqual(0x123, sensor.LowLimit);
        Assert.AreEqual(-0x1A1, sensor.HighLimit);
    }

    // Linux's driver does it when it goes.
    [TestMethod]
    public void Configuration_OneByteWritten_IsItsUpperOne()
    {
        Assert.IsTrue(Write(Configuration, 0x04));

        Assert.AreEqual(0x4480, Read(Configuration));
    }

    [TestMethod]
    public void Read_GoesOn_BeginsWithTheUpperByteAgain()
    {
        CollectionAssert.AreEqual(new byte[] { 0x50, 0x00, 0x50 }, ReadBytes(High, 3));
    }

    [TestMethod]
    public void Address_OfAnotherChip_IsNotAcknowledgedAndItsBytesAreIgnored()
    {
        Start();
        Assert.IsFalse(Send((Address + 1) << 1));
        Assert.IsFalse(Send(High));
        Assert.IsFalse(Send(0));
        Stop();

        Assert.AreEqual(0x5000, Read(High));
    }

    [TestMethod]
    public void Start_InTheMiddleOfAByte_BeginsANewTransfer()
    {
        for (int bits = 0; bits < 9; bits++)
        {
            Start();
            for (int bit = 0; bit < bits; bit++)
            {
                Clocked(bit % 2 == 0);
            }

            Assert.AreEqual(0x5000, Read(High), $"after {bits} bits");
        }
    }

    // A controller that died while it read: nine clocks, and the bus is free.
    [TestMethod]
    public void Read_ControllerGoneAfterAnyBit_NineClocksFreeTheBus()
    {
        for (int bits = 0; bits <= 18; bits++)
        {
            Start();
            Assert.IsTrue(Send(Address << 1 | 1));
            for (int bit = 0; bit < bits; bit++)
            {
                Clocked(true);
            }

            for (int bit = 0; bit < 9; bit++)
            {
                Clocked(true);
            }

            Assert.IsFalse(target.PullsData, $"after {bits} bits");
            Stop();
            Assert.AreEqual(0x1900, Read(Temperature), $"after {bits} bits");
        }
    }

    [TestMethod]
    public void Clock_BeforeTheFirstByteRead_IsStretchedUntilTheEnd()
    {
        isStretchEnded = false;
        Start();
        Assert.IsTrue(Send(Address << 1 | 1));
        Assert.IsTrue(target.StretchesClock);
        SetData(true);
        SetClock(true);
        Assert.IsFalse(Clock, "it is held");

        target.EndStretch();
        Settle();
        Assert.IsTrue(Clock);
        Assert.AreEqual(0x19 >> 7 != 0, Data, "the first bit");
        SetClock(false);
        Assert.AreEqual(0x19 >> 6 != 0, Data, "the second");
    }

    [TestMethod]
    public void Clock_OfAWrite_IsNotStretched()
    {
        Write(High, 0x28, 0x00);

        Assert.AreEqual(0, stretches);
        Read(High);
        Assert.AreEqual(1, stretches);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Alert_TemperatureGoesUpAndDown_HasTheHysteresisOfTheLimits(bool isPositive)
    {
        Write(Configuration, isPositive ? (byte)0x44 : (byte)0x40, 0xA0);
        Write(Low, 0x19, 0x00);
        Write(High, 0x1E, 0x00);
        int[] degrees = [20, 29, 30, 31, 29, 25, 24, 29, 30];
        bool[] alarms = [false, false, true, true, true, true, false, false, true];

        for (int i = 0; i < degrees.Length; i++)
        {
            sensor.Measure(degrees[i] * 16);
            Assert.AreEqual(alarms[i], sensor.IsAlarm, $"{degrees[i]} degrees");
            Assert.AreEqual(alarms[i] != isPositive, sensor.PullsAlert, $"{degrees[i]} degrees");
            Assert.AreEqual(sensor.PullsAlert ? 0 : 0x20, Read(Configuration) & 0x20, "the alert bit is the level");
        }
    }

    [TestMethod]
    public void Alert_LimitWrittenBelowTheTemperature_Comes()
    {
        Write(High, 0x18, 0x00);

        Assert.IsTrue(sensor.PullsAlert);
    }

    private bool Write(byte register, params byte[] bytes)
    {
        Start();
        bool isAcknowledged = new[] { (byte)(Address << 1), register }.Concat(bytes).All(b => Send(b));
        Stop();
        return isAcknowledged;
    }

    private int Read(byte register) => ReadBytes(register, 2) is [byte high, byte low] ? high << 8 | low : -1;

    private byte[] ReadBytes(byte register, int count)
    {
        Start();
        Assert.IsTrue(Send(Address << 1) && Send(register));
        Start();
        Assert.IsTrue(Send(Address << 1 | 1));
        List<byte> bytes = [];
        while (bytes.Count < count)
        {
            bytes.Add((byte)Enumerable.Range(0, 8).Aggregate(0, (value, _) => value << 1 | (Clocked(true) ? 1 : 0)));
            Clocked(bytes.Count == count);
        }

        Stop();
        return [.. bytes];
    }

    private bool Send(int value)
    {
        for (int bit = 7; bit >= 0; bit--)
        {
            Clocked((value >> bit & 1) != 0);
        }

        return !Clocked(true);
    }

    private void Start()
    {
        SetData(true);
        SetClock(true);
        SetData(false);
        SetClock(false);
    }

    private void Stop()
    {
        SetData(false);
        SetClock(true);
        SetData(true);
        Assert.IsTrue(Clock && Data, "the bus is free");
    }

    // One bit: both sides may drive it, and the level while the clock is high is the bit.
    private bool Clocked(bool bit)
    {
        SetData(bit);
        SetClock(true);
        bool level = Data;
        SetClock(false);
        return level;
    }

    private void SetClock(bool high)
    {
        clock = high;
        Settle();
        if (high && target.StretchesClock && isStretchEnded)
        {
            stretches++;
            target.EndStretch();
            Settle();
        }
    }

    private void SetData(bool high)
    {
        data = high;
        Settle();
    }

    private void Settle()
    {
        bool before;
        do
        {
            before = Data;
            target.Follow(Clock, Data);
        }
        while (before != Data);
    }
}
