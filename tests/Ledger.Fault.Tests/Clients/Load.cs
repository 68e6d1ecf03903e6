using System.Diagnostics;
using Ledger.Fault.Tests.Waiting;

namespace Ledger.Fault.Tests.Clients;

/// <summary>Clients that post until they are told to stop, each command again and again until it is acknowledged.</summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>A scenario's clients.</summary>
    public const int Clients = 8;

    // Clients think: enough commands to hit every moment, few enough to send all of them again afterwards.
    private static readonly TimeSpan s_think = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly Tenant _tenant;
    private readonly Uri[] _silos;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private long _acknowledged;
    private volatile Uri? _away;

    private Load(Tenant tenant, ClientRecord record, IEnumerable<ICommandDraw> clients, TimeSpan think, Uri[] silos)
    {
        (_tenant, Record, _silos) = (tenant, record, silos);
        _running = Task.WhenAll([.. clients.Select(client => Task.Run(() => Run(client, think)))]);
    }

    /// <summary>What they sent and were told.</summary>
    public ClientRecord Record { get; }

    /// <summary>Sendings of these clients that were acknowledged.</summary>
    public long Acknowledgements => Interlocked.Read(ref _acknowledged);

    /// <summary>Whether no client works any more, though none was told to stop: <see cref="Stop"/> says why.</summary>
    public bool HasBroken => _running.IsFaulted;

    /// <summary>Sets clients to work.</summary>
    /// <param name="tenant">For whom.</param>
    /// <param name="record">Where they note what they do; others may share it.</param>
    /// <param name="seed">What they do.</param>
    /// <param name="firstClient">The number of the first one; no two of a record may have the same.</param>
    /// <param name="silos">Where they send it to, to any of them.</param>
    public static Load Start(Tenant tenant, ClientRecord record, int seed, int firstClient, params Uri[] silos) =>
        Start(tenant, record, Enumerable.Range(firstClient, Clients).Select(client => new CommandDraw(record, seed, client)), s_think, silos);

    /// <summary>Sets clients to work.</summary>
    /// <param name="tenant">For whom.</param>
    /// <param name="record">Where they note what they do.</param>
    /// <param name="clients">What each of them does.</param>
    /// <param name="think">How long each thinks before the next command; all of them begin at once, so they also come at once.</param>
    /// <param name="silos">Where they send it to, to any of them.</param>
    public static Load Start(Tenant tenant, ClientRecord record, IEnumerable<ICommandDraw> clients, TimeSpan think, params Uri[] silos) =>
        new(tenant, record, clients, think, silos);

    /// <summary>Returns when so many more were acknowledged.</summary>
    public Task<TimeSpan> More(int acknowledgements)
    {
        var target = Acknowledgements + acknowledgements;
        return Patience.Until(
            $"{acknowledgements} more acknowledgements", () => Acknowledgements >= target || HasBroken, () => $"There were {Acknowledgements - target + acknowledgements}.");
    }

    /// <summary>Sends nothing more to a silo, as a load balancer does that noticed something; null for all of them again.</summary>
    public void KeepAwayFrom(Silo? silo) => _away = silo?.Address;

    /// <summary>Lets every client end what it is at.</summary>
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience.Bound);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task Run(ICommandDraw draw, TimeSpan pause)
    {
        using var client = new LedgerClient(_tenant, Record);
        using var think = new PeriodicTimer(pause);
        while (!_stop.IsCancellationRequested)
        {
            await SendUntilAcknowledged(client, draw.Next(), draw.Chance);
            if (draw.Chance.Next(20) == 0 && Record.Any(draw.Chance, sent => sent.Answer is not null) is { } old)
            {
                await SendUntilAcknowledged(client, old, draw.Chance);
            }

            await think.WaitForNextTickAsync();
        }
    }

    private async Task SendUntilAcknowledged(LedgerClient client, SentCommand command, Random chance)
    {
        var givesUp = chance.Next(25) == 0;
        var silo = chance.Next(_silos.Length);
        var begun = Stopwatch.GetTimestamp();
        using var pause = new PeriodicTimer(s_pause);
        while (!await client.Send(command, Serving(silo)))
        {
            if (givesUp || _stop.IsCancellationRequested)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(begun) > Patience.Bound)
            {
                Record.Wrongs.Enqueue($"Nobody answered: {command}.");
                return;
            }

            silo++;
            await pause.WaitForNextTickAsync();
        }

        Interlocked.Increment(ref _acknowledged);
    }

    private Uri Serving(int number) =>
        _silos[number % _silos.Length] is var silo && silo == _away ? _silos[(number + 1) % _silos.Length] : silo;
}
