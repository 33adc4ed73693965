using System;
using nanoFramework.TestFramework;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class AddressWindowsTests
{
    private const ulong High = 0x100000000;

    [TestMethod]
    [DataRow(0x1000UL, 1u, 0x40000000u)]
    [DataRow(0x1000UL, 0x1000u, 0x40000000u)]
    [DataRow(0x1FFFUL, 1u, 0x40000FFFu)]
    [DataRow(High, 0x2000u, 0x50000000u)]
    [DataRow(High + 0x1FFE, 2u, 0x50001FFEu)]
    public void ToLocal_RangeInAWindow_IsTranslated(ulong address, uint length, uint expected)
    {
        Assert.AreEqual(expected, TwoWindows().ToLocal(address, length));
    }

    [TestMethod]
    [DataRow(0xFFFUL, 1u)]
    [DataRow(0xFFFUL, 2u)]
    [DataRow(0x2000UL, 1u)]
    [DataRow(0x1FFFUL, 2u)]
    [DataRow(0x1000UL, 0x1001u)]
    [DataRow(0x1001UL, 0xFFFFFFFFu)]
    [DataRow(High - 1, 2u)]
    [DataRow(High + 0x1FFF, 2u)]
    [DataRow(0xFFFFFFFFFFFFFFFFUL, 1u)]
    [DataRow(0xFFFFFFFFFFFFFFFFUL, 0xFFFFFFFFu)]
    [DataRow(0UL, 1u)]
    public void ToLocal_RangeNotWithinAWindow_IsRefused(ulong address, uint length)
    {
        Assert.AreEqual(0u, TwoWindows().ToLocal(address, length));
    }

    [TestMethod]
    public void ToLocal_RangeAcrossNeighbouringWindows_IsRefused()
    {
        AddressWindows windows = new(2);
        windows.Add("a", 0x1000, 0x1000, 0x40000000);
        windows.Add("b", 0x2000, 0x1000, 0x50000000);

        Assert.AreEqual(0u, windows.ToLocal(0x1FFF, 2));
    }

    [TestMethod]
    [DataRow("empty", 0x5000UL, 0UL, 0x60000000u)]
    [DataRow("wraps", 0xFFFFFFFFFFFFF000UL, 0x1001UL, 0x60000000u)]
    [DataRow("local 0", 0x5000UL, 0x1000UL, 0u)]
    [DataRow("local wraps", 0x5000UL, 0x1000UL, 0xFFFFF001u)]
    [DataRow("same bus address", 0x1800UL, 0x10UL, 0x60000000u)]
    [DataRow("around it", 0x0UL, 0x10000UL, 0x60000000u)]
    [DataRow("same local address", 0x5000UL, 0x1000UL, 0x3FFFFFFFu)]
    public void Add_WindowThatCannotBe_IsRefusedByName(string name, ulong address, ulong length, uint local)
    {
        AddressWindows windows = new(3);
        windows.Add("first", 0x1000, 0x1000, 0x40000000);
        string message = "";
        try
        {
            windows.Add(name, address, length, local);
        }
        catch (ArgumentException e)
        {
            message = e.Message;
        }

        Assert.Contains("window " + name, message);
    }

    [TestMethod]
    public void Add_WindowUpToTheLastAddress_IsAccepted()
    {
        AddressWindows windows = new(1);
        windows.Add("top", 0xFFFFFFFFFFFFF000, 0x1000, 0xFFFFF000);

        Assert.AreEqual(0xFFFFFFFFu, windows.ToLocal(0xFFFFFFFFFFFFFFFF, 1));
        Assert.AreEqual(0u, windows.ToLocal(0xFFFFFFFFFFFFFFFF, 2));
    }

    [TestMethod]
    public void Add_OneMoreThanDeclared_IsRefused()
    {
        AddressWindows windows = new(1);
        windows.Add("a", 0x1000, 0x1000, 0x40000000);

        Assert.ThrowsException(typeof(ArgumentException), () => windows.Add("b", 0x5000, 1, 0x50000000));
    }

    [TestMethod]
    [DataRow(0x40000000u, 0x1000u, 0x1000UL)]
    [DataRow(0x40000FFFu, 1u, 0x1FFFUL)]
    [DataRow(0x50001FFEu, 2u, High + 0x1FFE)]
    [DataRow(0x40000FFFu, 2u, ulong.MaxValue)]
    [DataRow(0x3FFFFFFFu, 2u, ulong.MaxValue)]
    [DataRow(0x50000001u, 0xFFFFFFFFu, ulong.MaxValue)]
    [DataRow(0u, 1u, ulong.MaxValue)]
    [DataRow(0xFFFFFFFFu, 1u, ulong.MaxValue)]
    public void ToBus_Range_IsTranslatedIfItIsInAWindow(uint local, uint length, ulong expected)
    {
        Assert.AreEqual(expected, TwoWindows().ToBus(local, length));
    }

    // The start, the middle and the end of the second window, and all of it.
    [TestMethod]
    [DataRow(0x50000000u, 0x100u)]
    [DataRow(0x50000800u, 0x100u)]
    [DataRow(0x50001F00u, 0x100u)]
    [DataRow(0x50000000u, 0x2000u)]
    public void Exclude_PartOfAWindow_IsClosedAndNothingElse(uint local, uint length)
    {
        AddressWindows whole = TwoWindows();
        AddressWindows windows = new(whole, 1);

        windows.Exclude(local, length);

        uint hole = local - 0x50000000;
        for (uint at = 0; at < 0x2000; at += 0x80)
        {
            Assert.AreEqual(at - hole < length ? 0u : 0x50000000 + at, windows.ToLocal(High + at, 0x80));
        }

        Assert.AreEqual(0u, windows.ToLocal(High, 0x2000));
        Assert.AreEqual(0u, windows.ToLocal(High + hole + length - 1, 1));
        Assert.AreEqual(0u, hole == 0 ? 0 : windows.ToLocal(High + hole - 1, 2));
        Assert.AreEqual(0x40000000u, windows.ToLocal(0x1000, 0x1000));
        Assert.AreEqual(0x50000000u, whole.ToLocal(High, 0x2000), "it was a copy");
        windows.Restore(whole);
        Assert.AreEqual(0x50000000u, windows.ToLocal(High, 0x2000));
    }

    [TestMethod]
    public void Exclude_TwoPartsOfAWindow_LeavesThree()
    {
        AddressWindows windows = new(TwoWindows(), 2);

        windows.Exclude(0x50000400, 0x100);
        windows.Exclude(0x50001400, 0x100);

        Assert.AreEqual(0x50000000u, windows.ToLocal(High, 0x400));
        Assert.AreEqual(0x50000500u, windows.ToLocal(High + 0x500, 0xF00));
        Assert.AreEqual(0x50001500u, windows.ToLocal(High + 0x1500, 0xB00));
        Assert.AreEqual(0u, windows.ToLocal(High + 0x14FF, 1));
        Assert.AreEqual(0u, windows.ToLocal(High + 0x4FF, 1));
    }

    [TestMethod]
    public void Exclude_OutsideOfAllWindows_ClosesNothing()
    {
        AddressWindows windows = new(TwoWindows(), 1);

        windows.Exclude(0x20000000, 0x1000);

        Assert.AreEqual(0x40000000u, windows.ToLocal(0x1000, 0x1000));
        Assert.AreEqual(0x50000000u, windows.ToLocal(High, 0x2000));
    }

    private static AddressWindows TwoWindows()
    {
        AddressWindows windows = new(2);
        windows.Add("low", 0x1000, 0x1000, 0x40000000);
        windows.Add("high", High, 0x2000, 0x50000000);
        return windows;
    }
}
