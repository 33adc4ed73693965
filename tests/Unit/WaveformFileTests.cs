// Value change dumps: what the board writes is what is read; what breaks the format is refused.

using System;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Board;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class WaveformFileTests
{
    private const string Header = "$timescale 1 us $end\n$scope module a $end\n$var wire 1 ! b $end\n$var reg 3 \" c [2:0] $end\n$upscope $end\n$enddefinitions $end\n";
    private const string First = "#0\n$dumpvars\n0!\nb0 \"\n$end\n";

    private readonly string path = Path.GetTempFileName();

    [TestCleanup]
    public void Remove() => File.Delete(path);

    [TestMethod]
    public void Values_Written_AreRead()
    {
        VcdWriter writer = new(path);
        int level = writer.Declare("some lines", "wire", 1, "status-led");
        int mode = writer.Declare("core", "reg", 3, "9.mode");
        writer.Set(mode, "11");
        writer.Begin("what it means");
        writer.Set(level, "1");
        writer.Set(mode, "100");
        writer.Write();
        writer.Set(level, "1");
        writer.Write();
        writer.Set(level, "z");
        writer.Write();
        Waveforms waves = Waveforms.Load(path);

        Assert.AreEqual("0 1 z", string.Join(' ', waves.Of("board.some_lines.status_led").Select(change => change.Value)));
        Assert.AreEqual("11 100", string.Join(' ', waves.Of("board.core.__mode").Select(change => change.Value)));
        long[] times = [.. waves.Of("board.some_lines.status_led").Select(change => change.Time)];
        Assert.AreEqual(times[1], waves.Of("board.core.__mode")[1].Time, "set together");
        Assert.IsTrue(times[0] < times[1] && times[1] < times[2], "what came later is shown later");
        Assert.AreEqual("1", waves.At("board.some_lines.status_led", times[2] - 1));
        Assert.AreEqual("z", waves.At("board.some_lines.status_led", times[2] + 1));
        Assert.AreEqual(times[2], waves.End);
    }

    [TestMethod]
    public void Variables_MoreThanCodesOfOneCharacter_AreToldApart()
    {
        const int Many = 94 * 94 + 95;
        VcdWriter writer = new(path);
        int[] variables = [.. Enumerable.Range(0, Many).Select(i => writer.Declare("many", "wire", 1, $"v{i}"))];
        writer.Begin("");
        writer.Set(variables[^1], "1");
        writer.Write();
        Waveforms waves = Waveforms.Load(path);

        Assert.AreEqual(Many, waves.Names.Count());
        Assert.AreEqual($"board.many.v{Many - 1}", waves.Names.Single(name => waves.Of(name).Count == 2));
    }

    [TestMethod]
    public void File_AfterEachWrite_IsWhole()
    {
        VcdWriter writer = new(path);
        int level = writer.Declare("a", "wire", 1, "b");
        writer.Begin("");
        for (int i = 1; i <= 100; i++)
        {
            writer.Set(level, i % 2 == 0 ? "0" : "1");
            writer.Write();
            Assert.HasCount(i + 1, Waveforms.Load(path).Of("board.a.b"));
        }
    }

    [TestMethod]
    public void File_OnAFullDisk_EndsTheRecordingAlone()
    {
        using StringWriter said = new();
        TextWriter before = Console.Error;
        Console.SetError(said);
        VcdWriter writer = new("/dev/full");
        int level = writer.Declare("a", "wire", 1, "b");
        writer.Begin("");
        Console.SetError(before);
        writer.Set(level, "1");
        writer.Write();

        Assert.Contains("/dev/full: ", said.ToString());
    }

    [TestMethod]
    [DataRow("", "row 1")]
    [DataRow("$timescale 1 us $end\n", "row 2: the header does not end")]
    [DataRow("$timescale 1 fs $end\n", "row 1: no declaration")]
    [DataRow("$upscope $end\n", "row 1: there is no scope")]
    [DataRow("$var wire 0 ! a $end\n", "row 1: no variable")]
    [DataRow("$var event 1 ! a $end\n", "row 1: no variable")]
    [DataRow("$var wire 1 é a $end\n", "row 1: no identifier code")]
    [DataRow("$var wire 1 ! a $end\n$var wire 1 ! b $end\n", "row 2: no identifier code, or given twice")]
    [DataRow("$var wire 1 ! a $end\n$var wire 1 # a $end\n", "row 2: declared twice")]
    [DataRow("$var wire 1 ! status-led $end\n", "row 1: no identifier: status-led")]
    [DataRow("$var reg 3 ! a [3:0] $end\n", "row 1: no range")]
    [DataRow("$enddefinitions $end\n", "row 1: the header ends")]
    [DataRow(Header, "row 7: there is no time 0")]
    [DataRow(Header + "#1\n$dumpvars\n", "row 7: the first values")]
    [DataRow(Header + "#0\n$dumpvars\n0!\n", "row 10: $dumpvars does not end")]
    [DataRow(Header + "#0\n$dumpvars\n0!\n$end\n", "row 10: $dumpvars has each")]
    [DataRow(Header + First + "#5\n1!\n#4\n", "row 14: no time after 5")]
    [DataRow(Header + First + "#x\n", "row 12: no time")]
    [DataRow(Header + First + "#5\n1#\n", "row 13: no change")]
    [DataRow(Header + First + "#5\n2!\n", "row 13: no value of a.b")]
    [DataRow(Header + First + "#5\nb1 !\n", "row 13: no value of a.b")]
    [DataRow(Header + First + "#5\n1\"\n", "row 13: no value of a.c")]
    [DataRow(Header + First + "#5\nb1010 \"\n", "row 13: no value of a.c")]
    [DataRow(Header + First + "#5\nb \"\n", "row 13: no value of a.c")]
    [DataRow(Header + First + "\n", "row 12: no change")]
    public void File_ThatBreaksTheFormat_IsRefusedWithTheRow(string text, string refusal)
    {
        Assert.StartsWith(refusal, Assert.ThrowsExactly<InvalidDataException>(() => Waveforms.Read(new StringReader(text))).Message);
    }
}
