using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Problems;
using Ledger.Api.Tests.Serving;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Problems;

/// <summary>Whatever is sent, the answer is never a 5xx, a failure is always a problem with a known code, and a 4xx changes nothing.</summary>
public sealed class RandomRequests : IAsyncLifetime
{
    private const string Resident = "r-fuzzed";

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ":", ",", "\"", "null", "true", "0", "1", "-1", "1.5", "1e400", "9007199254740992", "\"points\"", "\"merchant\"", "\"reference\"", "\"minutes\"", "\"final\"",
        "\"data\"", "\"of\"", "\"id\"", "\"source\"", "\"subject\"", "\"time\"", "\"specversion\"", "\"1.0\"", "\"type\"", "\"\\ud800\"", "\u0000", "🍵",
        "\"tea-house\"", "\"9999-99-99T00:00:00Z\"", "\\", "/*", "\"" + Resident + "\"",
    ];

    private static readonly Gen<string> Noise = Gen.Elements(Fragments).ListOf().Select(string.Concat);

    // A good body with a piece of it replaced: that gets deeper in than noise ever does.
    private static readonly Gen<string> Damaged =
        from body in Gen.Elements(
            Event.Earn(Resident, 1, "fuzz"),
            Event.Spend(Resident, 1, "fuzz"),
            Event.Reverse(Resident, "x", 1, "fuzz"),
            Event.Refund(Resident, "x", 1, "fuzz"),
            """{ "merchant": "tea-house", "points": 1 }""",
            """{ "to": "r-2", "points": 1, "message": "x" }""",
            """{ "fund": "charity", "points": 1 }""",
            """{ "points": 1, "reason": "x" }""",
            $$"""{ "merchant": "tea-house", "reference": "sale-1", "resident": "{{Resident}}", "points": 1, "minutes": 5, "terminal": "t-1" }""",
            """{ "points": 1, "final": false }""",
            """{ "version": 1, "until": "2026-01-01T00:00:00Z", "reason": "x" }""",
            """{ "name": "x", "programme": { "activities": [ { "type": "\u5bb6" } ] } }""")
        from start in Gen.Choose(0, body.Length - 1)
        from length in Gen.Choose(0, 12)
        from piece in Gen.Elements(Fragments)
        select body[..start] + piece + body[Math.Min(start + length, body.Length)..];

    private static readonly Gen<(string Url, string Type, string Body)> Requested =
        from url in Gen.Elements(
            "/v1/events", $"/v1/residents/{Resident}/spends", $"/v1/residents/{Resident}/gifts", $"/v1/residents/{Resident}/donations", $"/v1/residents/{Resident}/transactions/1/refunds",
            "/v1/holds", "/v1/holds/tea-house,sale-1/capture", "/v1/merchants/tea-house/refs/sale-1/refunds",
            $"/v1/residents/{Resident}/adjustments", $"/v1/residents/{Resident}/freeze", "/v1/keys", "/v1/communities", "/v1/programmes", "/v1/drafts", "/v1/reratings")
        from type in Gen.Elements("application/json", Requests.StructuredType, Requests.BatchType)
        from body in Gen.OneOf(Noise, Damaged, Damaged.Select(damaged => $"[{damaged}]"))
        select (url, type, body);

    private readonly LedgerApi _api = new();
    private HttpClient _app = null!;
    private HttpClient _operator = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_app, _operator) = (await _api.App(), await _api.Operator());
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [FsCheck.Xunit.Property(MaxTest = 400)]
    public Property A_request_never_breaks_the_service() => Prop.ForAll(Requested.ToArbitrary(), request =>
    {
        var (url, type, body) = request;
        var isForApps = url is "/v1/events" or "/v1/holds" || url.EndsWith("capture", StringComparison.Ordinal)
            || url.EndsWith("gifts", StringComparison.Ordinal) || url.EndsWith("donations", StringComparison.Ordinal) || url.EndsWith("spends", StringComparison.Ordinal) || url.EndsWith("refunds", StringComparison.Ordinal);
        var before = Everything();
        var reply = (isForApps ? _app : _operator)
            .Write(url, Encoding.UTF8.GetBytes(body), type, ("Idempotency-Key", "fuzz")).GetAwaiter().GetResult();

        Assert.True((int)reply.Status < 500, $"{url} {type} {body}: {reply.Status} {reply.Text}");
        if ((int)reply.Status >= 400)
        {
            var problem = KnownProblems.Find(reply.Word("code"));
            Assert.NotNull(problem);
            reply.IsProblem((int)reply.Status, problem.Code);
            MustBeUnchanged(before, Everything(), problem);
        }
    });

    [FsCheck.Xunit.Property(MaxTest = 200)]
    public Property Random_bytes_never_break_the_service() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        var before = Everything();
        var reply = _app.Write("/v1/events", bytes, Requests.StructuredType).GetAwaiter().GetResult();

        Assert.InRange((int)reply.Status, 400, 499);
        reply.IsProblem((int)reply.Status, reply.Word("code"));
        Assert.Equal(before, Everything());
    });

    // A refusal of the wallet is an outcome with a number of its own, once; it moves no point. Every other failure leaves no trace anywhere.
    private static void MustBeUnchanged(State before, State after, KnownProblem problem)
    {
        Assert.InRange(after.Rows - before.Rows, 0, problem.IsRefusal ? 1 : 0);
        Assert.Equal(before with { Rows = after.Rows }, after);
    }

    // All that the service keeps. Nobody else uses it, and its clock stands still.
    private State Everything()
    {
        var journal = _api.Services.GetRequiredService<IJournal>();
        var community = new CommunityId(LedgerApi.Community);
        var totals = journal.ReadTotals(community).GetAwaiter().GetResult();
        var communities = _api.Catalogue.ListCommunities().GetAwaiter().GetResult();
        var drafts = _api.Services.GetRequiredService<IDrafts>();
        var reratings = _api.Services.GetRequiredService<IReratings>();
        var keys = _api.Catalogue.ListKeys().GetAwaiter().GetResult();
        return new(
            communities.Sum(one => journal.ReadAll(one.Id).ToBlockingEnumerable().LongCount()),
            string.Join(' ', totals.OrderBy(total => total.Key, StringComparer.Ordinal).Select(total => $"{total.Key}={total.Value}")),
            string.Join(' ', communities.Select(one => $"{one.Id}:{_api.Catalogue.ListProgrammes(one.Id).GetAwaiter().GetResult().Count}")),
            communities.Sum(one => drafts.ListDrafts(one.Id).GetAwaiter().GetResult().Count
                + reratings.ListReratings(one.Id, null, int.MaxValue).GetAwaiter().GetResult().Count),
            string.Join(' ', keys.Select(key => $"{key.Id}:{key.RevokedAt}")));
    }

    private sealed record State(long Rows, string Totals, string Programmes, int DraftsAndReratings, string Keys);
}
