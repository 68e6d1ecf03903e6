using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Ledger.Grains.Stores;
using Ledger.Grains.Stores.Sqlite;

namespace Ledger.Api.Tests.CommandLine;

public class KilledImportTest
{
    private const int RowsInFile = 49_085;

    private const string Programme =
        """
        { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": 3 },
          "activities": [ { "type": "*", "award": { "kind": "per_unit", "points": 1 },
            "caps": [ { "per": "local_day", "points": 100 }, { "per": "month", "points": 300 } ] } ] }
        """;

    [Fact]
    public async Task An_import_killed_in_the_middle_and_run_again_gives_the_same_bytes()
    {
        Assert.SkipWhen(Data is null, "The real data does not lie beside the project.");
        using var folder = new CommandRun();
        var programme = folder.Write("programme.json", Programme);
        var killed = 0;
        foreach (var rowsWanted in new[] { 1L, RowsInFile / 3, 2 * RowsInFile / 3 })
        {
            using var import = Start(folder, programme);
            await Until(() => Rows(folder.Store) >= rowsWanted || import.HasExited);
            killed += import.HasExited ? 0 : 1;
            import.Kill(entireProcessTree: true);
            await import.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(killed >= 2, "The import was too fast to be killed in the middle.");
        Assert.InRange(Rows(folder.Store), 1, RowsInFile);
        var resumed = await folder.OnStore("import", Path.Combine(Data!, "completejourney.csv.gz"), "--programme", programme);
        Assert.True(resumed.Code == 0, resumed.ToString());
        Assert.Equal(RowsInFile, Rows(folder.Store));
        Assert.Equal(0, (await folder.OnStore("close", "--as-of", "2018-01-01")).Code);
        var exported = await folder.OnStore("export", "residents");
        Assert.Equal(Expected(), exported.Output);
        var verified = await folder.OnStore("verify");
        Assert.True(verified.Code == 0, verified.ToString());
    }

    private static string? Data { get; } = FindData();

    private static Process Start(CommandRun folder, string programme) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList =
        {
            Path.Combine(AppContext.BaseDirectory, "Ledger.Api.dll"), "import", Path.Combine(Data!, "completejourney.csv.gz"),
            "--programme", programme, "--store", folder.Store,
        },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static long Rows(string store)
    {
        try
        {
            using var opened = SqliteStore.OpenReadOnly(store);
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={store};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM journal";
            return (long)command.ExecuteScalar()!;
        }
        catch (StoreRefusedException)
        {
            // Not made yet, or not brought to its schema yet.
            return 0;
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!condition())
        {
            // Each look opens the store, so this loop waits for the disk and not for the clock.
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static string Expected()
    {
        using var packed = new GZipStream(File.OpenRead(Path.Combine(Data!, "completejourney_B.csv.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(packed, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string? FindData()
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
