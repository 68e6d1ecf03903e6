using System.Globalization;

namespace Ledger.Fault.Tests.Scenarios;

/// <summary>What chance starts from: told at every run, and taken from <c>LEDGER_FAULT_SEED</c> to try the same again.</summary>
internal static class Seed
{
    /// <summary>Tells whoever runs the tests what happens.</summary>
    public static void Tell(string line)
    {
        TestContext.Current.SendDiagnosticMessage(line);
        TestContext.Current.TestOutputHelper?.WriteLine(line);
    }

    /// <summary>How long a soak lasts: <c>LEDGER_SOAK_MINUTES</c>, or else ten minutes.</summary>
    public static double SoakMinutes => Environment.GetEnvironmentVariable("LEDGER_SOAK_MINUTES") is { Length: > 0 } text
        ? double.Parse(text, CultureInfo.InvariantCulture)
        : 10;

    /// <summary>The seed of this run.</summary>
    public static int Of(string scenario)
    {
        var seed = Environment.GetEnvironmentVariable("LEDGER_FAULT_SEED") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Environment.TickCount;
        Tell(string.Create(CultureInfo.InvariantCulture, $"{scenario}: LEDGER_FAULT_SEED={seed}"));
        return seed;
    }
}
