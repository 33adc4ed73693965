// The firmware dies at memory access and native call 1, 2, 3 ... n on a board that keeps the lines' state: what is seen outside is what would be
// seen if it had not died.

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Hostile;

[TestClass]
public class KeptStopTests
{
    [TestMethod]
    [DataRow(true, true, false)]
    [DataRow(true, false, false)]
    [DataRow(false, true, false)]
    [DataRow(false, false, false)]
    [DataRow(true, true, true)]
    [DataRow(false, false, true)]
    public void EveryScene_TheFirmwareDiesAnywhere_NobodyNotices(bool isLatched, bool holdsPads, bool isRestarted)
    {
        int deaths = 0;
        int extra = 0;
        foreach (KeptScene scene in Enum.GetValues<KeptScene>())
        {
            KeptStage undisturbed = new(scene, isLatched, holdsPads);
            undisturbed.Play(0, atNatives: false, isRestarted: false);
            foreach (bool atNatives in new[] { false, true })
            {
                for (int at = 1; ; at++)
                {
                    KeptStage stage = new(scene, isLatched, holdsPads);
                    if (!stage.Play(at, atNatives, isRestarted))
                    {
                        break;
                    }

                    deaths++;
                    string where = $"{scene}, death at {(atNatives ? "native" : "access")} {at}";
                    Assert.AreEqual(string.Join("; ", undisturbed.Replies), string.Join("; ", stage.Replies), where);
                    extra += CompareEvents(undisturbed, stage, isRestarted ? 2 : 1, where);

                    // Pads that are reset let go, and the stock driver drives a high output low for a moment.
                    if (holdsPads && isLatched)
                    {
                        Assert.AreEqual(string.Join(" ", undisturbed.Levels), string.Join(" ", stage.Levels), where);
                    }
                }
            }
        }

        Numbers.Say($"state kept, the firmware dies at every access and native call of {Enum.GetValues<KeptScene>().Length} scenes{(isRestarted ? " and of the start before them" : "")}, on {(isLatched ? "latched" : "stock")} pins that {(holdsPads ? "hold" : "let go")}: {deaths} deaths, replies{(holdsPads && isLatched ? ", levels" : "")} and events as without, but for {extra} extra events of armed edges");
        Assert.IsGreaterThan(500, deaths);
        Assert.IsGreaterThan(100, extra);
    }

    // One extra event for a line with an armed edge, for each restart, and no other difference.
    private static int CompareEvents(KeptStage expected, KeptStage actual, int restarts, string where)
    {
        int extra = 0;
        for (int line = 0; line < expected.Events.Length; line++)
        {
            List<int> left = [.. actual.Events[line]];
            foreach (int status in expected.Events[line])
            {
                Assert.IsTrue(left.Remove(status), $"{where}: line {line}: event {status} of {string.Join(" ", expected.Events[line])} is not among {string.Join(" ", actual.Events[line])}");
            }

            Assert.IsTrue(left.Count <= restarts && left.All(status => status == Gpio.Valid), $"{where}: line {line}: {string.Join(" ", actual.Events[line])} where {string.Join(" ", expected.Events[line])} was expected");
            extra += left.Count;
        }

        return extra;
    }
}
