// The device tree of TI's SK-AM62, from the kernel's source, with the overlay of boards/am62x applied.

using System;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class Am62xTreeTests
{
    private const string Core = "/bus@f0000/bus@4000000/m4fss@5000000";
    private const string Pool = "/reserved-memory/vgpio-pool@9cb00000";
    private const string FirmwareMemory = "/reserved-memory/m4f-memory@9cc00000";

    private static FlatTree tree = null!;

    [ClassInitialize]
    public static void BuildTree(TestContext context)
    {
        string folder = Directory.CreateTempSubdirectory("vgpio-tree-").FullName;
        try
        {
            Tool.Run(Path.Combine(Support.Project.Root, "boards", "am62x", "linux", "build"), Path.Combine(GuestRig.Folder, "source"), folder);
            tree = new FlatTree(File.ReadAllBytes(Path.Combine(folder, "k3-am625-sk-vgpio.dtb")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Core_ItsMemory_IsThePoolFirst()
    {
        Assert.AreEqual($"{Get(Pool, "phandle")} {Get(FirmwareMemory, "phandle")}", Get(Core, "memory-region"));
        Assert.AreEqual("restricted-dma-pool", tree.Text(Pool, "compatible"));
        Assert.AreEqual("0 9cb00000 0 40000", Get(Pool, "reg"));
        Assert.AreEqual("0 9cc00000 0 e00000", Get(FirmwareMemory, "reg"));

        // Linux refuses a restricted pool that it may not map.
        Assert.DoesNotContain("no-map", tree.PropertiesOf(Pool));
        Assert.Contains("no-map", tree.PropertiesOf(FirmwareMemory));
    }

    [TestMethod]
    public void Memories_OfTheBoard_DoNotOverlap()
    {
        (ulong Start, ulong End, string Name)[] memories = [.. tree.Nodes
            .Where(node => node.StartsWith("/reserved-memory/", StringComparison.Ordinal) && tree.PropertiesOf(node).Contains("reg"))
            .Select(node => (Words: tree.Words(node, "reg"), Name: node))
            .Select(memory => (Start: (ulong)memory.Words[0] << 32 | memory.Words[1], Size: memory.Words[3], memory.Name))
            .Select(memory => (memory.Start, memory.Start + memory.Size, memory.Name))
            .Order()];

        Assert.IsGreaterThan(5, memories.Length);
        for (int i = 1; i < memories.Length; i++)
        {
            Assert.IsGreaterThanOrEqualTo(memories[i - 1].End, memories[i].Start, $"{memories[i - 1].Name}, {memories[i].Name}");
        }
    }

    [TestMethod]
    public void Core_ItsMailbox_IsTheOneOfTheBoard()
    {
        string mailbox = tree.Text("/__symbols__", "mailbox0_cluster0");
        string channel = tree.Text("/__symbols__", "mbox_m4_0");

        Assert.AreEqual($"{Get(mailbox, "phandle")} {Get(channel, "phandle")}", Get(Core, "mboxes"));

        // native/am62x_registers.h has these numbers from the other end.
        Assert.AreEqual("0 29000000 0 200", Get(mailbox, "reg"));
        Assert.AreEqual("0 0 0", Get(channel, "ti,mbox-rx"));
        Assert.AreEqual("1 0 0", Get(channel, "ti,mbox-tx"));
    }

    [TestMethod]
    public void Lines_OfTheCore_HaveTheirConsumers()
    {
        string lines = Get(Core + "/gpio", "phandle");

        Assert.AreEqual("virtio,device29", tree.Text(Core + "/gpio", "compatible"));
        Assert.AreEqual($"{lines} 0 0", Get("/leds-mcu/led-0", "gpios"));
        Assert.AreEqual($"{lines} 4 1", Get("/keys-mcu/key-0", "gpios"));

        // What Linux's own driver would serve is the firmware's.
        Assert.AreEqual("reserved", tree.Text(tree.Text("/__symbols__", "mcu_gpio0"), "status"));
        Assert.AreEqual("0 4201000 0 100", Get(tree.Text("/__symbols__", "mcu_gpio0"), "reg"));
    }

    private static string Get(string node, string property) => string.Join(' ', tree.Words(node, property).Select(word => word.ToString("x")));
}
