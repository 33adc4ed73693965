// Settings: what ./test or a person who replays a failure sets for the random suites, by environment variables.

using System;
using System.Globalization;

namespace VirtioGpio.Tests.Support;

/// <summary>The settings of the random suites.</summary>
public static class Settings
{
    /// <summary>The seed: VGPIO_SEED, or one of this moment.</summary>
    public static int Seed => Read("VGPIO_SEED", Environment.TickCount);

    /// <summary>How many steps: VGPIO_STEPS, or as many as the suite does otherwise.</summary>
    public static int StepsOr(int otherwise) => Read("VGPIO_STEPS", otherwise);

    private static int Read(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int set) ? set : otherwise;
}
