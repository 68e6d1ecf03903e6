using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Programmes;

/// <summary>The JSON Schema (2020-12) of a programme, for editors. Thread-safe.</summary>
/// <remarks>
/// It is not written beside the readers but learned from them: they read objects that hold hardly anything, what they ask for is written down,
/// and the next objects go one step further in, until nothing new is asked. Whatever a reader accepts the schema accepts as well; a member
/// that is null, which a reader takes for absent, is the one exception. What only a reader can tell, such as two rules of one id, it does not say.
/// </remarks>
public static class ProgrammeSchema
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Lazy<string> Written = new(Write);

    /// <summary>The schema as indented text with LF, ending with one.</summary>
    public static string Json => Written.Value;

    private static string Write()
    {
        var programme = new AskedPlace();
        Ask(programme, new JsonObject());
        var (known, before) = (Schema(programme), string.Empty);
        while (known != before)
        {
            foreach (var probe in programme.Probes().ToList())
            {
                Ask(programme, probe);
            }

            (known, before) = (Schema(programme), known);
        }

        return known + "\n";
    }

    private static void Ask(AskedPlace programme, JsonNode probe) => ProgrammeReader.Read(probe.Deserialize<JsonElement>(), programme);

    private static string Schema(AskedPlace programme)
    {
        var schema = programme.ToSchema("programme");
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Programme of a points ledger");
        return schema.ToJsonString(Indented);
    }
}
