using System.Globalization;
using System.Text;
using Ledger.Grains.Journal;
using Ledger.Settlements;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Settlement;

/// <summary>A statement as a table: what was owed before, a line for each movement, what was owed after. The points of all lines but the last add up to the last.</summary>
/// <remarks>Of an open day more is sold while its lines go out. Its last line is the sum of those before it, and has the time of the last of them.</remarks>
/// <param name="statement">The statement.</param>
/// <param name="question">Its lines.</param>
/// <param name="movements">Where they are.</param>
internal sealed class StatementSheet(StatementView statement, MovementQuestion question, IMovements movements) : IResult
{
    public const string ContentType = "text/csv";

    private const int LinesPerPage = 1_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = ContentType + "; charset=utf-8; header=present";
        response.Headers.ContentDisposition =
            $"attachment; filename=\"{statement.Merchant}-{LocalDatePattern.Iso.Format(statement.Day)}.csv\"";
        await Write(response, "kind,at,points,money,currency,reference,terminal,cashier,resident,transaction\r\n", httpContext.RequestAborted);
        await Write(response, Sum("opening", null, statement.Opening), httpContext.RequestAborted);
        var (lastLine, owed) = await WriteLines(response, httpContext.RequestAborted);
        await Write(
            response,
            statement.IsOpen ? Sum("so_far", lastLine, OwedView.Of(owed)) : Sum("closing", null, statement.Closing),
            httpContext.RequestAborted);
    }

    private async Task<(Instant? LastLine, Owed Owed)> WriteLines(HttpResponse response, CancellationToken cancellation)
    {
        var (page, owed) = (question with { RowsMax = LinesPerPage }, statement.Opening.ToOwed());
        IReadOnlyList<StoredMovement> lines;
        do
        {
            lines = await movements.List(page, cancellation);
            await Write(response, string.Concat(lines.Select(MovementView.Of).Select(Line)), cancellation);
            owed = lines.Select(line => line.Movement)
                .GroupBy(moved => moved.Money?.Currency)
                .Aggregate(owed, (sum, moved) => sum + Owed.Of(new(moved.Sum(one => one.Points.Value)), moved.Key, moved.Sum(one => one.Money?.MinorUnits ?? 0)));
            page = page with { After = lines is [.., var last] ? last.Place : page.After };
        }
        while (lines.Count == LinesPerPage);

        return (page.After?.At, owed);
    }

    private static Task Write(HttpResponse response, string text, CancellationToken cancellation) =>
        response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation).AsTask();

    // Identifiers hold nothing that a table would have to quote, or that a spreadsheet would take for a formula.
    private static string Line(MovementView line) => string.Create(
        CultureInfo.InvariantCulture,
        $"{line.Kind},{InstantPattern.ExtendedIso.Format(line.At)},{line.Points},{line.Money},{line.Currency},{line.Reference},{line.Terminal},{line.Cashier},{line.Resident},{line.Transaction}\r\n");

    // The points once, and a line for the money of each further currency.
    private static string Sum(string kind, Instant? at, OwedView owed)
    {
        var time = at is { } known ? InstantPattern.ExtendedIso.Format(known) : "";
        var lines = new StringBuilder();
        for (var i = 0; i < Math.Max(1, owed.Money.Count); i++)
        {
            var money = i < owed.Money.Count ? owed.Money[i] : null;
            lines.Append(CultureInfo.InvariantCulture, $"{kind},{time},{(i == 0 ? owed.Points : 0)},{money?.MinorUnits},{money?.Currency},,,,,\r\n");
        }

        return lines.ToString();
    }
}
