// Scenarios as text: what is read, and how a line that cannot be is refused.

using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class ScenarioTests
{
    [TestMethod]
    [DataRow("set user-button low", ScenarioVerb.Set, "user-button", "low", 0)]
    [DataRow("set 9 high", ScenarioVerb.Set, "9", "high", 0)]
    [DataRow("set imu-int1 float", ScenarioVerb.Set, "imu-int1", "float", 0)]
    [DataRow("press user-button 50ms", ScenarioVerb.Press, "user-button", "", 50)]
    [DataRow("pulse imu-int1 0.25s", ScenarioVerb.Pulse, "imu-int1", "", 250)]
    [DataRow("pulse imu-int1 2000us", ScenarioVerb.Pulse, "imu-int1", "", 2)]
    [DataRow("at 3600s", ScenarioVerb.At, "", "", 3600000)]
    [DataRow("temperature -12.5", ScenarioVerb.Temperature, "", "-12.5", 0)]
    [DataRow("expect status-led high", ScenarioVerb.Expect, "status-led", "high", 0)]
    [DataRow("linux  echo a  b # c ", ScenarioVerb.Linux, "", "echo a  b # c", 0)]
    [DataRow("linux # c", ScenarioVerb.Linux, "", "# c", 0)]
    [DataRow("kill", ScenarioVerb.Kill, "", "", 0)]
    [DataRow("start", ScenarioVerb.Start, "", "", 0)]
    [DataRow("suspend", ScenarioVerb.Suspend, "", "", 0)]
    [DataRow("\t kill\t# it", ScenarioVerb.Kill, "", "", 0)]
    [DataRow("kill#", null, "1:1", "\"kill#\"", 0)]
    public void Line_OfAnAction_IsReadOrRefused(string text, ScenarioVerb? verb, string line, string value, int ms)
    {
        if (verb is null)
        {
            Assert.StartsWith($"f:{line}: {value}", RefusalOf(text));
            return;
        }

        ScenarioAction action = Scenario.Parse("f", text).Actions.Single();
        Assert.AreEqual((verb.Value, 1, line, value, (double)ms), (action.Verb, action.Row, action.Line, action.Value, action.Time.TotalMilliseconds));
        Assert.AreEqual(TimeSpan.Zero, action.Within);
    }

    [TestMethod]
    [DataRow("within 2s expect status-led high")]
    [DataRow("within 2s linux true")]
    public void Within_BeforeWhatCanBeTriedAgain_IsItsTime(string text)
    {
        Assert.AreEqual(TimeSpan.FromSeconds(2), Scenario.Parse("f", text).Actions.Single().Within);
    }

    [TestMethod]
    public void Text_WithCommentsAndEmptyLines_NamesTheRowsOfTheFile()
    {
        Scenario scenario = Scenario.Parse("f", "# begins\r\n\r\n  kill # ends\r\n\t\nstart\n");

        CollectionAssert.AreEqual(new[] { (3, "kill"), (5, "start") }, scenario.Actions.Select(action => (action.Row, action.Text)).ToArray());
        Assert.IsEmpty(Scenario.Parse("f", "").Actions);
    }

    [TestMethod]
    [DataRow("jump", "1:1: \"jump\": there is no such action")]
    [DataRow("\n Kill", "2:2: \"Kill\": there is no such action")]
    [DataRow("set", "1:4: the line ends: the board has no such line")]
    [DataRow("set nobody low", "1:5: \"nobody\": the board has no such line")]
    [DataRow("set 19 low", "1:5: \"19\": the board has no such line")]
    [DataRow("set -1 low", "1:5: \"-1\": the board has no such line")]
    [DataRow("set status-led", "1:15: the line ends: say low or high or float")]
    [DataRow("set status-led LOW", "1:16: \"LOW\": say low or high or float")]
    [DataRow("set status-led low high", "1:20: \"high\": there is more")]
    [DataRow("expect status-led float", "1:19: \"float\": say low or high")]
    [DataRow("press status-led 50", "1:18: \"50\": say a time")]
    [DataRow("press status-led 50 ms", "1:18: \"50\": say a time")]
    [DataRow("press status-led -5ms", "1:18: \"-5ms\": say a time")]
    [DataRow("press status-led 1e3ms", "1:18: \"1e3ms\": say a time")]
    [DataRow("at 3600.1s", "1:4: \"3600.1s\": say a time")]
    [DataRow("at 99999999999999999999s", "1:4: \"99999999999999999999s\": say a time")]
    [DataRow("at", "1:3: the line ends: say a time")]
    [DataRow("linux", "1:6: the line ends: say a command")]
    [DataRow("linux   ", "1:9: the line ends: say a command")]
    [DataRow("temperature 125.5", "1:13: \"125.5\": say degrees")]
    [DataRow("temperature 20.01", "1:13: \"20.01\": say degrees")]
    [DataRow("temperature 1,5", "1:13: \"1,5\": say degrees")]
    [DataRow("within 2s", "1:10: the line ends: say linux or expect")]
    [DataRow("within 2s kill", "1:11: \"kill\": say linux or expect")]
    [DataRow("within expect status-led low", "1:8: \"expect\": say a time")]
    [DataRow("kill kill", "1:6: \"kill\": there is more")]
    [DataRow("kill\n# fine\n  press user-button soon # wrong", "3:21: \"soon\": say a time")]
    public void Line_ThatIsNoAction_IsRefusedWithRowAndColumn(string text, string refusal)
    {
        Assert.StartsWith($"f:{refusal}", RefusalOf(text));
    }

    [TestMethod]
    public void Text_OfRandomWordsAndCharacters_IsReadOrRefusedWhereItIsWrong()
    {
        string[] words =
        [
            "at", "set", "press", "pulse", "expect", "linux", "within", "temperature", "kill", "start", "suspend", "low", "high", "float", "50ms", "1.5s",
            "2us", "25", "user-button", "status-led", "9", "#", " ", "\t", "\n", "\r\n", "\u2028", "\0", "é", "💡", "-", ".", "",
        ];
        Random random = new(Settings.Seed);
        int read = 0;
        int refused = 0;
        for (int step = 0; step < 20000; step++)
        {
            string text = string.Join(random.Next(4) == 0 ? "" : " ", Enumerable.Range(0, random.Next(1, 12)).Select(_ => words[random.Next(words.Length)]));
            try
            {
                Scenario.Parse("f", text);
                read++;
            }
            catch (ScenarioException e)
            {
                Match place = Regex.Match(e.Message, @"\Af:(\d+):(\d+): ");
                string[] rows = text.ReplaceLineEndings("\n").Split('\n');
                Assert.IsTrue(place.Success && int.Parse(place.Groups[1].Value) <= rows.Length, $"{text}: {e.Message}");
                Assert.IsInRange(1, rows[int.Parse(place.Groups[1].Value) - 1].Length + 1, int.Parse(place.Groups[2].Value), $"{text}: {e.Message}");
                refused++;
            }
        }

        Assert.IsGreaterThan(0, read);
        Assert.IsGreaterThan(0, refused);
        Numbers.Say($"{read + refused} random scenarios: {read} read, {refused} refused (seed {Settings.Seed})");
    }

    [TestMethod]
    public void File_ThatIsNotThere_IsRefusedByItsName()
    {
        Assert.StartsWith("/nowhere/x.scenario: ", Assert.ThrowsExactly<ScenarioException>(() => Scenario.Load("/nowhere/x.scenario")).Message);
    }

    [TestMethod]
    public void Files_OfTheProject_AreRead()
    {
        string[] files = Directory.GetFiles(Path.Combine(Project.Root, "boards/emulated/scenarios"), "*.scenario");

        Assert.IsNotEmpty(files);
        foreach (string file in files)
        {
            Assert.IsNotEmpty(Scenario.Load(file).Actions);
        }
    }

    private static string RefusalOf(string text) => Assert.ThrowsExactly<ScenarioException>(() => Scenario.Parse("f", text)).Message;
}
