// What a test may put into a TestBoard. Delegate types of their own, for the device knows no generic ones.

using VirtioGpio.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

/// <summary>Sees an access to shared memory before it is made; may throw.</summary>
public delegate void AccessHandler(uint address, int count, bool isWrite);

/// <summary>Sees the level of a line change.</summary>
public delegate void LevelHandler(int line, bool level);

/// <summary>Puts a port of the test's own over the pins.</summary>
public delegate IPins PortOver(IPins inner);

/// <summary>Puts the other sources of a board's lines beside its ports.</summary>
public delegate IPins SourcesBeside(TestBoard board, IPins ports);

/// <summary>Changes a row of a line table.</summary>
public delegate void RowChange(LineConfig row);

/// <summary>Changes what the firmware is told of the board.</summary>
public delegate void Configuration(GpioBoard board);

/// <summary>Chooses accesses.</summary>
public delegate bool AccessChoice(uint address, bool isWrite);
