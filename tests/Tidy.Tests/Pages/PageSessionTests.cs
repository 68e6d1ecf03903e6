using System.Text.Json;

namespace Tidy.Tests.Pages;

/// <summary>The sessions of the pages beside the README, typed by a test: whoever pastes them sees what they say.</summary>
public sealed class PageSessionTests
{
    /// <summary>A page, and what each of its answers comes to: a status, the code of a refusal, or "ok".</summary>
    public static TheoryData<string, string> Pages => new()
    {
        { "docs/rules.md", "ok ok ok ok ok ok approval_own_entry ok ok ok ok ok" },
        { "docs/tills.md", "ok ok captured paycode_used paycode_mistyped paycode_required paycode_required ok ok voided ok ok pin_required pin_wrong ok voided reference_voided points_invalid ok reference_reused capture_exceeds_hold ok hold_ended refund_exceeds_spend ok ok ok voucher_redeemed voucher_invalid" },
        { "docs/mall.md", "ok ok ok ok ok wrong_pickup_code ok ok ok ok booked ok ok reward_invalid ok ok ok reward_sold_out ok" },
        { "docs/settlement.md", "active ok ok open active closed statement_already_closed ok statement_not_due disputed statement_disputed closed statement_disputed paid ok statement_held closed closed paid terminal_required ok suspended merchant_suspended" },
        { "docs/sharing.md", "ok ok ok gift_to_self receiver_unknown ok ok ok ok captured captured captured pool_too_small ok ok ok" },
        { "docs/residents.md", "frozen wallet_frozen ok open wallet_frozen ok closed ok wallet_closed erased resident_erased ok resident_erased" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_session_on_the_demo_goes_as_it_says(string page, string expected)
    {
        Assert.SkipUnless(PageScript.CanRun, $"The session of {page} was NOT tried: it needs bash and curl.");
        await using var demo = new DemoService();

        var answers = await demo.Type(page, "On the demo", TestContext.Current.CancellationToken);

        Assert.Equal(expected, string.Join(' ', answers.Select(Gist)));
    }

    private static string Gist(JsonElement answer) =>
        Text(answer, "code") ?? Text(answer, "status") ?? "ok";

    private static string? Text(JsonElement answer, string member) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
