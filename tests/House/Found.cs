// Found: how a test of the house says what it found: a line each, and all of them at once.

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.House;

internal static class Found
{
    /// <summary>Fails with every line, if there is one.</summary>
    internal static void None(IEnumerable<string> findings)
    {
        string[] lines = findings.Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.IsEmpty(lines, Environment.NewLine + string.Join(Environment.NewLine, lines));
    }
}
