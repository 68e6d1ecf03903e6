using System.Net.Mime;
using System.Text;
using Ledger.Api.OpenApi;

namespace Ledger.Api.Serving;

/// <summary>What somebody sees who opens the service's address in a browser.</summary>
internal static class Home
{
    private const string Page = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Points ledger</title></head>
        <body>
        <h1>Points ledger</h1>
        <ul>
        <li><a href="/scalar">Try the API</a> (in Development)</li>
        <li><a href="/openapi/v1.json">OpenAPI document</a></li>
        <li><a href="/problems">Problems by code</a></li>
        <li><a href="/health/ready">Is it ready?</a></li>
        </ul>
        </body>
        </html>

        """;

    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, () => TypedResults.Text(Page, MediaTypeNames.Text.Html, Encoding.UTF8))
        .AllowAnonymous()
        .Describe("home", "Home", "A page with links", "For whoever opens the address in a browser.")
        .GivesHtml("The page.");
}
