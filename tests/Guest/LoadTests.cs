// A co-processor that Linux boots: the image that its loader takes or refuses, and the driver that is bound before the firmware is up.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.ResourceTable;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Firmware;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public sealed class LoadTests : GuestTest
{
    private const string RemoteProcessor = "/sys/class/remoteproc/remoteproc0";
    private const int FirstRingSize = 60;
    private const int ConfigLength = 44;
    private const int DeviceId = 28;
    private const int TraceEntry = 100;

    private static readonly GpioBoard description = EmulatedBoard.Describe(0);
    private static readonly byte[] table = PublishedTable.Of(description);

    protected override Rig Rig => GuestRig.Loaded;

    internal override ExplainedLine[] Provoked =>
    [
        .. CrashTests.OfACrash,
        new(@"remoteproc0: (Boot failed|request_firmware failed|Failed to load program segments): -\d+", "an image was refused"),
        new(@"remoteproc0: (Image is corrupted|Section header table is out of bounds|resource table|second entry of|trace buffer|emusoc.elf has no|vring0: |vdev is not|bad phdr)", "that says why"),
        new(@"Direct firmware load for emusoc.elf failed", "there was no image"),
        new(@"remoteproc0: emusoc.elf was started 3 times", "the image was of another build"),
        new(@"gpio_virtio virtio\d+: ", "the firmware of another build refuses every request"),
        new(@"gpiochip_add_data_with_key", "the same"),
    ];

    private static readonly Dictionary<string, (byte[] Image, string Reason)> refusedImages = new()
    {
        ["no ELF file"] = (new byte[200], "Image is corrupted (bad magic)"),
        ["half an image"] = (EmulatedImage.Make(0)[..250], "Section header table is out of bounds"),
        ["no table"] = (Renamed(EmulatedImage.Make(0)), "emusoc.elf has no resource table"),
        ["half a table"] = (ImageOf(table[..64]), "resource table is too short: 64 bytes"),
        ["a table for another place"] = (ImageOf(table, description.TableAddress + 8), "resource table is not for address 0x20001000"),
        ["a device of another kind"] = (ImageOf(With(DeviceId, 7)), "vdev is not a GPIO device: 7"),
        ["a ring that is too long"] = (ImageOf(With(FirstRingSize, 256)), "vring0: 256 descriptors do not fit into 4096 bytes"),
        ["a configuration that is too long"] = (ImageOf(With(ConfigLength, 57)), "resource table is too long: 149 bytes"),
        ["a second entry that is none"] = (ImageOf(With(TraceEntry, 1)), "second entry of the resource table is no trace buffer"),
        ["a trace outside of the SRAM"] = (ImageOf(With(TraceEntry + 4, 0x20010000)), "trace buffer is not in the SRAM: 0x20010000"),
        ["a segment outside of the SRAM"] = (ImageOf(table, room: 0x10000), "bad phdr da 0x20001000 mem 0x10000"),
    };

    public static IEnumerable<string> RefusedImages => refusedImages.Keys;

    [TestMethod]
    [DynamicData(nameof(RefusedImages))]
    public void Image_ThatDoesNotFit_IsRefusedWithAReasonAndLinuxLives(string what)
    {
        (byte[] image, string reason) = refusedImages[what];
        SwitchOff();
        try
        {
            Install(image);
            Assert.AreNotEqual(0, Rig.Guest.Run($"echo start >{RemoteProcessor}/state").ExitCode, what);
            Assert.Contains(reason, Linux("dmesg"), what);
            Assert.AreEqual("offline", Linux($"cat {RemoteProcessor}/state"), what);
            Assert.Contains("error", string.Concat(Rig.Board.Send("firmware")), "it was not switched on");
        }
        finally
        {
            Install(EmulatedImage.Make(0));
        }

        Linux($"echo start >{RemoteProcessor}/state");
        Serving.CheckGetAndEvent(Rig, $"after {what}");
    }

    [TestMethod]
    public void Start_NoImage_FailsAndLaterOneIsLoaded()
    {
        SwitchOff();
        Linux($"mv /lib/firmware/{EmulatedImage.Name} /tmp");
        Assert.AreNotEqual(0, Rig.Guest.Run($"echo start >{RemoteProcessor}/state").ExitCode);
        Linux($"mv /tmp/{EmulatedImage.Name} /lib/firmware; echo start >{RemoteProcessor}/state");
        Serving.CheckGetAndEvent(Rig, "after an image was missing");
    }

    // Linux binds its driver to the table in the image: what the probe asks is in the ring when the interpreter comes up.
    [TestMethod]
    public void Firmware_ComingUpUnderABoundDriver_AnswersWhatWaited()
    {
        for (int round = 0; round < 5; round++)
        {
            SwitchOff();
            Rig.Board.Ask("reset hold");
            Linux($"{{ echo start >{RemoteProcessor}/state; echo $? >/tmp/started; }} >/dev/null 2>&1 &");
            Linux("n=0; until dmesg | grep -q 'no answer to a request for 1 s' || [ $n -ge 500 ]; do usleep 20000; n=$((n+1)); done");
            Assert.AreEqual("offline", Linux($"cat {RemoteProcessor}/state"), "Linux waits in the probe");

            Rig.Board.Ask("reset release");

            Linux($"n=0; until grep -q running {RemoteProcessor}/state || [ $n -ge 500 ]; do usleep 20000; n=$((n+1)); done");
            Assert.AreEqual("0", Linux("until [ -s /tmp/started ]; do usleep 10000; done; cat /tmp/started; rm /tmp/started"));
            string lines = Linux("gpioinfo virtio0");
            foreach (string name in EmulatedBoard.LineNames.Where(name => name.Length > 0))
            {
                Assert.Contains($"\"{name}\"", lines);
            }

            Serving.CheckGetAndEvent(Rig, $"round {round}");
        }
    }

    [TestMethod]
    public void Start_UntilLinesAreThere_TakesAsLongAsTheFirmwareNeeds()
    {
        SwitchOff();
        Stopwatch clock = Stopwatch.StartNew();
        Linux($"echo start >{RemoteProcessor}/state");
        long milliseconds = clock.ElapsedMilliseconds;
        Assert.AreEqual("1", Linux("ls -d /sys/bus/gpio/devices/gpiochip* | wc -l"));
        Numbers.Say($"start of a co-processor by Linux, from the command to the lines: {milliseconds} ms");
    }

    [TestMethod]
    public void Stop_LineHeld_SwitchesTheCoProcessorOffAndThePinFloats()
    {
        Serving.Hold(Rig, "status-led", 1);
        int firmware = Rig.Firmware.Id;
        SwitchOff();
        Assert.AreEqual(0, Rig.Board.Get("status-led"));
        Assert.ThrowsExactly<ArgumentException>(() => Process.GetProcessById(firmware));

        Linux($"killall gpioset; echo start >{RemoteProcessor}/state");
        Serving.CheckGetAndEvent(Rig, "after a stop with a line held");
    }

    // The image's table is that of another build than the firmware that power on starts. Each recovery loads the same table again.
    [TestMethod]
    public void Firmware_OfAnotherBuildThanTheImage_IsSwitchedOffAfterThreeStarts()
    {
        SwitchOff();
        Rig.Board.Ask($"switches {Rig.Straps | EmulatedBoard.StrapIndirect}");
        try
        {
            Rig.Guest.Run($"echo start >{RemoteProcessor}/state");
            Linux($"n=0; until dmesg | grep -q 'stopped remote processor emusoc' && grep -q offline {RemoteProcessor}/state && dmesg | grep -q 'is the image' || [ $n -ge 1500 ]; do usleep 20000; n=$((n+1)); done");
            Thread.Sleep(3000);
            string log = Linux("dmesg");
            Assert.Contains("emusoc.elf was started 3 times, and the firmware asked to recover each time: is the image that of another build?", log);
            Assert.AreEqual("offline", Linux($"cat {RemoteProcessor}/state"), log);
            Assert.AreEqual(2, log.Split("recovering emusoc").Length - 1, log);
            Assert.Contains("error", string.Concat(Rig.Board.Send("firmware")), "it is off");

            Install(EmulatedImage.Make(Rig.Straps | EmulatedBoard.StrapIndirect));
            Linux($"echo start >{RemoteProcessor}/state");
            Assert.AreEqual('1', Linux("cat /sys/bus/virtio/devices/virtio*/features")[28]);
            Serving.CheckGetAndEvent(Rig, "with the image of its own build");
        }
        finally
        {
            Rig.Board.Ask($"switches {Rig.Straps}");
            Install(EmulatedImage.Make(Rig.Straps));
            SwitchOff();
            Linux($"echo start >{RemoteProcessor}/state");
        }
    }

    [TestMethod]
    public void Guest_Rebooted_SwitchesTheCoProcessorOffAndBootsItAnew()
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, Reboots: true, IsLoaded: true));
        for (int round = 0; round < 5; round++)
        {
            int firmware = rig.Firmware.Id;
            Serving.Hold(rig, "status-led", 1);
            rig.Reboot();
            Assert.AreNotEqual(firmware, rig.Firmware.Id);
            Assert.AreEqual(0, rig.Board.Get("status-led"));
            Serving.CheckGetAndEvent(rig, $"reboot {round}");
        }
    }

    // Nobody switches the co-processor off when Linux panics: the next Linux does, before it has anything to do with it.
    [TestMethod]
    public void Guest_Panicked_NextLinuxSwitchesTheCoProcessorOffFirst()
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, Reboots: true, IsLoaded: true));
        int firmware = rig.Firmware.Id;
        Serving.Hold(rig, "status-led", 1);
        rig.Guest.Must("(sleep 1; echo c >/proc/sysrq-trigger) >/dev/null 2>&1 &");
        rig.Guest.AwaitBoot(TimeSpan.FromSeconds(60));
        rig.Guest.Must($"n=0; until grep -q running {RemoteProcessor}/state || [ $n -ge 500 ]; do usleep 20000; n=$((n+1)); done");
        Assert.AreNotEqual(firmware, rig.Firmware.Id);
        Assert.AreEqual(0, rig.Board.Get("status-led"));
        Serving.CheckGetAndEvent(rig, "after a panic");
    }

    private static byte[] ImageOf(byte[] table, uint address = 0, uint room = 0) => TableElf.Image(
        table, TableMachine.All["arm"], address == 0 ? description.TableAddress : address, room == 0 ? description.TableSize : room, new byte[20]);

    private static byte[] With(int offset, int word)
    {
        byte[] changed = [.. table];
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(offset), word);
        return changed;
    }

    private static byte[] Renamed(byte[] image)
    {
        int at = image.AsSpan().LastIndexOf(".resource_table"u8);
        image[at + 1] = (byte)'R';
        return image;
    }

    // The log begins anew with it.
    private void SwitchOff() => Linux($"grep -q offline {RemoteProcessor}/state || echo stop >{RemoteProcessor}/state; dmesg -c >/dev/null");

    private void Install(byte[] image) => Linux($"echo {Convert.ToBase64String(image)} | base64 -d >/lib/firmware/{EmulatedImage.Name}");
}
