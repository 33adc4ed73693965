// A firmware that is restarted under a driver: VIRTIO has no clause for it; the policy is SPEC.md's.

using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class RestartClauses
{
    private const int Control = 2;

    [TestMethod]
    public void Restart_RequestsPending_AreAnsweredAndLinuxIsAskedToRecover()
    {
        TestBoard board = Live();
        for (int i = 0; i < 3; i++)
        {
            board.Driver.Request(Gpio.GetDirection, i);
        }

        int first = board.Driver.Send(Gpio.GetDirection, 4, 0, 8, 2);
        int second = board.Driver.Send(Gpio.GetDirection, 5, 0, 8, 2);
        board.StartFirmware();

        Assert.AreEqual(1, board.Notifications(Control));
        board.Driver.Answer(first);
        Assert.AreEqual(2, board.Driver.Length);
        board.Driver.Answer(second);
        Assert.AreEqual(2, board.Driver.Length);
    }

    [TestMethod]
    public void Restart_DriverThere_TheTableIsNotTouched()
    {
        TestBoard board = Live();
        board.Driver.PutTable(60, 5);
        board.Driver.PutTable(80, 7);
        byte[] before = (byte[])board.Sram.Clone();

        board.StartFirmware();

        for (int i = 0; i < 96; i++)
        {
            Assert.AreEqual(before[TestBoard.TableOffset + i], board.Sram[TestBoard.TableOffset + i], "offset " + i);
        }
    }

    [TestMethod]
    public void Restart_NoDriver_NobodyIsTold()
    {
        TestBoard board = Live();
        board.Driver.DeviceStatus = 1;

        board.StartFirmware();

        Assert.AreEqual(0, board.Notifications(Control));
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    [TestMethod]
    public void Restart_LinesInUse_AreIdleAndTheDriverCanTakeThemAgain()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);

        board.StartFirmware();

        Assert.AreEqual(PadMode.Input, board.ModeOf(0));
        board.Drive(1, true);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "the interrupt is not enabled any more");
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);
        board.Drive(1, false);
        board.Turn();
        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Restart_DriverTakesItsInterruptDown_IsAnswered()
    {
        TestBoard board = Live();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);

        board.StartFirmware();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 1, Gpio.None));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 1, Gpio.None));
    }

    [TestMethod]
    public void Restart_AnotherTableStandsThere_IsReplaced()
    {
        TestBoard board = Live();
        board.Sram[TestBoard.TableOffset + 88] = 99;

        board.StartFirmware();

        Assert.AreEqual((byte)8, board.Sram[TestBoard.TableOffset + 88]);
        Assert.AreEqual(0, board.Driver.DeviceStatus);
        Assert.AreEqual(0, board.Notifications(Control));
    }

    [TestMethod]
    public void Restart_TwentyTimesWithRequestsInFlight_LosesNone()
    {
        TestBoard board = Live();
        for (int i = 0; i < 20; i++)
        {
            int head = board.Driver.Send(Gpio.GetDirection, i % 8, 0, 8, 2);
            board.StartFirmware();
            board.Driver.Answer(head);
            Assert.AreEqual(2, board.Driver.Length);
            Assert.AreEqual(i + 1, board.Notifications(Control));
        }
    }

    private static TestBoard Live()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();
        return board;
    }
}
