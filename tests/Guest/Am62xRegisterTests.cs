// The registers of boards/am62x are those that Linux's own drivers use.

using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class Am62xRegisterTests
{
    private static readonly string registers = File.ReadAllText(Path.Combine(Support.Project.Root, "boards", "am62x", "native", "am62x_registers.h"));

    // struct davinci_gpio_regs, 32 bits each, is at 0x10.
    [TestMethod]
    [DataRow("DIRECTION", "dir")]
    [DataRow("SET", "set_data")]
    [DataRow("CLEAR", "clr_data")]
    [DataRow("LEVEL", "in_data")]
    [DataRow("RISING_ON", "set_rising")]
    [DataRow("RISING_OFF", "clr_rising")]
    [DataRow("FALLING_ON", "set_falling")]
    [DataRow("FALLING_OFF", "clr_falling")]
    [DataRow("STATUS", "intstat")]
    public void Pins_ARegister_IsWhereLinuxHasIt(string register, string linux)
    {
        string driver = Source("drivers/gpio/gpio-davinci.c");
        string members = Regex.Match(driver, @"struct davinci_gpio_regs \{(.*?)\};", RegexOptions.Singleline).Groups[1].Value;
        int index = Array.IndexOf([.. Regex.Matches(members, @"u32\s+(\w+);").Select(match => match.Groups[1].Value)], linux);
        int first = Number(driver, @"offset_array\[5\] = \{(\w+),");

        Assert.IsGreaterThanOrEqualTo(0, index);
        Assert.AreEqual(first + 4 * index, Number(registers, $@"AM62X_GPIO_{register} \(AM62X_GPIO \+ (\w+)\)"));
    }

    [TestMethod]
    [DataRow("MESSAGE(fifo)", "MAILBOX_MESSAGE(m)")]
    [DataRow("FULL(fifo)", "MAILBOX_FIFOSTATUS(m)")]
    [DataRow("COUNT(fifo)", "MAILBOX_MSGSTATUS(m)")]
    [DataRow("STATUS", "OMAP4_MAILBOX_IRQSTATUS(u)")]
    [DataRow("ENABLE", "OMAP4_MAILBOX_IRQENABLE(u)")]
    [DataRow("DISABLE", "OMAP4_MAILBOX_IRQENABLE_CLR(u)")]
    public void Mailbox_ARegister_IsWhereLinuxHasIt(string register, string linux)
    {
        Match ours = Regex.Match(registers, "AM62X_MAILBOX_" + Regex.Escape(register) + @" \(AM62X_MAILBOX \+ (\w+) \+ (\w+) \* ");
        Match theirs = Regex.Match(Source("drivers/mailbox/omap-mailbox.c"), "#define " + Regex.Escape(linux) + @"\s+\((\w+) \+ (\w+) \* ");

        Assert.IsTrue(ours.Success && theirs.Success);
        Assert.AreEqual(Number(theirs.Groups[1].Value), Number(ours.Groups[1].Value));
        Assert.AreEqual(Number(theirs.Groups[2].Value), Number(ours.Groups[2].Value));
    }

    [TestMethod]
    [DataRow("CRASH")]
    [DataRow("ECHO_REQUEST")]
    [DataRow("ECHO_REPLY")]
    public void Message_OutOfBand_IsTheOneOfRemoteproc(string message)
    {
        Assert.AreEqual(
            Number(Source("drivers/remoteproc/omap_remoteproc.h"), $@"RP_MBOX_{message}\s+= (\w+)"),
            Number(registers, $@"AM62X_MESSAGE_{message} UINT32_C\((\w+)\)"));
    }

    // What Linux loads at a device address arrives where the M4F, by vgpio_am62x.ld, expects it.
    [TestMethod]
    [DataRow("IRAM", "VECTORS")]
    [DataRow("DRAM", "DRAM")]
    public void Memory_OfTheLinkerScript_IsWhereTheDriverLoads(string linux, string region)
    {
        string script = File.ReadAllText(Path.Combine(Support.Project.Root, "boards", "am62x", "native", "vgpio_am62x.ld"));

        Assert.AreEqual(Number(Source("drivers/remoteproc/ti_k3_m4_remoteproc.c"), $@"K3_M4_{linux}_DEV_ADDR (\w+)"), Number(script, region + @" *: ORIGIN = (\w+)"));
    }

    private static string Source(string file) => File.ReadAllText(Path.Combine(GuestRig.Folder, "source", file));

    private static int Number(string text, string pattern)
    {
        Match match = Regex.Match(text, pattern);
        Assert.IsTrue(match.Success, pattern);
        return Number(match.Groups[1].Value);
    }

    private static int Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? int.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : int.Parse(text, CultureInfo.InvariantCulture);
}
