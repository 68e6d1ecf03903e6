using System.Collections.Immutable;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using Orleans.Concurrency;

namespace Ledger.Grains.Wallets;

/// <summary>One resident's wallet: one command at a time, each durable before it is answered.</summary>
/// <remarks>
/// Calls interleave in the grain; it does the commands that wait together, in the order of their arrival, with one append.
/// Key: <see cref="WalletKey"/>. Business refusals are results. Exceptions are those of the journal
/// (<see cref="Journal.JournalException"/>): nothing is lost by sending the same command again.
/// </remarks>
[Alias(WalletGrains.InterfaceName)]
public interface IWalletGrain : IGrainWithStringKey
{
    /// <summary>Does one command, once for ever.</summary>
    /// <exception cref="Journal.JournalBusyException">Too much waits; nothing was done; send it again a little later.</exception>
    /// <exception cref="Journal.JournalUnavailableException">The store did not answer; nothing was done; send it again.</exception>
    /// <exception cref="Journal.JournalOutcomeUnknownException">It may have been done; send it again to learn.</exception>
    /// <exception cref="Journal.JournalFencedException">Another activation was first; send it again.</exception>
    [AlwaysInterleave]
    [Alias("send")]
    Task<CommandResult> Send(CommandEnvelope envelope);

    /// <summary>Does many commands of this wallet in order, with one append; results in the same order, as if sent one by one.</summary>
    /// <inheritdoc cref="Send"/>
    [AlwaysInterleave]
    [Alias("send-many")]
    Task<ImmutableArray<CommandResult>> SendMany(ImmutableArray<CommandEnvelope> envelopes);

    /// <summary>Records what has fallen due by an instant, if anything has.</summary>
    /// <param name="until">The instant, for the closing of a past date; null for now, in the background.</param>
    /// <inheritdoc cref="Send"/>
    [AlwaysInterleave]
    [Alias("apply-due")]
    Task<CommandResult> ApplyDue(Instant? until);

    /// <summary>
    /// What a command would do now, or at a later time (<see cref="CommandEnvelope.At"/>), on the committed state; writes nothing. A command
    /// that the journal knows is answered with its outcome.
    /// </summary>
    /// <param name="envelope">The command.</param>
    /// <param name="programme">A programme to decide with as if it counted from the beginning; null for those that are published.</param>
    [AlwaysInterleave]
    [Alias("simulate")]
    Task<CommandResult> Simulate(CommandEnvelope envelope, SimulatedProgramme? programme);

    /// <summary>The committed state. Never waits for a command.</summary>
    [AlwaysInterleave]
    [Alias("read")]
    Task<WalletReading> Read();
}

/// <summary>A programme that is tried and not published.</summary>
/// <param name="Version">The number that its awards would name.</param>
/// <param name="Json">Its text; one that <see cref="ProgrammeReader"/> accepts.</param>
[GenerateSerializer, Immutable]
[Alias("ledger.simulated-programme")]
public sealed record SimulatedProgramme([property: Id(0)] int Version, [property: Id(1)] string Json)
{
    /// <summary>The programme, from the beginning of time.</summary>
    /// <exception cref="ArgumentException">The text is no programme.</exception>
    public PublishedProgramme ToPublished() => ProgrammeReader.Read(Json) is { Programme: { } programme }
        ? new(Version, Instant.MinValue, programme)
        : throw new ArgumentException("The text is no programme.", nameof(Json));
}

/// <summary>Committed state of a wallet. What has fallen due since is not applied: see <see cref="Due.Apply"/>.</summary>
/// <param name="State">The replay of every committed transaction.</param>
/// <param name="AsOf">When it was read, by the silo's clock.</param>
[GenerateSerializer, Immutable]
[Alias("ledger.wallet-reading")]
public sealed record WalletReading([property: Id(0)] WalletState State, [property: Id(1)] Instant AsOf);

/// <summary>The grain key of a wallet. Starts with a letter that is no hexadecimal digit, so that storage never takes it for a number.</summary>
public static class WalletKey
{
    /// <summary>The key, for example <c>r/demo/r-1029</c>.</summary>
    public static string Of(CommunityId community, ResidentId resident) => $"r/{community.Value}/{resident.Value}";

    /// <summary>Reads what <see cref="Of"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not the key of a wallet.</exception>
    public static (CommunityId Community, ResidentId Resident) Parse(string key) => key.Split('/') is ["r", var community, var resident]
        ? (CommunityId.Parse(community), ResidentId.Parse(resident))
        : throw new FormatException($"'{key}' is not the key of a wallet.");
}

/// <summary>What became of a command. A closed set.</summary>
[GenerateSerializer, Immutable]
[Alias("ledger.command-result")]
public abstract record CommandResult
{
    private protected CommandResult()
    {
    }

    /// <summary>It has its one outcome, accepted or refused (<see cref="Transaction.Refusal"/>), and the journal holds it.</summary>
    /// <param name="Transaction">What it did.</param>
    /// <param name="Replayed">True when this is the outcome of an earlier sending.</param>
    [GenerateSerializer, Immutable]
    [Alias("ledger.command-result.recorded")]
    public sealed record Recorded([property: Id(0)] Transaction Transaction, [property: Id(1)] bool Replayed) : CommandResult;

    /// <summary>What it would do; nothing was done.</summary>
    /// <param name="Transaction">What would be recorded.</param>
    [GenerateSerializer, Immutable]
    [Alias("ledger.command-result.simulated")]
    public sealed record Simulated([property: Id(0)] Transaction Transaction) : CommandResult;

    /// <summary>The key belongs to another command, of this or of another resident. Nothing was done.</summary>
    /// <param name="Key">The key.</param>
    [GenerateSerializer, Immutable]
    [Alias("ledger.command-result.key-reused")]
    public sealed record KeyReused([property: Id(0)] CommandKey Key) : CommandResult;

    /// <summary>Nothing had fallen due; nothing was recorded.</summary>
    [GenerateSerializer, Immutable]
    [Alias("ledger.command-result.nothing-due")]
    public sealed record NothingDue : CommandResult;
}
