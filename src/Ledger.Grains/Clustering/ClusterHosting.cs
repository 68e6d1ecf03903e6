using System.Net;
using System.Net.Sockets;
using Ledger.Grains.Stores.Postgres;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Ledger.Grains.Clustering;

/// <summary>Makes a silo one of several: who is there, and what wakes the sweeper, lies in the same PostgreSQL as the journal.</summary>
internal static class ClusterHosting
{
    // A silo that ended without a word must not keep a later one waiting: its last sign of life is stale after three of these.
    private static readonly TimeSpan SignOfLifeEvery = TimeSpan.FromSeconds(5);

    /// <summary>Joins the cluster that <paramref name="options"/> name.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Which cluster, and how it watches itself.</param>
    /// <param name="serviceId">Part of the key of every snapshot and reminder.</param>
    /// <param name="port">The port of this silo.</param>
    public static void JoinCluster(this ISiloBuilder silo, ClusterOptions options, string serviceId, int port)
    {
        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.Id, serviceId));
        silo.ConfigureEndpoints(AddressOf(options.Address), port, gatewayPort: 0);
        silo.UseAdoNetClustering((OptionsBuilder<AdoNetClusteringSiloOptions> clustering) => clustering.Configure<PostgresStore>((adoNet, store) =>
        {
            adoNet.Invariant = PostgresStore.Invariant;
            adoNet.DataSource = store.Orleans;
        }));
        silo.UseAdoNetReminderService((OptionsBuilder<AdoNetReminderTableOptions> reminders) => reminders.Configure<PostgresStore>((adoNet, store) =>
        {
            adoNet.Invariant = PostgresStore.Invariant;
            adoNet.DataSource = store.Orleans;
        }));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = options.ProbeEvery;
            membership.MaxProbeTimeout = options.ProbeTimeoutMax;
            membership.NumMissedProbesLimit = options.MissedProbesMax;
            membership.TableRefreshTimeout = options.RefreshEvery;
            membership.IAmAliveTablePublishTimeout = SignOfLifeEvery;
        });
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = options.AnswerWithin);
    }

    private static IPAddress AddressOf(string text) =>
        IPAddress.TryParse(text, out var address)
            ? address
            : Dns.GetHostAddresses(text, AddressFamily.InterNetwork) is [var first, ..]
                ? first
                : throw new OptionsValidationException(
                    ClusterOptions.Section, typeof(ClusterOptions), [$"Ledger:Cluster:Address '{text}' has no address."]);
}
