// The recorder of the emulated board: what it takes as one moment, and what it does to the lines.

using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated;
using VirtioGpio.Emulated.Board;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public unsafe class RecorderTests
{
    private readonly string path = Path.GetTempFileName();
    private readonly byte* memory = (byte*)NativeMemory.AllocZeroed((nuint)PinPage.SizeOf(EmulatedBoard.PinCount));
    private readonly int led = EmulatedBoard.LinePins[0];
    private readonly PinPage pins;
    private readonly Recorder recorder;

    public RecorderTests()
    {
        pins = new PinPage(memory, EmulatedBoard.PinCount);
        recorder = new Recorder(path);
        pins.SetOutside(led, Outside.High);
        pins.Settle();
        recorder.Begin(pins);
    }

    [TestCleanup]
    public void Free()
    {
        NativeMemory.Free(memory);
        File.Delete(path);
    }

    [TestMethod]
    public void EveryLine_WhileItRecords_IsFollowed()
    {
        Assert.IsTrue(EmulatedBoard.LinePins.All(pins.IsFollowed));
    }

    [TestMethod]
    public void FirstValues_OfTheFile_AreThoseOfTheBoard()
    {
        Assert.AreEqual("1", Waveforms.Load(path).At("board.levels.status_led", 0));
        Assert.AreEqual("1", Waveforms.Load(path).At("board.outside.status_led_drive", 0));
        Assert.AreEqual("z", Waveforms.Load(path).At("board.outside.user_button_drive", 0));
    }

    // The board has settled before the write came: its level is not that of the write.
    [TestMethod]
    public void Write_AfterTheBoardHasSettled_IsRecordedWithItsLevelOnly()
    {
        pins.SetOutside(led, Outside.Floating);
        pins.Settle();
        pins.SetOutput(led, true);
        pins.SetMode(led, PadMode.Output);

        Assert.IsFalse(recorder.Sample());
        Assert.AreEqual("0", ValuesOf("core.status_led_output"));
        pins.Settle();
        Assert.IsTrue(recorder.Sample());

        Assert.AreEqual("0 1", ValuesOf("core.status_led_output"));
        Assert.AreEqual("0 11", ValuesOf("core.status_led_mode"));
        Assert.AreEqual("1", ValuesOf("levels.status_led"));
    }

    [TestMethod]
    public void Doorbells_Rung_ChangeEachTime()
    {
        recorder.Ring(isFromLinux: true, 0);
        recorder.Ring(isFromLinux: true, 0);
        recorder.Ring(isFromLinux: false, 1);

        Assert.AreEqual("0 1 0", ValuesOf("doorbells.linux_requestq"));
        Assert.AreEqual("0", ValuesOf("doorbells.core_requestq"));
        Assert.AreEqual("0 1", ValuesOf("doorbells.core_eventq"));
    }

    [TestMethod]
    public void CoProcessor_OnItsWay_IsStartingThenConnected()
    {
        foreach (CoreState state in new[] { CoreState.Starting, CoreState.Connected, CoreState.Off })
        {
            recorder.SetCore(state);
        }

        Assert.AreEqual("0 1 0", ValuesOf("core.starting"));
        Assert.AreEqual("0 1 0", ValuesOf("core.connected"));
    }

    [TestMethod]
    public void Chip_ThatPullsALineLow_DrivesItFromOutside()
    {
        int sda = EmulatedBoard.LinePins[System.Array.IndexOf(EmulatedBoard.LineNames, "sensor-sda")];
        pins.SetPulledLow(sda, true);
        pins.Settle();
        recorder.Sample();

        Assert.AreEqual("z 0", ValuesOf("outside.sensor_sda_drive"));
    }

    private string ValuesOf(string variable) => string.Join(' ', Waveforms.Load(path).Of($"board.{variable}").Select(change => change.Value));
}
