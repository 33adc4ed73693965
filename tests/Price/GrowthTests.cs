// What a message costs does not depend on how many lines the board has.

using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Price;

[TestClass]
public sealed class GrowthTests
{
    public static IEnumerable<string> Kinds => Growth.All.Select(growth => growth.Kind).Distinct();

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Message_OnABoardOfMoreLines_CostsNoMore(string kind)
    {
        Growth[] compared = Growth.All.Where(growth => growth.Kind == kind).ToArray();
        Bill[] bills = compared.Select(growth => Meter.Shared.Price(growth)).ToArray();
        int[] prices = compared.Zip(bills, (growth, bill) => bill.Operations / growth.Busy).ToArray();
        Numbers.Say($"{kind}: {string.Join(", ", compared.Zip(prices, (growth, price) => $"{growth.Lines} lines {price}"))} operations each");
        Assert.IsLessThanOrEqualTo(prices[0], prices.Max(), bills[^1].Details());
    }
}
