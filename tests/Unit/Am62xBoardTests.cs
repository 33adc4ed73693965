// TI's AM62x: its description on a board of plain arrays, and the numbers that stand in C, linker script and device tree once more.

using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using nanoFramework.TestFramework;
using VirtioGpio.Boards.Am62x;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class Am62xBoardTests
{
    private static readonly string folder = Path.Combine(Project.Root, "boards", "am62x");

    [TestMethod]
    public void Probe_WithRingsInThePool_DriverGetsTheNames()
    {
        TestBoard board = Probed();
        string names = string.Concat(Am62xBoard.Describe().Lines.Select(row => row.Name + "|"));

        int head = board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 1 + names.Length);
        board.Driver.Answer(head);

        Assert.AreEqual(1 + names.Length, board.Driver.Length);
        Assert.AreEqual(names, board.Driver.TextAt(board.Driver.SlotOf(head + 1) + 1, names.Length));
    }

    [TestMethod]
    public void Interrupt_OfTheLastLine_ComesByTheEventqsId()
    {
        TestBoard board = Probed();
        board.Drive(7, false);
        board.Driver.Request(Gpio.SetDirection, 7, Gpio.In);
        board.Driver.Request(Gpio.SetIrqType, 7, Gpio.Rising);
        board.Driver.Unmask(7);
        Assert.AreEqual(0, board.Notifications(1));

        board.Drive(7, true);
        board.Turn();

        Assert.AreEqual(7 << 8 | Gpio.Valid, board.Driver.TakeEvent());
        Assert.AreEqual(1, board.Notifications(1));
    }

    [TestMethod]
    public void Restart_UnderADriver_IsToldAsACrash()
    {
        TestBoard board = Probed();

        board.StartFirmware();

        Assert.AreEqual(1, board.Notifications(Constant("am62x_registers.h", @"AM62X_CRASH_ID = (\w+)")));
    }

    // Linux reads the table from the image before the firmware runs. It has to be the firmware's own, or Linux is asked to recover.
    [TestMethod]
    public void Table_OfTheImage_IsTheOneThatTheFirmwarePublishes()
    {
        TestBoard board = Start();
        string lines = Regex.Replace(File.ReadAllText(Path.Combine(folder, "native", "am62x_table.inc")), "//.*", "");
        uint[] image = [.. Regex.Matches(lines, @"\w+").Select(match => Number(match.Value))];

        uint[] published = [.. Enumerable.Range(0, image.Length).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(board.Sram.AsSpan(4 * i)))];

        Assert.AreEqual(24, image.Length);
        Assert.AreEqual(string.Join(' ', published.Select(word => word.ToString("x"))), string.Join(' ', image.Select(word => word.ToString("x"))));
    }

    [TestMethod]
    [DataRow("native/am62x_registers.h", @"AM62X_POOL UINT32_C\((\w+)\)", Am62xBoard.PoolAddress)]
    [DataRow("native/am62x_registers.h", @"AM62X_POOL_LENGTH UINT32_C\((\w+)\)", Am62xBoard.PoolSize)]
    [DataRow("native/am62x_registers.h", @"AM62X_TABLE UINT32_C\((\w+)\)", Am62xBoard.TableAddress)]
    [DataRow("native/vgpio_am62x.ld", @"TABLE +: ORIGIN = (\w+)", Am62xBoard.TableAddress)]
    public void Place_InNativesAndLinkerScript_IsTheBoards(string file, string pattern, uint expected)
    {
        Assert.AreEqual(expected, Number(Regex.Match(File.ReadAllText(Path.Combine(folder, file)), pattern).Groups[1].Value));
    }

    // A pad's offset in the pin controller is four times its pin's number.
    [TestMethod]
    public void Pads_OfTheDeviceTree_AreThoseOfTheLines()
    {
        string tree = File.ReadAllText(Path.Combine(folder, "linux", "k3-am625-sk-vgpio.dtso"));
        string[] pads = [.. Regex.Matches(tree, @"AM62X_MCU_IOPAD\((\w+), PIN_INPUT\w*, 7\) /\* \w+\.(MCU_GPIO0_\d+) \*/")
            .Select(match => $"{Number(match.Groups[1].Value)} {match.Groups[2].Value}")];

        string[] lines = [.. Enumerable.Range(0, Am62xBoard.LineCount)
            .Select(line => $"{4 * Am62xBoard.PinOf(line)} {Am62xBoard.Describe().Lines[line].Name}")];

        Assert.AreEqual(string.Join(", ", lines), string.Join(", ", pads));
    }

    private static int Constant(string file, string pattern) =>
        (int)Number(Regex.Match(File.ReadAllText(Path.Combine(folder, "native", file)), pattern).Groups[1].Value);

    private static uint Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? uint.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : uint.Parse(text, CultureInfo.InvariantCulture);

    private static TestBoard Start()
    {
        Wiring wiring = new()
        {
            SramAddress = Am62xBoard.TableAddress,
            DramAddress = Am62xBoard.PoolAddress,
            DramCpuAddress = Am62xBoard.PoolAddress,
            RingPages = 0x30000,
            Pins = [.. Enumerable.Range(0, Am62xBoard.LineCount).Select(Am62xBoard.PinOf)],
        };
        return new TestBoard(Am62xBoard.Describe(), wiring, isLatched: true);
    }

    private static TestBoard Probed()
    {
        TestBoard board = Start();
        board.Driver.ProbeAndTurn();
        return board;
    }
}
