using System.Collections.Immutable;

namespace Ledger.Programmes;

/// <summary>Reads the funds that residents may give to, with what people call them.</summary>
/// <remarks>
/// <code>
/// "funds": [ { "id": "charity", "names": { "zh-CN": "慈善基金", "en": "Charity fund" } } ]
/// </code>
/// </remarks>
internal static class FundReader
{
    public static ImmutableDictionary<FundId, ImmutableDictionary<string, string>> Read(JsonNodeReader parent)
    {
        var funds = ImmutableDictionary.CreateBuilder<FundId, ImmutableDictionary<string, string>>();
        foreach (var (item, path) in parent.Items("funds", required: false))
        {
            var reader = parent.Of(item, path);
            var id = reader.Id("id");
            var names = reader.Localized("names", 100);
            reader.NothingElse();
            if (id is not null && !funds.TryAdd(new(id), names))
            {
                reader.Problem(reader.At("id"), $"\"{id}\" is a fund already");
            }
        }

        return funds.ToImmutable();
    }
}
