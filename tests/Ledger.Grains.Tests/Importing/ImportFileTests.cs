using System.IO.Compression;
using System.Text;
using Ledger.Grains.Importing;
using Ledger.Grains.Tests.Stores;
using NodaTime;

namespace Ledger.Grains.Tests.Importing;

public class ImportFileTests
{
    private const string Header = "event_id,resident,type,amount_points,occurred_at,ref,activity\n";

    [Theory]
    [InlineData(",r1,earn,5,2020-01-01T00:00:00Z,,x", "event_id is empty")]
    [InlineData("a\u0007b,r1,earn,5,2020-01-01T00:00:00Z,,x", "event_id \"a\uFFFDb\" is not 1 to 255 characters")]
    [InlineData("A,,earn,5,2020-01-01T00:00:00Z,,x", "resident \"\" is not 1 to 64")]
    [InlineData("A,张三,earn,5,2020-01-01T00:00:00Z,,x", "resident \"张三\" is not")]
    [InlineData("A,r/1,earn,5,2020-01-01T00:00:00Z,,x", "resident \"r/1\" is not")]
    [InlineData("A,r1,Earn,5,2020-01-01T00:00:00Z,,x", "type \"Earn\" is not earn, spend or reverse")]
    [InlineData("A,r1,,5,2020-01-01T00:00:00Z,,x", "type \"\" is not")]
    [InlineData("A,r1,earn,,2020-01-01T00:00:00Z,,x", "amount_points is empty")]
    [InlineData("A,r1,earn,0,2020-01-01T00:00:00Z,,x", "amount_points is 0")]
    [InlineData("A,r1,earn,-5,2020-01-01T00:00:00Z,,x", "amount_points \"-5\" is not a positive whole number")]
    [InlineData("A,r1,earn,1.5,2020-01-01T00:00:00Z,,x", "amount_points \"1.5\" is not")]
    [InlineData("A,r1,earn,1e3,2020-01-01T00:00:00Z,,x", "amount_points \"1e3\" is not")]
    [InlineData("A,r1,earn, 5,2020-01-01T00:00:00Z,,x", "amount_points \" 5\" is not")]
    [InlineData("A,r1,earn,５,2020-01-01T00:00:00Z,,x", "amount_points \"５\" is not")]
    [InlineData("A,r1,earn,9007199254740992,2020-01-01T00:00:00Z,,x", "amount_points \"9007199254740992\" is more than 9007199254740991")]
    [InlineData("A,r1,earn,99999999999999999999999,2020-01-01T00:00:00Z,,x", "amount_points \"99999999999999999999999\" is more than")]
    [InlineData("A,r1,earn,5,,,x", "occurred_at is empty")]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00,,x", "occurred_at \"2020-01-01T00:00:00\" has no offset")]
    [InlineData("A,r1,earn,5,2020-01-01,,x", "occurred_at \"2020-01-01\" has no offset")]
    [InlineData("A,r1,earn,5,yesterday,,x", "occurred_at \"yesterday\" is not a time")]
    [InlineData("A,r1,earn,5,2020-02-30T00:00:00Z,,x", "occurred_at \"2020-02-30T00:00:00Z\" is not a time")]
    [InlineData("A,r1,earn,5,0001-01-01T00:00:00Z,,x", "is not in the years 1900 to 9000")]
    [InlineData("A,r1,earn,5,9999-12-31T23:59:59Z,,x", "is not in the years 1900 to 9000")]
    [InlineData("A,r1,reverse,5,2020-01-01T00:00:00Z,,x", "ref (the event id that is reversed) is empty")]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,x y", "activity \"x y\" is not")]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z", "has 5 fields, the header has 7")]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,\"x", "has a quote that is not closed")]
    public void A_bad_row_is_told_with_its_line_and_reason_and_stops_nothing(string row, string reason)
    {
        var bad = new List<BadRow>();
        var file = Read($"{Header}G1,r1,earn,5,2020-01-01T00:00:00Z,,x\n{row}\nG2,r1,earn,7,2020-01-02T00:00:00Z,,x\n", bad);
        var only = Assert.Single(bad);
        Assert.Equal(3, only.Line);
        Assert.StartsWith(reason, only.Reason[Math.Max(0, only.Reason.IndexOf(reason, StringComparison.Ordinal))..], StringComparison.Ordinal);
        Assert.Equal((2, 1, 0), (file.Rows, file.BadRows, file.Duplicates));
        Assert.Equal(["G1", "G2"], file.Residents.Single().Select(row => row.Id));
    }

    [Theory]
    [InlineData("2020-01-01T08:00:00+08:00")]
    [InlineData("2020-01-01t00:00:00z")]
    [InlineData("2019-12-31T18:30:00-05:30")]
    [InlineData("2020-01-01T00:00:00.000000000Z")]
    [InlineData("2020-01-01T00:00:00+00:00")]
    public void A_time_may_be_written_with_any_offset(string time) =>
        Assert.Equal(Instant.FromUtc(2020, 1, 1, 0, 0), Single($"A,r1,earn,5,{time},,x").At);

    [Fact]
    public void An_event_id_may_be_any_text_up_to_255_characters()
    {
        Assert.Equal("订单/1 😀", Single("订单/1 😀,r1,earn,5,2020-01-01T00:00:00Z,,x").Id);
        Assert.Equal(255, Single(new string('i', 255) + ",r1,earn,5,2020-01-01T00:00:00Z,,x").Id.Length);
        var bad = new List<BadRow>();
        Read($"{Header}{new string('i', 256)},r1,earn,5,2020-01-01T00:00:00Z,,x\n", bad);
        Assert.Single(bad);
    }

    [Fact]
    public void Amount_and_activity_may_be_left_out_where_that_means_something()
    {
        var row = Single("A,r1,reverse,,2020-01-01T00:00:00Z,B,");
        Assert.Equal((null, "B", "default"), (row.Points, row.Of, row.Activity.Value));
        Assert.Equal(9_007_199_254_740_991, Single("A,r1,spend,9007199254740991,2020-01-01T00:00:00Z,free text,").Points!.Value.Value);
        Assert.Null(Single("A,r1,earn,1,2020-01-01T00:00:00Z,B,").Of);
    }

    [Fact]
    public void Rows_are_ordered_by_time_and_equal_times_by_line()
    {
        var file = Read(
            $"""
            {Header}C,r1,earn,1,2020-01-03T00:00:00Z,,
            B,r1,earn,1,2020-01-02T08:00:00+08:00,,
            A,r2,earn,1,2020-01-01T00:00:00Z,,
            E,r1,spend,1,2020-01-02T00:00:00Z,,
            D,r1,earn,1,2020-01-01T00:00:00Z,,
            """.Replace(Header, Header.TrimEnd() + "\n", StringComparison.Ordinal));
        Assert.Equal("D B E C", string.Join(' ', file.Residents[0].Select(row => row.Id)));
        Assert.Equal("A", string.Join(' ', file.Residents[1].Select(row => row.Id)));
    }

    [Fact]
    public void The_first_valid_row_of_an_id_counts_and_later_ones_are_duplicates_whatever_they_say()
    {
        var bad = new List<BadRow>();
        var file = Read(
            Header
            + "A,r1,earn,0,2020-01-01T00:00:00Z,,\n"
            + "A,r1,earn,5,2020-01-02T00:00:00Z,,\n"
            + "A,r1,earn,5,2020-01-02T00:00:00Z,,\n"
            + "A,r2,spend,9,2019-01-01T00:00:00Z,,\n",
            bad);
        Assert.Equal((1, 1, 2), (file.Rows, file.BadRows, file.Duplicates));
        Assert.Equal((3, "r1", 5L), file.Residents.Single().Select(row => (row.Line, row.Resident.Value, row.Points!.Value.Value)).Single());
        Assert.Equal(ImportRowType.Earn, file.TypeOf("A"));
        Assert.Null(file.TypeOf("B"));
    }

    [Theory]
    [InlineData("", "is missing: the file is empty")]
    [InlineData("event_id,resident,type,amount_points,occurred_at,ref\n", "has no column activity")]
    [InlineData("event_id,resident,type,amount_points,occurred_at,ref,activity,x\n", "has an unknown column \"x\"")]
    [InlineData("event_id,event_id,resident,type,amount_points,occurred_at,ref,activity\n", "has the column \"event_id\" twice")]
    [InlineData("event_id;resident;type;amount_points;occurred_at;ref;activity\n", "has no column event_id, resident")]
    public void A_file_without_the_header_of_an_import_is_not_read(string header, string reason)
    {
        var bad = new List<BadRow>();
        var text = header.Length == 0 ? "" : header + "A,r1,earn,5,2020-01-01T00:00:00Z,,x\n";
        var reading = ImportFile.Begin(new StringReader(text), bad.Add);
        Assert.False(reading.HasHeader);
        Assert.Equal(0, reading.ToEnd().Rows);
        Assert.StartsWith(reason, Assert.Single(bad).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_may_stand_in_any_order()
    {
        var file = Read("activity,ref,occurred_at,amount_points,type,resident,event_id\nx,,2020-01-01T00:00:00Z,5,earn,r1,A\n");
        Assert.Equal(("A", "r1", "x"), file.Residents.Single().Select(row => (row.Id, row.Resident.Value, row.Activity.Value)).Single());
    }

    [Fact]
    public void A_byte_order_mark_CRLF_quotes_and_compression_do_not_matter()
    {
        using var folder = new TemporaryFolder();
        var text = "\uFEFF" + Header.Replace("\n", "\r\n", StringComparison.Ordinal) + "\"A\",\"r1\",\"earn\",\"5\",\"2020-01-01T00:00:00Z\",\"a, b\",\"x\"\r\n";
        File.WriteAllText(folder.File("a.csv"), text, new UTF8Encoding(false));
        using (var packed = new GZipStream(File.Create(folder.File("a.csv.gz")), CompressionLevel.Fastest))
        {
            packed.Write(Encoding.UTF8.GetBytes(text));
        }

        foreach (var name in new[] { "a.csv", "a.csv.gz" })
        {
            using var reader = ImportFile.Open(folder.File(name));
            var file = ImportFile.Read(reader, bad => Assert.Fail(bad.Reason));
            Assert.Equal(("A", 5L), file.Residents.Single().Select(row => (row.Id, row.Points!.Value.Value)).Single());
        }
    }

    [Theory]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,char", 2L)]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,", 2L)]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,\"two\nlines\",x", 2L)]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,x\nB,r1,earn,5,2020-01-01T00:00:00Z,,y", 3L)]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,x\n", null)]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,x\r", null)]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,x\r\n", null)]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,x\n\n", null)]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,x\nB,r1,earn,5,2020-01-0", null)]
    [InlineData("A,r1,earn,5,2020-01-01T00:00:00Z,,x\nA,r1,earn,5,2020-01-01T00:00:00Z,,y", null)]
    [InlineData("", null)]
    public void A_last_row_without_a_line_end_is_taken_and_told(string rows, long? line) => Assert.Equal(line, Read(Header + rows, []).UnendedLine);

    [Theory]
    [InlineData(0.999)]
    [InlineData(0.5)]
    [InlineData(0.01)]
    public void A_packed_file_that_is_cut_off_is_not_taken_for_a_whole_one(double kept)
    {
        using var folder = new TemporaryFolder();
        var text = Header + string.Concat(Enumerable.Range(0, 5000).Select(i => $"E{i * 7919 % 5003},r1,earn,{i},2020-01-01T00:00:00Z,,x\n"));
        using (var packed = new GZipStream(File.Create(folder.File("a.csv.gz")), CompressionLevel.Fastest))
        {
            packed.Write(Encoding.UTF8.GetBytes(text));
        }

        var bytes = File.ReadAllBytes(folder.File("a.csv.gz"));
        File.WriteAllBytes(folder.File("cut.csv.gz"), bytes[..(int)(bytes.Length * kept)]);
        using var reader = ImportFile.Open(folder.File("cut.csv.gz"));
        Assert.Throws<InvalidDataException>(() => ImportFile.Read(reader, _ => { }));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_in_an_id_are_a_bad_row()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.csv"), [.. Encoding.ASCII.GetBytes(Header), 0xC3, 0x28, .. Encoding.ASCII.GetBytes(",r1,earn,5,2020-01-01T00:00:00Z,,x\n")]);
        using var reader = ImportFile.Open(folder.File("a.csv"));
        var bad = new List<BadRow>();
        ImportFile.Read(reader, bad.Add);
        Assert.Contains("not UTF-8", Assert.Single(bad).Reason, StringComparison.Ordinal);
    }

    private static ImportRow Single(string row) => Read(Header + row + "\n").Residents.Single().Single();

    private static ImportFile Read(string text) => ImportFile.Read(new StringReader(text), bad => Assert.Fail($"line {bad.Line} {bad.Reason}"));

    private static ImportFile Read(string text, List<BadRow> bad) =>
        ImportFile.Read(new StringReader(text), bad.Add);
}
