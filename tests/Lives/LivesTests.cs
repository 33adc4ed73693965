// The lives of Linux and the device: every interleaving within the bounds of a model, searched by SPIN. The models are the .pml files
// beside this one, and say what they trust. A property that no change of the model can break shows nothing, so each is broken here.

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Lives;

[TestClass]
public sealed class LivesTests
{
    // Rows with the same switches share one search: it checks all properties at once.
    [TestMethod]
    [DataRow("P1 a request is answered exactly once", "requests", "")]
    [DataRow("P1 a request is answered exactly once, three lives", "requests", "LIVES=3 DEATHS=0")]
    [DataRow("P1 a request is answered exactly once, two deaths", "requests", "DEATHS=2 OFFERS=1")]
    [DataRow("P1 a request is answered exactly once, two losses", "requests", "LOSSES=2 REPEATS=2 DEATHS=0")]
    [DataRow("P1 a request is answered exactly once, no restart doorbell", "requests", "NO_RESTART_DOORBELL")]
    [DataRow("P1 a request is answered exactly once, used_event instead of a bound", "requests", "USED_EVENT LOSSES=3 DEATHS=0")]
    [DataRow("P1 a request is answered exactly once, rings that move", "requests", "MOVES ONLY=1")]
    [DataRow("P2 after a reset only the closed gap stores, 3 times at most", "requests", "")]
    [DataRow("P3 an edge is delivered", "events", "DEATHS=0 LIVES=1")]
    [DataRow("P3 an edge is delivered, two losses", "events", "DEATHS=0 LIVES=1 LOSSES=2 REPEATS=2")]
    [DataRow("P3 an edge is delivered, or Linux asked to recover", "events", "EDGES=1 ACTS=2")]
    [DataRow("P3 an edge is delivered, no restart doorbell", "events", "EDGES=1 ACTS=2 NO_RESTART_DOORBELL")]
    [DataRow("P3 an edge is delivered, two lines", "repeats", "EDGES=5 LOSSES=2 REPEATS=2")]
    [DataRow("P6 after a new probe a request is served", "requests", "")]
    [DataRow("P6 after a new probe a request is served, no restart doorbell", "requests", "NO_RESTART_DOORBELL")]
    [DataRow("P6 after a new probe a request is served, rings that move", "requests", "MOVES ONLY=6")]
    [DataRow("P7 the device goes by the accepted features", "requests", "FEATURES OFFERS=1")]
    [DataRow("P9 a kept buffer is returned if it is outstanding, P10 none is lost", "kept", "")]
    [DataRow("P9 a kept buffer is returned if it is outstanding, indexes that wrap", "kept", "ROUNDS=9 DEATHS=1")]
    [DataRow("P11 the kept state is that of the driver whose canary is found", "requests", "KEPT ONLY=11")]
    [DataRow("P12 nothing of a sleeping Linux's is accessed", "sleep", "")]
    [DataRow("P13 an edge of a line that wakes reaches Linux", "sleep", "")]
    [DataRow("P13 an edge of a line that wakes reaches Linux, three losses", "sleep", "LOSSES=3 EDGES=3")]
    [DataRow("P13 an edge of a line that wakes reaches Linux, a lost kick and a tick in sleep", "sleep", "KICKS=1 SLEEP_TICK")]
    [DataRow("P14 Linux is not kept from its sleep, a lost kick", "sleep", "ONLY=14 KICKS=1")]
    [DataRow("P8 Linux never warns of a buffer that is still queued", "events", "ONLY=8 LOSSES=0 EDGES=1 LIVES=1 NO_RESTART_DOORBELL")]
    public void EveryInterleaving_WithinTheBounds_KeepsTheProperty(string property, string model, string switches) =>
        Keeps(property, model, switches, ofCycles: false);

    // Nothing that the device does leads back to where it was: no circle of INVALID, and no turn after turn of its own.
    [TestMethod]
    [DataRow("P4 INVALID goes round no circle", "events", "DEATHS=0 LIVES=1 ACTS=4 EDGES=1")]
    [DataRow("P5 the device comes to rest, requestq", "requests", "")]
    [DataRow("P5 the device comes to rest, rings that move", "requests", "MOVES ONLY=5")]
    [DataRow("P5 the device comes to rest, Linux asleep", "sleep", "")]
    [DataRow("P5 the device comes to rest, eventq", "events", "EDGES=1 ACTS=2 LOSSES=0")]
    public void EveryInterleaving_WithinTheBounds_Ends(string property, string model, string switches) =>
        Keeps(property, model, switches, ofCycles: true);

    [TestMethod]
    [DataRow("P1", "requests", "BUG_NO_REPEAT")]
    [DataRow("P1", "requests", "LOSSES=2")]
    [DataRow("P1", "requests", "BUG_ADOPT_FRESH")]
    [DataRow("P1", "requests", "BUG_ADOPT_STORES")]
    [DataRow("P1", "requests", "BUG_NO_ANNOUNCE")]
    [DataRow("P1", "requests", "TORN")]
    [DataRow("P1", "requests", "LATE_ZERO")]
    [DataRow("P1", "requests", "MOVES BUG_NO_PLACE")]
    [DataRow("P2", "requests", "MOVES")]
    [DataRow("P2", "requests", "BUG_STATUS_ONLY")]
    [DataRow("P2", "requests", "BUG_BARE_CANARY")]
    [DataRow("P2", "requests", "BUG_REPLY_OUTSIDE")]
    [DataRow("P2", "requests", "WIDTH=2")]
    [DataRow("P3", "events", "BUG_NO_REPEAT DEATHS=0 LIVES=1")]
    [DataRow("P3", "events", "LOSSES=2 DEATHS=0 LIVES=1")]
    [DataRow("P3", "events", "BUG_NOT_LATCHED DEATHS=0 LIVES=1")]
    [DataRow("P3", "repeats", "BUG_ANY_RETURN")]
    [DataRow("P6", "requests", "BUG_JUDGE_ONCE")]
    [DataRow("P6", "requests", "MOVES BUG_NO_PLACE")]
    [DataRow("P7", "requests", "BUG_TABLE_ONCE FEATURES OFFERS=1")]
    [DataRow("P9", "kept", "BUG_NO_VISIT")]
    [DataRow("P9", "kept", "BUG_NOT_UPDATED")]
    [DataRow("P9", "kept", "BUG_NO_REFRESH ROUNDS=9 DEATHS=1")]
    [DataRow("P10", "kept", "BUG_NOT_KEPT")]
    [DataRow("P11", "requests", "KEPT BUG_KEPT_LATE")]
    [DataRow("P12", "sleep", "BUG_LOOKS_ONCE")]
    [DataRow("P12", "sleep", "BUG_ACCESS_AT_START")]
    [DataRow("P13", "sleep", "BUG_RETURNED_SLEEPS DEATHS=0")]
    [DataRow("P13", "sleep", "BUG_START_SLEEPS")]
    [DataRow("P13", "sleep", "BUG_NO_REPEAT DEATHS=0")]
    [DataRow("P13", "sleep", "BUG_LATCH_FORGOTTEN DEATHS=0")]
    [DataRow("P13", "sleep", "KICKS=1 DEATHS=0")]
    [DataRow("P14", "sleep", "BUG_RESTS_UNSURE KICKS=1 DEATHS=0")]
    [DataRow("P8", "events", "BUG_NO_DRAIN LOSSES=0 DEATHS=0 LIVES=1")]
    [DataRow("P8", "events", "BUG_NOT_RETURNED LOSSES=0 DEATHS=0 LIVES=1")]
    [DataRow("P8", "events", "BUG_PARKED_LOST LOSSES=0 EDGES=0 LIVES=1 NO_RESTART_DOORBELL")]
    public void ChangedModel_OneProperty_IsBroken(string property, string model, string switches) =>
        Breaks(property, model, $"ONLY={property[1..]} {switches}", ofCycles: false, "assertion violated");

    [TestMethod]
    [DataRow("P4", "events", "BUG_INVALID_ALWAYS DEATHS=0 LIVES=1")]
    [DataRow("P5", "requests", "BUG_FLAG_NOT_CLEARED")]
    public void ChangedModel_ACircle_IsFound(string property, string model, string switches) =>
        Breaks(property, model, switches, ofCycles: true, "non-progress cycle");

    private static void Keeps(string property, string model, string switches, bool ofCycles)
    {
        Search search = Search.Of(model, switches, ofCycles);
        Assert.IsTrue(search.IsComplete, search.Report);
        Assert.AreEqual(0, search.Errors, search.Report);
        Numbers.Say($"{property}: {search.States:N0} states of {model}.pml{(switches.Length == 0 ? "" : $" ({switches})")}, 0 errors");
    }

    private static void Breaks(string property, string model, string switches, bool ofCycles, string error)
    {
        Search search = Search.Of(model, switches, ofCycles);
        Assert.AreEqual(1, search.Errors, $"{property} holds in spite of {switches}: {search.Report}");
        Assert.Contains(error, search.Report);
    }
}
