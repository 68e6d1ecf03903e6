using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Telemetry;

public sealed class OtlpTests
{
    [Fact]
    public async Task Meters_and_traces_arrive_where_the_standard_variables_say_and_name_nobody()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var receiver = await OtlpReceiver.Start();
        await using var api = new LedgerApi(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"));
        await api.Furnish();
        var app = await api.App();
        var (resident, id) = (LedgerApi.NewName("r"), LedgerApi.NewName("e"));

        (await app.Event(Event.Earn(resident, 10, id))).IsOk();
        (await app.Spend(resident, 20)).IsProblem(422, "insufficient_points");
        (await app.Balance(resident)).IsOk();

        foreach (var meter in new[]
        {
            "ledger.commands", "insufficient_points", "ledger.append.duration", "ledger.commit.duration", "ledger.commit.rows",
            "http.server.request.duration", "orleans-",
        })
        {
            await receiver.Until("metrics", meter, stop);
        }

        await receiver.Until("traces", "append", stop);
        await receiver.Until("traces", "/v1/residents/{resident}/balance", stop);
        await api.Stop();
        Assert.False(receiver.HasAnywhere(resident));
        Assert.False(receiver.HasAnywhere(id));
    }
}
