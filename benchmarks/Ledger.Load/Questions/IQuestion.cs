using Ledger.Load.Ours;
using Ledger.Load.Results;

namespace Ledger.Load.Questions;

/// <summary>One question that has a table of its own, asked of one store.</summary>
internal interface IQuestion
{
    /// <summary>For <c>--part</c>.</summary>
    string Name { get; }

    /// <summary>The heading of its table.</summary>
    string Title { get; }

    /// <summary>What the table means.</summary>
    string About { get; }

    /// <summary>The columns behind the store's name.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Measures; rows of the table, without the store's name.</summary>
    Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation);

    /// <summary>What can be drawn after all stores were measured; null for nothing.</summary>
    (string FileName, LineChart Chart)? Chart => null;
}
