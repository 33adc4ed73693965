// What each message costs on the interpreter, that none costs more than its budget, and no budget is far above what it costs.

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Price;

[TestClass]
public sealed class PriceTests
{
    public static IEnumerable<string> Messages => Scenario.Messages;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Budgets_OfTheFirmware_CoverEachMessage()
    {
        Numbers.Say(Bill.Heading);
        foreach (string message in Messages)
        {
            Numbers.Say(Meter.Shared.Price(message).ToString());
        }

        CollectionAssert.AreEquivalent(Messages.ToArray(), Budget.ReadAll().Keys.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Messages))]
    public void Message_ComingAlone_StaysWithinItsBudget(string message)
    {
        Bill bill = Meter.Shared.Price(message);
        TestContext.WriteLine(bill.Details());
        Budget price = new(bill.Operations, bill.Natives, bill.Bytes);
        Budget budget = Budget.ReadAll()[message];
        Assert.IsTrue(price.IsWithin(budget), $"{price} is more than {budget}{Environment.NewLine}{bill.Details()}");
        Assert.IsTrue(budget.Follows(price), $"{budget} is more than 2 % above {price}: lower it");
    }

    [TestMethod]
    [DataRow("GET_VALUE")]
    [DataRow("SET_VALUE")]
    [DataRow("idle poll")]
    public void Message_OfALineWhoseRowSaysNothing_CostsTheSameBesideLinesWhoseRowsDo(string message)
    {
        Assert.AreEqual(Meter.Shared.Price(message).Operations, Meter.Shared.Price(message + ", other lines with rows").Operations);
    }

    // Whether a line has a time is looked up three times per interrupt, on a board on which some line has one.
    [TestMethod]
    public void Interrupt_OfALineWhoseRowSaysNothing_CostsAtMostTwoPercentMoreBesideLinesWithTimes()
    {
        int alone = Meter.Shared.Price("interrupt").Operations;
        int beside = Meter.Shared.Price("interrupt, other lines with rows").Operations;
        Assert.IsLessThanOrEqualTo(alone + alone / 50, beside);
    }

    [TestMethod]
    [DynamicData(nameof(Messages))]
    public void NativeCalls_OfAMessage_AreThoseThatTheTwinsCount(string message)
    {
        Bill bill = Meter.Shared.Price(message);
        Assert.AreEqual(bill.CountedNatives, bill.Natives);
    }
}
