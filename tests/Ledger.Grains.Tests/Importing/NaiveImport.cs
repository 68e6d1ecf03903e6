using NodaTime;
using NodaTime.TimeZones;

namespace Ledger.Grains.Tests.Importing;

/// <summary>One row as a test makes it.</summary>
internal sealed record NaiveRow(string Id, string Resident, string Type, long? Amount, Instant At, string Ref, string Activity);

/// <summary>What a test varies of the rules. Null caps are none.</summary>
internal sealed record NaiveRules(int Months, long? CapPerDay, long? CapPerMonth, bool WriteOff)
{
    public string ToJson()
    {
        var caps = string.Join(", ", new[] { ("local_day", CapPerDay), ("month", CapPerMonth) }
            .Where(cap => cap.Item2 is not null).Select(cap => $$"""{ "per": "{{cap.Item1}}", "points": {{cap.Item2}} }"""));
        return $$"""
            { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": {{Months}} }, "clawback": "{{(WriteOff ? "write_off" : "debt")}}",
              "activities": [ { "type": "*", "award": { "kind": "per_unit", "points": 1 }, "caps": [ {{caps}} ] } ] }
            """;
    }
}

/// <summary>
/// An import as one would write it on a free afternoon: one list, one loop, one wallet per resident, knowing nothing of the domain. It is what
/// the engine is compared with.
/// </summary>
internal sealed class NaiveImport(NaiveRules rules)
{
    private static readonly DateTimeZone Zone = TzdbDateTimeZoneSource.Default.ForId("Asia/Shanghai");

    private readonly Dictionary<string, Wallet> _wallets = [];
    private readonly Dictionary<string, Done> _done = [];

    public long Excess { get; private set; }

    public void Run(IReadOnlyList<NaiveRow> rows)
    {
        var first = rows.Select((row, line) => (row, line)).GroupBy(item => item.row.Id).Select(group => group.First());
        foreach (var (row, _) in first.OrderBy(item => item.row.At).ThenBy(item => item.line))
        {
            if (!_wallets.TryGetValue(row.Resident, out var wallet))
            {
                _wallets.Add(row.Resident, wallet = new Wallet());
            }

            Expire(wallet, row.At);
            switch (row.Type)
            {
                case "earn":
                    Earn(wallet, row);
                    break;
                case "spend":
                    Spend(wallet, row);
                    break;
                default:
                    Reverse(wallet, row);
                    break;
            }
        }
    }

    public string Export(LocalDate? asOf)
    {
        var lines = new List<string> { "resident,balance,earned,spent,expired,rejected,capped,clawed_back,restored,shortfall,debt" };
        foreach (var (resident, w) in _wallets.OrderBy(wallet => wallet.Key, StringComparer.Ordinal))
        {
            if (asOf is { } date)
            {
                Expire(w, Zone.AtStartOfDay(date.PlusDays(1)).ToInstant());
            }

            var balance = w.Lots.Sum(lot => lot.Open) - w.Debt;
            lines.Add($"{resident},{balance},{w.Earned},{w.Spent},{w.Expired},{w.Rejected},{w.Capped},{w.ClawedBack},{w.Restored},{w.Shortfall},{w.Debt}");
        }

        return string.Join('\n', lines) + "\n";
    }

    private static void Expire(Wallet wallet, Instant now)
    {
        foreach (var lot in wallet.Lots.Where(lot => lot.End <= now && lot.Open > 0))
        {
            wallet.Expired += lot.Open;
            lot.Expired += lot.Open;
            lot.Open = 0;
        }
    }

    private void Earn(Wallet wallet, NaiveRow row)
    {
        var date = row.At.InZone(Zone).Date;
        var (day, month) = ($"{row.Activity} {date}", $"{row.Activity} {date.Year}-{date.Month}");
        var credited = row.Amount!.Value;
        credited = rules.CapPerDay is { } perDay ? Math.Min(credited, perDay - wallet.Counted.GetValueOrDefault(day)) : credited;
        credited = rules.CapPerMonth is { } perMonth ? Math.Min(credited, perMonth - wallet.Counted.GetValueOrDefault(month)) : credited;
        wallet.Counted[day] = wallet.Counted.GetValueOrDefault(day) + credited;
        wallet.Counted[month] = wallet.Counted.GetValueOrDefault(month) + credited;
        wallet.Earned += credited;
        wallet.Capped += row.Amount.Value - credited;
        var repaid = Math.Min(wallet.Debt, credited);
        wallet.Debt -= repaid;
        var lot = new Lot
        {
            EarnedAt = row.At,
            Number = wallet.Lots.Count,
            Credited = credited,
            Open = credited - repaid,
            End = Zone.AtStartOfDay(date.PlusMonths(rules.Months).PlusDays(1)).ToInstant(),
        };
        wallet.Lots.Add(lot);
        _done[row.Id] = new(row.Resident, lot, null);
    }

    private void Spend(Wallet wallet, NaiveRow row)
    {
        if (wallet.Lots.Sum(lot => lot.Open) < row.Amount)
        {
            wallet.Rejected += row.Amount!.Value;
            return;
        }

        wallet.Spent += row.Amount!.Value;
        _done[row.Id] = new(row.Resident, null, Take(wallet, row.Amount.Value));
    }

    private void Reverse(Wallet wallet, NaiveRow row)
    {
        if (!_done.TryGetValue(row.Ref, out var target) || target.Resident != row.Resident)
        {
            return;
        }

        var left = target.Lot is { } lot ? lot.Credited - lot.Claimed - lot.Expired : target.Paid!.Sum(coin => coin.Points);
        if (left <= 0)
        {
            return;
        }

        var amount = Math.Min(row.Amount ?? left, left);
        Excess += (row.Amount ?? left) - amount;
        if (target.Lot is not null)
        {
            Claim(wallet, target.Lot, amount);
        }
        else
        {
            Refund(wallet, target.Paid!, amount, row.At);
        }
    }

    private void Claim(Wallet wallet, Lot lot, long amount)
    {
        lot.Claimed += amount;
        var own = Math.Min(lot.Open, amount);
        lot.Open -= own;
        var rest = amount - own - Take(wallet, Math.Min(amount - own, wallet.Lots.Sum(other => other.Open))).Sum(coin => coin.Points);
        wallet.ClawedBack += rules.WriteOff ? amount - rest : amount;
        wallet.Shortfall += rules.WriteOff ? rest : 0;
        wallet.Debt += rules.WriteOff ? 0 : rest;
    }

    // Paid is a stack of slices: what was taken last comes back first.
    private static void Refund(Wallet wallet, List<Coin> paid, long amount, Instant now)
    {
        wallet.Restored += amount;
        var repaid = Math.Min(wallet.Debt, amount);
        wallet.Debt -= repaid;
        while (amount > 0)
        {
            var coin = paid[^1];
            var back = Math.Min(coin.Points, amount);
            amount -= back;
            paid.RemoveAt(paid.Count - 1);
            if (coin.Points > back)
            {
                paid.Add(coin with { Points = coin.Points - back });
            }

            var used = Math.Min(repaid, back);
            repaid -= used;
            back -= used;
            if (coin.Lot.End <= now)
            {
                wallet.Expired += back;
                coin.Lot.Expired += back;
            }
            else
            {
                coin.Lot.Open += back;
            }
        }
    }

    private static List<Coin> Take(Wallet wallet, long amount)
    {
        var taken = new List<Coin>();
        foreach (var lot in wallet.Lots.Where(lot => lot.Open > 0).OrderBy(lot => lot.End).ThenBy(lot => lot.EarnedAt).ThenBy(lot => lot.Number))
        {
            var here = Math.Min(lot.Open, amount);
            if (here > 0)
            {
                lot.Open -= here;
                amount -= here;
                taken.Add(new(lot, here));
            }
        }

        return taken;
    }

    private sealed record Done(string Resident, Lot? Lot, List<Coin>? Paid);

    private sealed record Coin(Lot Lot, long Points);

    private sealed class Lot
    {
        public required Instant EarnedAt { get; init; }

        public required int Number { get; init; }

        public required long Credited { get; init; }

        public required Instant End { get; init; }

        public long Open { get; set; }

        public long Claimed { get; set; }

        public long Expired { get; set; }
    }

    private sealed class Wallet
    {
        public List<Lot> Lots { get; } = [];

        public Dictionary<string, long> Counted { get; } = [];

        public long Debt { get; set; }

        public long Earned { get; set; }

        public long Spent { get; set; }

        public long Expired { get; set; }

        public long Rejected { get; set; }

        public long Capped { get; set; }

        public long ClawedBack { get; set; }

        public long Restored { get; set; }

        public long Shortfall { get; set; }
    }
}
