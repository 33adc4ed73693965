// Block: a basic block of the flashed code, by what it costs to pass it once.

using System.Collections.Generic;

namespace VirtioGpio.Tests.Price;

/// <summary>Instructions that always run together.</summary>
/// <param name="Method">The method they are in.</param>
/// <param name="Charges">What each of them costs.</param>
internal sealed record Block(string Method, IReadOnlyList<Charge> Charges);
