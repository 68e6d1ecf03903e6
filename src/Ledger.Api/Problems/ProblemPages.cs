using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using Ledger.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.Problems;

/// <summary>The pages that the <c>type</c> of a problem leads to.</summary>
internal static class ProblemPages
{
    public static void MapList(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, () => Html("Problems", string.Concat(KnownProblems.All.Select(Row))))
        .AllowAnonymous()
        .Describe("listProblems", "Problems", "All problems by code", "A page for people.")
        .GivesHtml("The page.");

    public static void MapOne(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, IResult (HttpContext context, string code) => KnownProblems.Find(code) is { } problem
            ? Html(problem.Title, Row(problem))
            : new ProblemResult(new(KnownProblems.NotFound, context.Request.Language(), "No problem has this code.")))
        .AllowAnonymous()
        .Describe("readProblem", "Problems", "What a problem means and what to do", "The `type` of every problem leads here.")
        .GivesHtml("The page.")
        .Fails(KnownProblems.NotFound);

    private static string Row(KnownProblem problem) => $"""
        <section id="{problem.Code}">
        <h2><code>{problem.Code}</code> · {problem.Status}</h2>
        <p>{Encode(problem.Title)}. <span lang="zh-CN">{Encode(problem.ChineseTitle)}。</span></p>
        <p>{Encode(problem.Cure)}{(problem.IsRefusal ? " This outcome is final for its command and repeats word for word." : string.Empty)}</p>
        </section>

        """;

    private static ContentHttpResult Html(string title, string body) => TypedResults.Text(
        $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Encode(title)}</title></head>
        <body>
        <h1>{Encode(title)}</h1>
        {body}<p><a href="/problems">All problems</a></p>
        </body>
        </html>

        """,
        MediaTypeNames.Text.Html,
        Encoding.UTF8);

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
