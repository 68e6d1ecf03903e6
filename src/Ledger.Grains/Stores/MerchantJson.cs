using System.Text.Json;
using Ledger.Grains.Journal;
using Ledger.Json;
using Ledger.Merchants;

namespace Ledger.Grains.Stores;

/// <summary>A merchant as the text that stores keep.</summary>
internal static class MerchantJson
{
    public static string Write(Merchant merchant) => JsonSerializer.Serialize(merchant, LedgerJson.Default.Merchant);

    /// <exception cref="JournalUnavailableException">A newer program wrote it.</exception>
    public static Merchant Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, LedgerJson.Default.Merchant)!;
        }
        catch (JsonException unreadable)
        {
            throw new JournalUnavailableException($"A merchant of the register cannot be read by this program: {unreadable.Message}");
        }
    }
}
