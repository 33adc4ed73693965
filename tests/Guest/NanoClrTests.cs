// NanoClrTests: what ./run --nanoclr says when something is missing. It needs no guest.

using System;
using System.IO;
using System.Runtime.Versioning;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
[SupportedOSPlatform("linux")]
public sealed class NanoClrTests
{
    private static readonly string[] assemblies =
    [
        "mscorlib", "nanoFramework.Runtime.Events", "System.Device.Gpio",
        "VirtioGpio.Hal.Native", "VirtioGpio.Hal", "VirtioGpio.Firmware", "VirtioGpio.Boards.Emulated",
    ];

    private string folder = "";

    private string Program => Path.Combine(folder, "nanoclr");

    [TestInitialize]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory().FullName;

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Find_NoProgram_SaysWhatIsNeeded()
    {
        Assert.Contains("nanoclr is no program: --nanoclr needs a nanoCLR", MessageOf(pe: null));
        MakeProgram(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("nanoclr is no program: --nanoclr needs a nanoCLR", MessageOf(pe: null));
    }

    [TestMethod]
    public void Find_AssembliesMissing_NamesThemAndWhereTheyBelong()
    {
        MakeProgram(UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (string name in assemblies[..^1])
        {
            File.WriteAllText(Path.Combine(folder, name + ".pe"), "");
        }

        string elsewhere = Directory.CreateDirectory(Path.Combine(folder, "elsewhere")).FullName;
        Assert.Contains($"{folder} lacks VirtioGpio.Boards.Emulated.pe: --nanoclr needs", MessageOf(pe: null));
        Assert.Contains($"{elsewhere} lacks nanoFramework.Runtime.Events.pe, ", MessageOf(elsewhere));
    }

    [TestMethod]
    public void Find_AllThere_IsContent()
    {
        MakeProgram(UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (string name in assemblies)
        {
            File.WriteAllText(Path.Combine(folder, name + ".pe"), "");
        }

        Assert.IsNotNull(NanoClr.Find(Program, folder: null));
        Assert.IsNotNull(NanoClr.Find(Program, folder));
    }

    [TestMethod]
    public void Find_CoreLibraryMissing_TakesThatOfThePackage()
    {
        MakeProgram(UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (string name in assemblies[1..])
        {
            File.WriteAllText(Path.Combine(folder, name + ".pe"), "");
        }

        string packaged = NanoClr.Find(Program, folder: null).Files[0];
        Assert.AreEqual("NFMRK", File.ReadAllText(packaged)[..5]);

        string own = Path.Combine(folder, "mscorlib.pe");
        File.WriteAllText(own, "");
        Assert.AreEqual(own, NanoClr.Find(Program, folder: null).Files[0]);
    }

    private void MakeProgram(UnixFileMode mode)
    {
        File.WriteAllText(Program, "");
        File.SetUnixFileMode(Program, mode);
    }

    private string MessageOf(string? pe)
    {
        string message = Assert.Throws<InvalidOperationException>(() => NanoClr.Find(Program, pe)).Message;
        Assert.Contains("hal/native/README.md", message);
        return message;
    }
}
