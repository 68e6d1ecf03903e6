using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Verification;

namespace Ledger.Grains.Tests.Verification;

/// <summary>A store in a file, made once; each test changes a copy of it by hand, as somebody with access to the file could.</summary>
public abstract class StoreMadeOnce : IAsyncLifetime
{
    private readonly HostStore _made = new(null);
    private readonly Func<LedgerHost, Task> _fill;

    private protected StoreMadeOnce(Func<LedgerHost, Task> fill) => _fill = fill;

    public async ValueTask InitializeAsync()
    {
        await using var host = await _made.Open();
        await _fill(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _made.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal HostStore Copy() => _made.Copy();

    /// <summary>Verifies a copy, with something changed in it.</summary>
    internal async Task<VerificationReport> Verify(Func<HostStore, Task>? change = null)
    {
        await using var copy = Copy();
        await (change?.Invoke(copy) ?? Task.CompletedTask);
        return await copy.Verify();
    }

    /// <summary>Changes a copy with SQL: of what is found then, this is a part.</summary>
    /// <param name="what">What is changed, in words.</param>
    /// <param name="sql">The change.</param>
    /// <param name="expected">The checks that find something, each with the sequence where there is one.</param>
    internal async Task MustFind(string what, string sql, string expected)
    {
        var report = await Verify(copy => copy.Change(sql));
        Assert.False(report.IsSound, what);
        var found = report.Findings.Select(finding => finding.Sequence is { } sequence ? $"{finding.Check.Name} {sequence}" : finding.Check.Name).ToHashSet();
        foreach (var one in expected.Split("; "))
        {
            Assert.True(found.Contains(one), $"{what}: no '{one}' among {string.Join("; ", report.Findings)}");
        }
    }
}
