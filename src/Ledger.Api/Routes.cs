using Ledger.Api.Approvals;
using Ledger.Api.Books;
using Ledger.Api.Communities;
using Ledger.Api.Drafts;
using Ledger.Api.Events;
using Ledger.Api.Health;
using Ledger.Api.Households;
using Ledger.Api.Keys;
using Ledger.Api.Mall;
using Ledger.Api.Members;
using Ledger.Api.Merchants;
using Ledger.Api.OpenApi;
using Ledger.Api.Paycodes;
using Ledger.Api.Problems;
using Ledger.Api.Programmes;
using Ledger.Api.Register;
using Ledger.Api.Reratings;
using Ledger.Api.Residents;
using Ledger.Api.Serving;
using Ledger.Api.Settlement;
using Ledger.Api.Sharing;
using Ledger.Api.Simulation;
using Ledger.Api.Vouchers;
using Scalar.AspNetCore;

namespace Ledger.Api;

/// <summary>Every address of the service.</summary>
internal static class Routes
{
    public static void Map(WebApplication app)
    {
        PostEvents.MapPost(app, "/v1/events");
        SimulateEvent.MapPost(app, "/v1/events:simulate");
        ReadEvent.MapGetByQuery(app, "/v1/events");
        ReadEvent.MapGetByPath(app, "/v1/events/{**key}");

        ReadBalance.MapGet(app, "/v1/residents/{resident}/balance");
        ListLots.MapGet(app, "/v1/residents/{resident}/lots");
        ListTransactions.MapGet(app, "/v1/residents/{resident}/transactions");
        ReadTransaction.MapGet(app, "/v1/residents/{resident}/transactions/{number}");
        EraseNote.MapDelete(app, "/v1/residents/{resident}/transactions/{number}/note");
        Spend.MapPost(app, "/v1/residents/{resident}/spends");
        Refund.MapPost(app, "/v1/residents/{resident}/transactions/{number}/refunds");
        Adjust.MapPost(app, "/v1/residents/{resident}/adjustments");
        Freeze.MapFreeze(app, "/v1/residents/{resident}/freeze");
        Freeze.MapUnfreeze(app, "/v1/residents/{resident}/unfreeze");
        Close.MapPost(app, "/v1/residents/{resident}/close");
        Erase.MapPost(app, "/v1/residents/{resident}/erase");

        Give.MapPost(app, "/v1/residents/{resident}/gifts");
        ReadGift.MapGet(app, "/v1/residents/{resident}/gifts/{number}");
        CancelGift.MapPost(app, "/v1/residents/{resident}/gifts/{number}/cancel");
        Donate.MapPost(app, "/v1/residents/{resident}/donations");
        ChooseExpiryFund.MapPut(app, "/v1/residents/{resident}/expiry-choice");
        ListFunds.MapGet(app, "/v1/funds");

        OwnHousehold.MapGet(app, "/v1/residents/{resident}/household");
        OwnHousehold.MapPut(app, "/v1/residents/{resident}/pool-consent");
        ReadHousehold.MapGet(app, "/v1/households/{household}");
        ChangeMember.MapPut(app, "/v1/households/{household}/members/{resident}");
        ChangeMember.MapDelete(app, "/v1/households/{household}/members/{resident}");
        SpendPool.MapPost(app, "/v1/households/{household}/spends");
        ReadPooledSpend.MapGet(app, "/v1/households/{household}/spends/{number}");
        RefundPool.MapPost(app, "/v1/households/{household}/spends/{number}/refunds");

        PutProfile.MapPut(app, "/v1/residents/{resident}/profile");
        EraseProfile.MapDelete(app, "/v1/residents/{resident}/profile");
        FindMember.MapPost(app, "/v1/members/find");
        IssuePaycode.MapPost(app, "/v1/residents/{resident}/paycodes");
        IssueVoucher.MapPost(app, "/v1/residents/{resident}/vouchers");
        RedeemVoucher.MapPost(app, "/v1/merchants/{merchant}/vouchers/redeem");
        RotateVoucherKey.MapPost(app, "/v1/voucher-keys/rotate");
        CreateHold.MapPost(app, "/v1/holds");
        CaptureHold.MapPost(app, "/v1/holds/{id}/capture");
        ReleaseHold.MapPost(app, "/v1/holds/{id}/release");
        ReadSale.MapGet(app, "/v1/merchants/{merchant}/refs/{reference}");
        VoidSale.MapPost(app, "/v1/merchants/{merchant}/refs/{reference}/void");
        RefundSale.MapPost(app, "/v1/merchants/{merchant}/refs/{reference}/refunds");

        ListRewards.MapGet(app, "/v1/rewards");
        PutReward.MapPut(app, "/v1/rewards/{id}");
        ReadReward.MapGet(app, "/v1/rewards/{id}");
        DeleteReward.MapDelete(app, "/v1/rewards/{id}");
        RewardStock.MapGet(app, "/v1/rewards/{id}/stock");
        RewardStock.MapPost(app, "/v1/rewards/{id}/stock");
        ListRewards.MapGetForResident(app, "/v1/residents/{resident}/rewards");
        ReadRewardForResident.MapGet(app, "/v1/residents/{resident}/rewards/{id}");
        Redeem.MapPost(app, "/v1/residents/{resident}/redemptions");
        ListRedemptions.MapGet(app, "/v1/residents/{resident}/redemptions");
        ReadRedemption.MapGet(app, "/v1/redemptions/{id}");
        Fulfil.MapPay(app, "/v1/redemptions/{id}/pay");
        Fulfil.MapReady(app, "/v1/redemptions/{id}/ready");
        Fulfil.MapBook(app, "/v1/redemptions/{id}/book");
        Fulfil.MapPickUp(app, "/v1/redemptions/{id}/pick-up");
        Fulfil.MapDeliver(app, "/v1/redemptions/{id}/deliver");
        Fulfil.MapNoShow(app, "/v1/redemptions/{id}/no-show");
        Fulfil.MapCancel(app, "/v1/redemptions/{id}/cancel");

        ListMerchants.MapGet(app, "/v1/merchants");
        ReadMerchant.MapGet(app, "/v1/merchants/{merchant}");
        WriteMerchant.MapPut(app, "/v1/merchants/{merchant}");
        ListSales.MapGet(app, "/v1/merchants/{merchant}/sales");
        ListMerchantRedemptions.MapGet(app, "/v1/merchants/{merchant}/redemptions");
        ReadTotals.MapGet(app, "/v1/merchants/{merchant}/totals");
        ListStatements.MapGet(app, "/v1/merchants/{merchant}/statements");
        ReadStatement.MapGet(app, "/v1/merchants/{merchant}/statements/{day}");
        ChangeStatement.MapClose(app, "/v1/merchants/{merchant}/statements/{day}/close");
        ChangeStatement.MapDispute(app, "/v1/merchants/{merchant}/statements/{day}/dispute");
        ChangeStatement.MapConfirm(app, "/v1/merchants/{merchant}/statements/{day}/confirm");
        ChangeStatement.MapClear(app, "/v1/merchants/{merchant}/statements/{day}/clear");
        ChangeStatement.MapPay(app, "/v1/merchants/{merchant}/statements/{day}/pay");
        CloseDay.MapPost(app, "/v1/settlements/{day}/close");
        ListMerchantRevisions.MapGet(app, "/v1/merchants/{merchant}/revisions");

        ListApprovals.MapGet(app, "/v1/approvals");
        Decide.MapApprove(app, "/v1/residents/{resident}/transactions/{number}/approve");
        Decide.MapReject(app, "/v1/residents/{resident}/transactions/{number}/reject");

        ReadTrialBalance.MapGet(app, "/v1/trial-balance");
        ListBudgets.MapGet(app, "/v1/budgets");
        ReadFeed.MapGet(app, "/v1/feed");

        CreateCommunity.MapPost(app, "/v1/communities");
        ListCommunities.MapGet(app, "/v1/communities");
        CreateKey.MapPost(app, "/v1/keys");
        ListKeys.MapGet(app, "/v1/keys");
        RotateKey.MapPost(app, "/v1/keys/{id}/rotate");
        RevokeKey.MapPost(app, "/v1/keys/{id}/revoke");
        PublishProgramme.MapPost(app, "/v1/programmes");
        CheckProgramme.MapPost(app, "/v1/programmes:check");
        ReplayProgramme.MapPost(app, "/v1/programmes:replay");
        ListProgrammes.MapGet(app, "/v1/programmes");
        ReadProgramme.MapGet(app, "/v1/programmes/{version}");
        ListCampaigns.MapGet(app, "/v1/campaigns");
        ListTiers.MapGet(app, "/v1/tiers");
        CreateDraft.MapPost(app, "/v1/drafts");
        ListDrafts.MapGet(app, "/v1/drafts");
        ReadDraft.MapGet(app, "/v1/drafts/{id}");
        ChangeDraft.MapPut(app, "/v1/drafts/{id}");
        DeleteDraft.MapDelete(app, "/v1/drafts/{id}");
        PublishDraft.MapPost(app, "/v1/drafts/{id}/publish");
        ProposeRerating.MapPost(app, "/v1/reratings");
        ListReratings.MapGet(app, "/v1/reratings");
        ReadRerating.MapGet(app, "/v1/reratings/{id}");
        DecideRerating.MapApprove(app, "/v1/reratings/{id}/approve");
        DecideRerating.MapReject(app, "/v1/reratings/{id}/reject");

        // Open to everybody: what follows, and nothing else.
        Home.MapGet(app, "/");
        HealthChecks.MapLive(app, "/health/live");
        HealthChecks.MapReady(app, "/health/ready");
        ProblemPages.MapList(app, "/problems");
        ProblemPages.MapOne(app, "/problems/{code}");
        ShowVoucherKeys.MapGet(app, "/vouchers/{community}/jwks.json");
        ReadProgrammeSchema.MapGet(app, "/schemas/programme.json");
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        if (app.Environment.IsDevelopment())
        {
            app.MapScalarApiReference("/scalar", scalar => scalar.WithTitle("Points ledger").AddDocument(DocumentWriting.Name)).AllowAnonymous();
        }
    }
}
