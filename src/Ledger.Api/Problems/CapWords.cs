using System.Diagnostics;
using Ledger.Api.Wallets;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Api.Problems;

/// <summary>Says in words which cap had how much room.</summary>
internal static class CapWords
{
    public static string English(CapPeriod per, LocalDate start, CapUnit unit, long limit, long used, string? scope)
    {
        var shared = Shared(scope) is { } name ? $"shared cap '{name}'" : "cap";
        var counted = unit == CapUnit.Times ? $"{limit} times, used {used}" : $"{limit}, used {used}";
        return per switch
        {
            CapPeriod.Event => $"{shared} of one event {limit}",
            CapPeriod.LocalDay => $"{shared} of the local day {LocalDates.Text(start)} {counted}",
            CapPeriod.IsoWeek => $"{shared} of the week from {LocalDates.Text(start)} {counted}",
            CapPeriod.Month => $"{shared} of the month from {LocalDates.Text(start)} {counted}",
            CapPeriod.Lifetime => $"{shared} of a lifetime {counted}",
            CapPeriod.Campaign => $"limit of campaign '{Shared(scope)}' {counted}",
            _ => throw new UnreachableException($"Period {per} has no words."),
        };
    }

    public static string Chinese(CapPeriod per, LocalDate start, CapUnit unit, long limit, long used, string? scope)
    {
        var shared = Shared(scope) is { } name ? $"共享上限“{name}”" : "上限";
        var counted = unit == CapUnit.Times ? $" {limit} 次，已用 {used} 次" : $" {limit} 分，已用 {used} 分";
        return per switch
        {
            CapPeriod.Event => $"单次{shared} {limit} 分",
            CapPeriod.LocalDay => $"当日（{LocalDates.Text(start)}）{shared}{counted}",
            CapPeriod.IsoWeek => $"当周（{LocalDates.Text(start)} 起）{shared}{counted}",
            CapPeriod.Month => $"当月（{LocalDates.Text(start)} 起）{shared}{counted}",
            CapPeriod.Lifetime => $"终身{shared}{counted}",
            CapPeriod.Campaign => $"活动“{Shared(scope)}”个人上限{counted}",
            _ => throw new UnreachableException($"Period {per} has no words."),
        };
    }

    /// <summary>The id behind a stored name such as <c>cap/weekly</c>; null for none.</summary>
    public static string? Shared(string? scope) => scope?[(scope.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
