using System.Globalization;
using System.Text;
using Ledger.Grains.Journal;
using NodaTime.Text;

namespace Ledger.Api.Settlement;

/// <summary>A statement as a table: what was owed before, a line for each movement, what was owed after. The points of all lines but the last add up to the last.</summary>
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
        await Write(response, Sum("opening", statement.Opening), httpContext.RequestAborted);
        for (var page = question with { RowsMax = LinesPerPage }; ;)
        {
            var lines = await movements.List(page, httpContext.RequestAborted);
            await Write(response, string.Concat(lines.Select(MovementView.Of).Select(Line)), httpContext.RequestAborted);
            if (lines.Count < LinesPerPage)
            {
                break;
            }

            page = page with { After = lines[^1].Place };
        }

        await Write(response, Sum("closing", statement.Closing), httpContext.RequestAborted);
    }

    private static Task Write(HttpResponse response, string text, CancellationToken cancellation) =>
        response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation).AsTask();

    // Identifiers hold nothing that a table would have to quote, or that a spreadsheet would take for a formula.
    private static string Line(MovementView line) => string.Create(
        CultureInfo.InvariantCulture,
        $"{line.Kind},{InstantPattern.ExtendedIso.Format(line.At)},{line.Points},{line.Money},{line.Currency},{line.Reference},{line.Terminal},{line.Cashier},{line.Resident},{line.Transaction}\r\n");

    // The points once, and a line for the money of each further currency.
    private static string Sum(string kind, OwedView owed)
    {
        var lines = new StringBuilder();
        for (var i = 0; i < Math.Max(1, owed.Money.Count); i++)
        {
            var money = i < owed.Money.Count ? owed.Money[i] : null;
            lines.Append(CultureInfo.InvariantCulture, $"{kind},,{(i == 0 ? owed.Points : 0)},{money?.MinorUnits},{money?.Currency},,,,,\r\n");
        }

        return lines.ToString();
    }
}
