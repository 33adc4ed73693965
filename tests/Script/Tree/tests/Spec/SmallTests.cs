// A suite that ends as SMALL_END says: by itself, or in the middle.

using System;
using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Small;

[TestClass]
public class SmallTests
{
    private const int Answer = 42;

    [TestMethod]
    public void First_OfThree_Passes() => Assert.AreEqual(42, int.Parse($"{Answer}"));

    [TestMethod]
    public void Second_OfThree_EndsAsItIsTold()
    {
        switch (Environment.GetEnvironmentVariable("SMALL_END"))
        {
            case "exit":
                Environment.Exit(0);
                break;
            case "kill":
                Process.GetCurrentProcess().Kill();
                break;
            case "recursion":
                Recurse(0);
                break;
            case "skip":
                Assert.Inconclusive("it is told so");
                break;
        }
    }

    [TestMethod]
    public void Third_OfThree_Passes() => Assert.AreEqual(3, "3rd"[0] - '0');

    private static int Recurse(int depth) => Recurse(depth + 1) + Recurse(depth);
}
