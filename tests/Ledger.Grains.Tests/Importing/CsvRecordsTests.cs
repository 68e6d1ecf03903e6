using Ledger.Grains.Importing;

namespace Ledger.Grains.Tests.Importing;

public class CsvRecordsTests
{
    [Theory]
    [InlineData("a,b\n1,2\n3,4\n", "1:a|b 2:1|2 3:3|4")]
    [InlineData("a,b\r\n1,2\r\n3,4", "1:a|b 2:1|2 3:3|4")]
    [InlineData("a,b\r1,2\r3,4\r", "1:a|b 2:1|2 3:3|4")]
    [InlineData("a,b\n\n1,2\n\n\n3,4", "1:a|b 3:1|2 6:3|4")]
    [InlineData("a,b\n\"1\",\"2,3\"\n", "1:a|b 2:1|2,3")]
    [InlineData("a,b\n\"say \"\"hi\"\"\",\n", "1:a|b 2:say \"hi\"|")]
    [InlineData("a,b\n\"two\nlines\",x\n3,4\n", "1:a|b 2:two\nlines|x 4:3|4")]
    [InlineData("a,b\n5\" pipe,x\n", "1:a|b 2:5\" pipe|x")]
    [InlineData("a,b\n,\n", "1:a|b 2:|")]
    [InlineData("", "")]
    public void Sound_records_are_read_with_the_line_they_begin_on(string text, string expected) => Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("a,b\n1\n3,4\n", "1:a|b 2!has 1 field, the header has 2 3:3|4")]
    [InlineData("a,b\n1,2,3\n3,4\n", "1:a|b 2!has 3 fields, the header has 2 3:3|4")]
    [InlineData("a,b\n\"1\"x,2\n3,4\n", "1:a|b 2!has text after a closing quote 3:3|4")]
    [InlineData("a,b\n\"1,2\n3,4\n5,6\n", "1:a|b 2!has a quote that is not closed 3:3|4 4:5|6")]
    [InlineData("a,b\n1,\"2\n3,4\n\"5\",6\n", "1:a|b 2!has text after a closing quote 3:3|4 4:5|6")]
    public void A_broken_record_costs_the_line_it_begins_on_and_no_other(string text, string expected) => Assert.Equal(expected, Read(text));

    [Fact]
    public void A_line_without_end_is_cut_and_told_and_the_next_one_is_read()
    {
        var text = "a,b\n" + new string('x', 1_000_000) + "\n1,2\n";
        Assert.Equal($"1:a|b 2!is longer than {CsvLines.CharactersMax} characters 3:1|2", Read(text));
    }

    [Fact]
    public void A_quote_that_never_closes_is_given_up_after_a_hundred_lines()
    {
        var lines = Enumerable.Range(0, 300).Select(i => $"{i},x");
        var records = Records("a,b\n\"open,x\n" + string.Join('\n', lines));
        Assert.Equal("has a quote that is not closed", records[1].Problem);
        Assert.Equal(300, records.Skip(2).Count(record => record.Problem is null));
    }

    [Fact]
    public void A_line_end_on_the_border_of_two_reads_is_one_line_end()
    {
        // The reader fills 32,768 characters at a time: a CR as the last of them, its LF as the first of the next.
        var text = "a,b\n" + new string('x', 32_768 - 4 - 3) + ",y\r\n1,2\r\n";
        Assert.Equal(3, Records(text).Count(record => record.Problem is null));
        Assert.Equal(3, Records(text)[2].Line);
    }

    private static List<CsvRecord> Records(string text)
    {
        var reader = new CsvRecords(new StringReader(text));
        var records = new List<CsvRecord>();
        while (reader.Read() is { } record)
        {
            records.Add(record);
        }

        return records;
    }

    private static string Read(string text) => string.Join(
        ' ', Records(text).Select(record => record.Problem is null ? $"{record.Line}:{string.Join('|', record.Fields)}" : $"{record.Line}!{record.Problem}"));
}
