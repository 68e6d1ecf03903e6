using Ledger.Api.Serving;

namespace Ledger.Api.Problems;

/// <summary>The outermost step of every request: whatever goes wrong further in is answered as problem details.</summary>
internal sealed partial class ProblemAnswering(RequestDelegate next, ILogger<ProblemAnswering> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
            {
                await Bare(context).WriteTo(context);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer any more.
        }
#pragma warning disable CA1031 // The last stop: a caller must always get an answer.
        catch (Exception failure) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            await Answer(context, failure);
        }
    }

    private async Task Answer(HttpContext context, Exception failure)
    {
        var language = context.Request.Language();
        var problem = FailureProblems.Foreseen(failure, language) ?? FailureProblems.Unforeseen(context, language);
        if (problem.Kind == KnownProblems.InternalError)
        {
            Unforeseen(logger, failure, context.TraceIdentifier);
        }
        else if (problem.Kind.Status == StatusCodes.Status503ServiceUnavailable)
        {
            CouldNot(logger, problem.Kind.Code, failure.GetType().Name);
        }

        context.Response.Clear();
        NoGuessing.AddTo(context.Response);
        await problem.WriteTo(context);
    }

    // Answers that routing gives by itself have a status and nothing else.
    private static Problem Bare(HttpContext context)
    {
        var (kind, detail) = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => (KnownProblems.NotFound, "No address of this service matches."),
            StatusCodes.Status405MethodNotAllowed =>
                (KnownProblems.MethodNotAllowed, $"{context.Request.Method} is not known here; see the Allow header."),
            StatusCodes.Status413PayloadTooLarge => (KnownProblems.BodyTooLarge, "The body is larger than this address reads."),
            StatusCodes.Status415UnsupportedMediaType => (KnownProblems.MediaTypeUnsupported, "Send application/json."),
            < 500 => (KnownProblems.RequestMalformed, "The request cannot be read."),
            _ => (KnownProblems.InternalError, "Something unforeseen happened. Sending the same again is safe."),
        };
        return new(kind, context.Request.Language(), detail);
    }

    [LoggerMessage(1, LogLevel.Error, "A request failed in a way that nobody foresaw (request {Request}).")]
    private static partial void Unforeseen(ILogger logger, Exception failure, string request);

    [LoggerMessage(2, LogLevel.Warning, "A request was answered {Code} after {Failure}.")]
    private static partial void CouldNot(ILogger logger, string code, string failure);
}
