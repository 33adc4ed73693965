// Corners of the life cycle: drivers that go in the middle, and other builds whose tables differ. SPEC.md names the clause of each test.

using nanoFramework.TestFramework;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class CornerClauses
{
    private const int Control = 2;

    [TestMethod]
    public void Driver_RejectedAndGone_NobodyIsRungForItAnyMore()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn(features: 1 | 1 << 28);
        board.Turn();
        int before = board.Notifications(Control);
        board.Driver.DeviceStatus = 0;
        for (int i = 0; i < 100; i++)
        {
            board.Turn();
        }

        Assert.AreEqual(before, board.Notifications(Control));
    }

    [TestMethod]
    public void IrqTypeNone_StatusChangesMeanwhile_BufferIsAnnouncedBeforeTheReply()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, 3, Gpio.Rising);
        board.Driver.Unmask(3);
        bool done = false;
        uint usedIndex = TestBoard.SramAddress + (uint)board.Driver.Requests.UsedStart + 2;
        int announced = -1;
        board.OnAccess = (address, count, isWrite) =>
        {
            if (!done && !isWrite && address >= 0x40000000 && count == 8)
            {
                done = true;
                board.Driver.DeviceStatus |= 8;
            }

            if (isWrite && address == usedIndex)
            {
                announced = board.Notifications(1);
            }
        };
        int head = board.Driver.Send(Gpio.SetIrqType, 3, 0, 8, 2);
        for (int i = 0; i < 6; i++)
        {
            board.Turn();
        }

        Assert.IsTrue(done);
        Assert.AreEqual(1, announced);
    }

    [TestMethod]
    public void Restart_AnotherBuildWithARingThatDoesNotFit_TableIsLeftAlone()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();

        // Another build with a ring too large for this board's region.
        board.Driver.PutTable(56, 32768);
        byte[] before = (byte[])board.Sram.Clone();
        board.StartFirmware();
        for (int i = 0; i < 96; i++)
        {
            Assert.AreEqual(before[TestBoard.TableOffset + i], board.Sram[TestBoard.TableOffset + i], "offset " + i);
        }
    }

    [TestMethod]
    public void Restart_AnotherBuildWithAnotherLayout_ItsTableIsReplacedWhole()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();
        byte[] sram = board.Sram;
        const int table = TestBoard.TableOffset;

        // Two entries; the vdev is 4 bytes further on.
        for (int i = 91; i >= 24; i--)
        {
            sram[table + i] = sram[table + i - 4];
        }

        board.Driver.PutTable(4, 2);
        board.Driver.PutTable(16, 24);
        board.Driver.PutTable(20, 24);
        board.StartFirmware();
        Assert.AreEqual(1, board.Notifications(Control), "asked");
        sram[table + 48] = 0;
        board.Turn();
        board.Turn();
        Assert.AreEqual(0xFFFFFFFFu, System.BitConverter.ToUInt32(sram, table + 48), "ring address");
        Assert.AreEqual((byte)0, sram[table + 44], "status");
    }

    [TestMethod]
    public void Restart_AnotherBuildWhileADriverProbes_TableIsLeftAlone()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.Probe();
        board.Driver.DeviceStatus = 3;
        board.Description.Lines = Ports.RowsNamed(Ports.NamesOf(9));
        board.StartFirmware();
        Assert.AreEqual(3, board.Driver.DeviceStatus);
        Assert.AreEqual((byte)1, board.Sram[TestBoard.TableOffset + 36]);
    }

    [TestMethod]
    public void Trigger_RejectedBecauseThePinFailed_IsArmedWhenTheLineBecomesAnInput()
    {
        FailOnce pins = null!;
        TestBoard board = new(wrap: inner => pins = new FailOnce(inner));
        board.Driver.ProbeAndTurn();
        board.Drive(3, false);
        pins.Fails = true;
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, 3, Gpio.Rising));
        pins.Fails = false;
        board.Driver.Unmask(3);
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 3, Gpio.In));
        board.Drive(3, true);
        board.Turn();
        Assert.AreEqual(3 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Trigger_AnotherThanTheOneRejectedBefore_IsArmedAlone()
    {
        FailOnce pins = null!;
        TestBoard board = new(wrap: inner => pins = new FailOnce(inner));
        board.Driver.ProbeAndTurn();
        board.Drive(3, true);
        pins.Fails = true;
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, 3, Gpio.LevelHigh));
        pins.Fails = false;
        board.Driver.Unmask(3);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 3, Gpio.Falling));

        Assert.AreEqual(-1, board.Driver.TakeEvent(), "the level is active, but nobody asked for it any more");
    }

    [TestMethod]
    public void Table_OfAnotherBuildTakenAtRunTime_LinuxIsAskedToRecover()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();
        board.Driver.DeviceStatus = 0;
        board.Turn();
        board.Driver.Probe();
        board.Driver.PutTable(56, 32768);
        board.Turn();
        board.Turn();
        Assert.AreEqual(1, board.Notifications(Control));
    }

    [TestMethod]
    public void Eventq_FilledAsFastAsItIsDrained_TheTurnEnds()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        int offered = 0;
        uint usedIndex = TestBoard.SramAddress + (uint)board.Driver.Events.UsedStart + 2;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address == usedIndex && offered < 5000)
            {
                offered++;
                board.Driver.OfferEvent(1, 99, 2, 1);
            }
        };
        board.Driver.OfferEvent(1, 99, 2, 1);
        board.Driver.Send(Gpio.SetIrqType, 3, Gpio.None, 8, 2);
        board.Turn();
        Assert.IsTrue(offered < 100, "" + offered);
    }

    private sealed class FailOnce : IPins
    {
        private readonly IPins inner;

        internal FailOnce(IPins inner) => this.inner = inner;

        internal bool Fails { get; set; }

        public bool Open(int line, int value) => inner.Open(line, value);

        public bool MakeInput(int line) => !Fails && inner.MakeInput(line);

        public bool Drive(int line, int value) => inner.Drive(line, value);

        public bool Release(int line) => inner.Release(line);

        public int Sense(int line) => inner.Sense(line);

        public bool Watch(int line, int edges) => inner.Watch(line, edges);

        public bool Rearm(int line) => inner.Rearm(line);

        public bool IsOpenDrain(int line) => false;

        public int TakeEdges() => inner.TakeEdges();
    }
}
