using Ledger.Api.Problems;
using Ledger.Api.Tests.Serving;
using Ledger.Grains.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Problems;

/// <summary>What callers read when the store fails: nothing is lost by sending the same again.</summary>
public sealed class Failures
{
    [Fact]
    public async Task A_full_queue_is_busy_and_a_store_that_does_not_answer_unavailable_and_the_same_command_then_counts_once()
    {
        await using var api = new LedgerApi { Journal = FailingJournal.Around };
        await api.Furnish();
        var app = await api.App();
        var journal = api.Services.GetRequiredService<IJournal>();
        var sent = Event.Earn("r-1", 5);

        FailingJournal.Fail(journal, new JournalBusyException("full"));
        Assert.Equal(1, (await app.Event(sent)).IsProblem(503, "busy").Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        FailingJournal.Fail(journal, new JournalUnavailableException("disk /secret/path full"));
        var unavailable = (await app.Event(sent)).IsProblem(503, "unavailable");
        Assert.NotNull(unavailable.Message.Headers.RetryAfter);
        Assert.DoesNotContain("secret", unavailable.Text, StringComparison.Ordinal);

        var done = (await app.Event(sent)).IsOk();
        Assert.Equal((1, 5, false), (done.Number("transaction"), done.Number("balance.available"), done.IsReplayed));
    }

    [Fact]
    public async Task A_stale_activation_or_a_lost_answer_is_asked_again_before_the_caller_hears_of_it()
    {
        await using var api = new LedgerApi { Journal = FailingJournal.Around };
        await api.Furnish();
        var app = await api.App();
        var journal = api.Services.GetRequiredService<IJournal>();

        FailingJournal.Fail(journal, new JournalOutcomeUnknownException("lost"), new JournalOutcomeUnknownException("lost"));
        (await app.Event(Event.Earn("r-1", 5))).IsOk();
        FailingJournal.Fail(journal, new JournalOutcomeUnknownException("lost"), new JournalOutcomeUnknownException("lost"), new JournalOutcomeUnknownException("lost"));
        var sent = Event.Earn("r-1", 6);
        (await app.Event(sent)).IsProblem(503, "unavailable");

        Assert.Equal(11, (await app.Event(sent)).IsOk().Number("balance.available"));
    }

    // Seen from a silo that stood still and woke after another one had taken over.
    [Theory]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(OrleansException))]
    [InlineData(typeof(SiloUnavailableException))]
    public void A_silo_that_can_not_reach_a_wallet_is_unavailable_and_made_no_mistake(Type failure) =>
        Assert.Same(KnownProblems.Unavailable, FailureProblems.Foreseen((Exception)Activator.CreateInstance(failure)!, Language.English)?.Kind);

    [Fact]
    public async Task A_failure_in_a_batch_is_told_for_its_events_only()
    {
        await using var api = new LedgerApi { Journal = FailingJournal.Around };
        await api.Furnish();
        var app = await api.App();
        FailingJournal.Fail(api.Services.GetRequiredService<IJournal>(), new JournalBusyException("full"));

        var results = (await app.Batch(Event.Earn("r-1", 1), Event.Earn("r-2", 1), Event.Earn("r-1", 1))).IsOk().At("results").AsArray();

        // Which of the two wallets met the failure is a matter of chance; its events share it.
        var statuses = results.Select(result => result!["status"]!.GetValue<int>()).ToArray();
        Assert.Equal(statuses[0], statuses[2]);
        Assert.Equal([200, 503], statuses.Distinct().Order());
    }

    [Fact]
    public async Task A_mistake_of_the_service_says_nothing_of_its_inside()
    {
        await using var api = new LedgerApi { Journal = FailingJournal.Around };
        await api.Furnish();
        var app = await api.App();
        FailingJournal.Fail(api.Services.GetRequiredService<IJournal>(), new InvalidOperationException("secret"));

        var reply = await app.Event(Event.Earn("r-1", 1));

        Assert.True((int)reply.Status is 500 or 503, reply.Text);
        Assert.DoesNotContain("secret", reply.Text, StringComparison.Ordinal);
        (await app.Event(Event.Earn("r-1", 1))).IsOk();
    }
}
