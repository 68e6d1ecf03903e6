namespace Ledger.Api.Serving;

/// <summary>
/// Every answer says what it is, and no browser may guess otherwise: so that text of a caller within a JSON answer is never taken for HTML.
/// </summary>
internal static class NoGuessing
{
    /// <summary>A step for all requests, before any other.</summary>
    public static Task Step(HttpContext context, RequestDelegate next)
    {
        AddTo(context.Response);
        return next(context);
    }

    /// <summary>Adds it to an answer whose headers were cleared.</summary>
    public static void AddTo(HttpResponse response) => response.Headers.XContentTypeOptions = "nosniff";
}
