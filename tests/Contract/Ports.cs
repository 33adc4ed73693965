// The ports there are: the boards of plain arrays, and the firmware process's port on a running board, each with both kinds of pins.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Boards.EmulatedB;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Contract;

[TestClass]
public class TestBoardPort : PortContract
{
    private readonly TestBoard board;
    private readonly int[] taken = new int[2];

    public TestBoardPort() => board = Start();

    protected virtual bool IsLatched => false;

    protected virtual TestBoard Start() => new(isLatched: IsLatched);

    protected override SharedMemory Memory => board.Memory;

    protected override Mailbox Mailbox => board.Mailbox;

    protected override IPins Pins => board.Pins;

    protected override uint Scratch => TestBoard.SramAddress + 0x800;

    protected override uint NoMemory => 0x30000000;

    protected override int Line => 5;

    protected override bool Sleeps => false;

    protected override void DriveLine(bool high) => board.Drive(Line, high);

    protected override void LetGoOfLine() => board.LetGo(Line);

    protected override bool LineSeenOutside() => board.LevelAt(Line);

    protected override void RingCore(int notifyId) => board.Mailbox.Wake(1 << notifyId);

    protected override bool WasLinuxRung(int notifyId)
    {
        bool wasRung = board.Notifications(notifyId) != taken[notifyId];
        taken[notifyId] = board.Notifications(notifyId);
        return wasRung;
    }
}

[TestClass]
public class EmulatedBoardPort : PortContract
{
    private const string LineName = "wifi-reset";
    private Rig rig = null!;
    private ProcessPort port = null!;

    protected virtual bool IsLatched => false;

    protected override SharedMemory Memory => port.Memory;

    protected override Mailbox Mailbox => port.Mailbox;

    protected override IPins Pins => port.Pins;

    protected override uint Scratch => 0x20008000;

    protected override uint NoMemory => 0x30000000;

    protected override int Line => 5;

    [TestInitialize]
    public void PowerOn()
    {
        rig = Rig.Create(new RigOptions(GuestFolder: ""));
        port = new ProcessPort(rig.Folder, IsLatched);
    }

    [TestCleanup]
    public void PowerOff()
    {
        port.Dispose();
        rig.Dispose();
    }

    protected override void DriveLine(bool high) => rig.Board.Set(LineName, high ? "high" : "low");

    protected override void LetGoOfLine() => rig.Board.Set(LineName, "float");

    protected override bool LineSeenOutside() => rig.Board.Get(LineName) == 1;

    protected override void RingCore(int notifyId) => port.RingCore(notifyId);

    protected override bool WasLinuxRung(int notifyId) => port.TakeRingToLinux(notifyId);
}

[TestClass]
public class TestBoardLatchedPort : TestBoardPort
{
    protected override bool IsLatched => true;
}

[TestClass]
public class BoardBPort : TestBoardPort
{
    protected override uint Scratch => EmulatedBoardB.SharedAddress + 0x8000;

    protected override TestBoard Start() => BoardB.Start(IsLatched);
}

[TestClass]
public class BoardBLatchedPort : BoardBPort
{
    protected override bool IsLatched => true;
}

[TestClass]
public class EmulatedBoardLatchedPort : EmulatedBoardPort
{
    protected override bool IsLatched => true;
}

[TestClass]
public class TestBoardPads : PadsContract
{
    private const int Line = 5;
    private readonly TestBoard board = new(isLatched: true);

    protected override Pads Pads => board.Pads;

    protected override int OpenPin => Line + 3;

    protected override int FreePin => 100;

    protected override void DrivePin(bool high) => board.Drive(Line, high);

    protected override void AwaitInterrupt() => Assert.AreEqual(Mailbox.PinsChanged, board.Mailbox.Wait(0));
}

[TestClass]
public class EmulatedBoardPads : PadsContract
{
    private const int Line = 5;
    private Rig rig = null!;
    private ProcessPort port = null!;

    protected override Pads Pads => port.Pads;

    protected override int OpenPin => EmulatedBoard.LinePins[Line];

    protected override int FreePin => 0;

    [TestInitialize]
    public void PowerOn()
    {
        rig = Rig.Create(new RigOptions(GuestFolder: ""));
        port = new ProcessPort(rig.Folder, isLatched: true);
    }

    [TestCleanup]
    public void PowerOff()
    {
        port.Dispose();
        rig.Dispose();
    }

    protected override void DrivePin(bool high) => rig.Board.Set($"{Line}", high ? "high" : "low");

    protected override void AwaitInterrupt() => Assert.AreEqual(Mailbox.PinsChanged, port.Mailbox.Wait(10_000));
}
