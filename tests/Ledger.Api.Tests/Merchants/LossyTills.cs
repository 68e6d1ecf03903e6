using System.Net;
using Ledger.Api.Tests.Serving;
using Ledger.Grains.Journal;
using Ledger.Grains.Verification;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Ledger.Api.Tests.Merchants;

public sealed class LossyTills(ITestOutputHelper output) : IAsyncLifetime
{
    private const int SalesPerTill = 40;

    // So long that at the worst network a good part of all holds time out.
    private const int WaitSeconds = 10;

    private readonly LedgerApi _api = new();
    private HttpClient _app = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        _app = await _api.App();
        foreach (var i in Enumerable.Range(0, 3))
        {
            (await _app.Event(Event.Earn($"r-{i}", 2_000))).IsOk();
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(60)]
    public async Task However_much_the_network_loses_tills_and_ledger_agree_on_every_sale(int lossPercent)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}, {lossPercent} % lost.");
        var (networks, tills) = (new List<LossyNetwork>(), new List<Till>());
        for (var i = 0; i < 4; i++)
        {
            var network = new LossyNetwork(
                _api.Server.CreateHandler(), new Random(seed + i), lossPercent, () => _api.Clock.Advance(Duration.FromSeconds(WaitSeconds)));
            var client = new HttpClient(network) { BaseAddress = _api.Server.BaseAddress };
            client.DefaultRequestHeaders.Authorization = (await _api.Merchant("tea-house")).DefaultRequestHeaders.Authorization;
            networks.Add(network);
            tills.Add(new(client, "tea-house", $"t-{i}"));
        }

        await Task.WhenAll(tills.Select((till, i) => Task.Run(() => Work(till, tills[(i + 1) % 4], $"{lossPercent}-{i}", new Random(unchecked((seed * 31) + i))))));
        await Task.WhenAll(networks.Select(network => network.Settle()));
        _api.Clock.Advance(Duration.FromMinutes(5));

        var taken = tills.Sum(till => till.Taken.Values.Sum());
        var clear = await _api.Merchant("tea-house");
        foreach (var (reference, points) in tills.SelectMany(till => till.Taken))
        {
            var sale = (await clear.Read($"/v1/merchants/tea-house/refs/{reference}")).IsOk();
            var kept = sale.Json["captured"] is { } captured ? captured.GetValue<long>() - sale.Number("refunded") : 0;
            Assert.True(points == kept, $"Seed {seed}: the till of {reference} took {points}; {sale.Text}");
            Assert.NotEqual("held", sale.Word("status"));
        }

        var journal = _api.Services.GetRequiredService<IJournal>();
        var totals = await journal.ReadTotals(new(LedgerApi.Community), TestContext.Current.CancellationToken);
        Assert.Equal((taken, 0L), (totals.GetValueOrDefault("merchant/tea-house"), totals.GetValueOrDefault("held")));
        Assert.True(taken > 0, "Nothing was sold.");
        Assert.Equal(lossPercent > 0, networks.Sum(network => network.Sent) > networks.Sum(network => network.Answered));
        var report = await new JournalVerifier(journal, (IJournalInspection)journal).Verify(new(LedgerApi.Community), null, TestContext.Current.CancellationToken);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }

    private async Task Work(Till till, Till colleague, string name, Random chance)
    {
        for (var i = 0; i < SalesPerTill; i++)
        {
            var (reference, points) = ($"{name}-{i}", chance.Next(1, 60));
            await till.Sell(reference, await Shown($"r-{chance.Next(3)}"), points, chance.Next(5) == 0 ? 0 : chance.Next(1, points + 1));
            if (till.Taken[reference] is > 1 and var taken && chance.Next(4) == 0)
            {
                var back = chance.Next(1, (int)taken);
                Assert.True(await colleague.Refund(reference, back, $"{reference}-refund"));
                till.Returned(reference, back);
            }
        }
    }

    // The customer has a network; who has too many codes waits.
    private async Task<string> Shown(string resident)
    {
        for (; ; )
        {
            var answer = await _app.Write($"/v1/residents/{resident}/paycodes", "");
            if (answer.Status == HttpStatusCode.OK)
            {
                return answer.Word("paycode");
            }

            answer.IsProblem(429, "too_many_paycodes");
            _api.Clock.Advance(Duration.FromSeconds(WaitSeconds));
        }
    }
}
