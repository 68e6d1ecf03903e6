using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Ledger.Tests.Laws;

/// <summary>Checks a law on many random cases. A failure shows the shortest case found and the seed that leads to it again.</summary>
internal static class Law
{
    private static readonly int RunsTimes = int.Parse(
        Environment.GetEnvironmentVariable("LEDGER_LAW_RUNS") ?? "1", CultureInfo.InvariantCulture);

    /// <param name="cases">What to draw from.</param>
    /// <param name="runs">How many cases; times the environment variable <c>LEDGER_LAW_RUNS</c>.</param>
    /// <param name="law">Throws where it does not hold.</param>
    public static void Holds<T>(Arbitrary<T> cases, int runs, Action<T> law) =>
        Prop.ForAll(cases, law).Check(Config.QuickThrowOnFailure.WithMaxTest(runs * RunsTimes).WithQuietOnSuccess(true));
}
