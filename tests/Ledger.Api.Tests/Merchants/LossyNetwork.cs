namespace Ledger.Api.Tests.Merchants;

/// <summary>Loses requests, loses answers, and brings requests late: after those that were sent later. What is lost looks like a time-out.</summary>
/// <param name="inner">The way to the service.</param>
/// <param name="chance">Decides what is lost.</param>
/// <param name="lossPercent">How much is.</param>
/// <param name="wait">Lets the time pass that a till waits for an answer that does not come.</param>
internal sealed class LossyNetwork(HttpMessageHandler inner, Random chance, int lossPercent, Action wait) : DelegatingHandler(inner)
{
    private readonly List<Func<Task>> _late = [];

    /// <summary>Requests that were sent, and that were answered.</summary>
    public int Sent { get; private set; }

    /// <summary>Requests whose answer arrived.</summary>
    public int Answered { get; private set; }

    /// <summary>Brings what is still on its way.</summary>
    public async Task Settle()
    {
        while (_late.Count > 0)
        {
            await Bring();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sent++;
        if (_late.Count > 0 && chance.Next(3) == 0)
        {
            await Bring();
        }

        if (chance.Next(100) >= lossPercent)
        {
            Answered++;
            return await base.SendAsync(request, cancellationToken);
        }

        switch (chance.Next(3))
        {
            case 0:
                break;
            case 1:
                (await base.SendAsync(request, cancellationToken)).Dispose();
                break;
            default:
                var copy = await Copy(request, cancellationToken);
                _late.Add(async () => (await base.SendAsync(copy, CancellationToken.None)).Dispose());
                break;
        }

        wait();
        throw new TaskCanceledException("No answer in time.");
    }

    private async Task Bring()
    {
        var which = chance.Next(_late.Count);
        var late = _late[which];
        _late.RemoveAt(which);
        await late();
    }

    // The sender disposes its request when it gives up; the network has it still.
    private static async Task<HttpRequestMessage> Copy(HttpRequestMessage request, CancellationToken cancellation)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var (name, values) in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        if (request.Content is { } content)
        {
            copy.Content = new ByteArrayContent(await content.ReadAsByteArrayAsync(cancellation));
            copy.Content.Headers.ContentType = content.Headers.ContentType;
        }

        return copy;
    }
}
