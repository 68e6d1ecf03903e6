using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.Api.CommandLine;

/// <summary>Answers for programs: one JSON value, camel-case members, absent where null.</summary>
internal static class CommandJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Task Write<T>(TextWriter output, T answer) => output.WriteAsync(JsonSerializer.Serialize(answer, Options) + "\n");
}
