// Boards that only the desktop can describe: more lines than a device has memory for, a zero in a string, which ends there.

using nanoFramework.TestFramework;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class GpioBoardLimitTests
{
    [TestMethod]
    public void Start_MoreLinesThanCanBeSaid_IsRefused() => GpioBoardTests.Refuses("65536 lines", names: new string[65536]);

    [TestMethod]
    public void Start_MostLinesThatCanBeSaid_LackOnlyDescriptors() =>
        GpioBoardTests.Refuses("ring size 32768: too small for 65535 lines", names: new string[65535], ringSize: 32768);

    [TestMethod]
    public void Start_ZeroInAName_IsRefusedByLine() =>
        GpioBoardTests.Refuses("line 1: a name is printable ASCII", names: new[] { "ok", "a\0b" });

    [TestMethod]
    public void Start_MostLinesARingCanServe_LackOnlyTheMemory() =>
        GpioBoardTests.Refuses("requestq region: is not in the memory of the port", lines: 16384, ringSize: 32768, change: b => b.RingRegionSize = 0x100000, eventRing: 0x30000000);
}
