using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
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
using Ledger.Api.Paycodes;
using Ledger.Api.Problems;
using Ledger.Api.Programmes;
using Ledger.Api.Register;
using Ledger.Api.Reratings;
using Ledger.Api.Residents;
using Ledger.Api.Settlement;
using Ledger.Api.Sharing;
using Ledger.Api.Simulation;
using Ledger.Api.Vouchers;
using Ledger.Api.Wallets;

namespace Ledger.Api.Json;

/// <summary>The JSON of every answer, written by code that is generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    Converters = [typeof(InstantConverter), typeof(LocalDateConverter)])]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(EventResult))]
[JsonSerializable(typeof(EventResults))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Balance))]
[JsonSerializable(typeof(WalletStanding))]
[JsonSerializable(typeof(TransactionPage))]
[JsonSerializable(typeof(TransactionView))]
[JsonSerializable(typeof(LotPage))]
[JsonSerializable(typeof(ApprovalPage))]
[JsonSerializable(typeof(TrialBalance))]
[JsonSerializable(typeof(BudgetList))]
[JsonSerializable(typeof(FeedPage))]
[JsonSerializable(typeof(CommunityView))]
[JsonSerializable(typeof(CommunityList))]
[JsonSerializable(typeof(KeyView))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(ProgrammeView))]
[JsonSerializable(typeof(ProgrammeList))]
[JsonSerializable(typeof(DraftView))]
[JsonSerializable(typeof(DraftList))]
[JsonSerializable(typeof(NewDraft))]
[JsonSerializable(typeof(DraftPublication))]
[JsonSerializable(typeof(ReratingView))]
[JsonSerializable(typeof(ReratingPage))]
[JsonSerializable(typeof(NewRerating))]
[JsonSerializable(typeof(SimulationView))]
[JsonSerializable(typeof(NewSimulation))]
[JsonSerializable(typeof(ProgrammeCheck))]
[JsonSerializable(typeof(ProgrammeToCheck))]
[JsonSerializable(typeof(ReplayView))]
[JsonSerializable(typeof(NewReplay))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(PaycodeView))]
[JsonSerializable(typeof(VoucherView))]
[JsonSerializable(typeof(NewVoucher))]
[JsonSerializable(typeof(VoucherToRedeem))]
[JsonSerializable(typeof(VoucherHeader))]
[JsonSerializable(typeof(VoucherClaims))]
[JsonSerializable(typeof(JsonWebKeySet))]
[JsonSerializable(typeof(ProfileView))]
[JsonSerializable(typeof(NewProfile))]
[JsonSerializable(typeof(FoundMember))]
[JsonSerializable(typeof(MemberSearch))]
[JsonSerializable(typeof(NewCommunity))]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(NewProgramme))]
[JsonSerializable(typeof(SaleView))]
[JsonSerializable(typeof(StatementView))]
[JsonSerializable(typeof(StatementPage))]
[JsonSerializable(typeof(ClosedDay))]
[JsonSerializable(typeof(NewStatementStep))]
[JsonSerializable(typeof(NewPayment))]
[JsonSerializable(typeof(MovementPage))]
[JsonSerializable(typeof(DayTotals))]
[JsonSerializable(typeof(MerchantView))]
[JsonSerializable(typeof(MerchantList))]
[JsonSerializable(typeof(NewMerchant))]
[JsonSerializable(typeof(NewHold))]
[JsonSerializable(typeof(NewCapture))]
[JsonSerializable(typeof(NewSpend))]
[JsonSerializable(typeof(NewRefund))]
[JsonSerializable(typeof(NewAdjustment))]
[JsonSerializable(typeof(NewFreeze))]
[JsonSerializable(typeof(NewClosing))]
[JsonSerializable(typeof(NewErasure))]
[JsonSerializable(typeof(GiftView))]
[JsonSerializable(typeof(NewGift))]
[JsonSerializable(typeof(NewDonation))]
[JsonSerializable(typeof(ExpiryChoice))]
[JsonSerializable(typeof(FundList))]
[JsonSerializable(typeof(HouseholdView))]
[JsonSerializable(typeof(MemberView))]
[JsonSerializable(typeof(MembershipView))]
[JsonSerializable(typeof(PoolConsentView))]
[JsonSerializable(typeof(PooledSpendView))]
[JsonSerializable(typeof(NewPooledSpend))]
[JsonSerializable(typeof(CampaignList))]
[JsonSerializable(typeof(TierList))]
[JsonSerializable(typeof(NewDecision))]
[JsonSerializable(typeof(RewardView))]
[JsonSerializable(typeof(RewardList))]
[JsonSerializable(typeof(NewReward))]
[JsonSerializable(typeof(StockView))]
[JsonSerializable(typeof(NewStockChange))]
[JsonSerializable(typeof(RedemptionView))]
[JsonSerializable(typeof(RedemptionList))]
[JsonSerializable(typeof(RedemptionPage))]
[JsonSerializable(typeof(NewRedemption))]
[JsonSerializable(typeof(NewBooking))]
[JsonSerializable(typeof(NewPickup))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>What endpoints write with.</summary>
    public static ApiJson Web => Readable.Context;

    // A class of its own, for the generated half of this one is initialised in an order that nobody promises.
    private static class Readable
    {
        // Chinese and quotes are written as themselves, which a person can read and which is shorter. What HTML could take for markup is
        // written as itself too: no browser takes these answers for HTML, for they say what they are and forbid to guess (NoGuessing).
        public static readonly ApiJson Context =
            new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
