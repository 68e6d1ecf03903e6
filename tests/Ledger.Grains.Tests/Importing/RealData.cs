using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;

namespace Ledger.Grains.Tests.Importing;

/// <summary>Public records with results that an independent program computed; they lie beside the project and are not part of it.</summary>
public sealed class RealData
{
    private const string WithoutCaps =
        """
        { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": 12 },
          "activities": [ { "type": "*", "award": { "kind": "per_unit", "points": 1 } } ] }
        """;

    private const string WithCaps =
        """
        { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": 3 },
          "activities": [ { "type": "*", "award": { "kind": "per_unit", "points": 1 },
            "caps": [ { "per": "local_day", "points": 100 }, { "per": "month", "points": 300 } ] } ] }
        """;

    private readonly string _rows;
    private readonly string _expected;

    private RealData(string rows, string expected, string programme, LocalDate close) =>
        (_rows, _expected, Programme, Close) = (rows, expected, programme, close);

    public static RealData Of(string name) => name switch
    {
        "completejourney_A" => new("completejourney", name, WithoutCaps, new(2018, 1, 1)),
        "completejourney_B" => new("completejourney", name, WithCaps, new(2018, 1, 1)),
        "donations_all_A" => new("donations_all", name, WithoutCaps, new(2023, 11, 1)),
        _ => throw new ArgumentException($"No data set {name}.", nameof(name)),
    };

    public static string? Folder { get; } = Find();

    public string Programme { get; }

    public LocalDate Close { get; }

    public string RowsPath => Path.Combine(Folder!, _rows + ".csv.gz");

    public string Expected()
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(Folder!, _expected + ".csv.gz")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        using var facts = Facts();
        Assert.Equal(facts.RootElement.GetProperty("digest").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())));
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public JsonDocument Facts() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder!, _expected + ".json")));

    // Beside the project's root, wherever the tests are built to.
    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data))
            {
                return data;
            }
        }

        return null;
    }
}
