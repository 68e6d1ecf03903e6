using System.Globalization;
using System.Text;
using Ledger.Api.Problems;
using Ledger.Api.Tests.Serving;
using Ledger.Wallets;

namespace Ledger.Api.Tests.Problems;

public sealed class ErrorsDocument(SharedApi shared)
{
    private const string Document = "docs/errors.md";

    [Fact]
    public void Every_refusal_of_the_wallet_has_its_words_in_the_same_ranking() =>
        Assert.Equal(Refusal.Codes.Values.Order(StringComparer.Ordinal), RefusalProblems.All.Select(problem => problem.Code).Order(StringComparer.Ordinal));

    [Fact]
    public void No_two_problems_share_a_code() =>
        Assert.Equal(KnownProblems.All.Count, KnownProblems.All.Select(problem => problem.Code).Distinct().Count());

    /// <summary>To write it anew: <c>WRITE_DOCS=1</c> in the environment.</summary>
    [Fact]
    public void The_document_lists_exactly_what_the_service_answers()
    {
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, Document), Text());
        }

        Assert.Equal(Text(), Repository.Read(Document));
    }

    [Fact]
    public async Task The_type_of_every_problem_leads_to_a_page()
    {
        var anyone = shared.Api.CreateClient();
        foreach (var problem in KnownProblems.All)
        {
            var page = (await anyone.Read(problem.Type)).IsOk();
            Assert.Equal("text/html", page.Message.Content.Headers.ContentType!.MediaType);
            Assert.Contains(problem.Code, page.Text, StringComparison.Ordinal);
        }

        (await anyone.Read("/problems")).IsOk();
        (await anyone.Read("/problems/no_such_code")).IsProblem(404, "not_found");
    }

    private static string Text()
    {
        var text = new StringBuilder("""
            # Errors

            Every failure is answered as [problem details](https://www.rfc-editor.org/rfc/rfc9457) (`application/problem+json`) with a stable
            `code`. Switch on the code; `title` and `detail` are for people, in Chinese or English by `Accept-Language` (the `detail` of what is
            wrong with a request itself is in English). `type` leads to a page about the code. A mistake in a body has `path`, the JSON path of
            the member. The numbers behind a refusal are further members.

            Send the same again after a lost answer, 429, 500 or 503: a command is done once. Never after 400, 410 or 422: the answer stays.

            This file is written from the service's own list: run the test project `Ledger.Api.Tests` with `WRITE_DOCS=1`.

            ## Failures

            Nothing was done, and nothing is remembered: the same request may succeed later.

            | status | code | what happened | what to do |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var problem in KnownProblems.All.Where(problem => !problem.IsRefusal))
        {
            Row(text, problem);
        }

        text.Append("""

            ## Refusals

            A business "no" of the wallet. It has a transaction number, is final for its command, and is repeated word for word when the command
            is sent again. Where several apply, the first of this list is the answer.

            | status | code | what happened | what to do |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var problem in RefusalProblems.All)
        {
            Row(text, problem);
        }

        text.Append("""

            ## Refusals of statements, stocks and households

            A business "no" of a merchant's statements, of the stock of a limited reward before any wallet is asked, or of a household. It is recorded, final for its
            `Idempotency-Key`, and repeated word for word, whatever has changed since. The same wish later needs a new key.

            | status | code | what happened | what to do |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var problem in KnownProblems.All.Where(problem => problem.IsRefusal).Except(RefusalProblems.All))
        {
            Row(text, problem);
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, KnownProblem problem) =>
        text.Append(CultureInfo.InvariantCulture, $"| {problem.Status} | `{problem.Code}` | {problem.Title} | {problem.Cure} |\n");
}
