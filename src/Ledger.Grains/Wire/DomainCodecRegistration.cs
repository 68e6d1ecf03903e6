using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace Ledger.Grains.Wire;

/// <summary>Makes a silo or client take values of the domain across grain boundaries.</summary>
public static class DomainCodecRegistration
{
    /// <summary>
    /// Adds the codec for domain values: by reference inside one silo, as JSON between silos. Every silo and client of a cluster needs it.
    /// Adding it twice is adding it once.
    /// </summary>
    public static ISerializerBuilder AddDomainCodec(this ISerializerBuilder builder)
    {
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(DomainCodec)))
        {
            return builder;
        }

        services.AddSingleton<DomainCodec>();
        services.AddSingleton<IGeneralizedCodec>(provider => provider.GetRequiredService<DomainCodec>());
        services.AddSingleton<IGeneralizedCopier>(provider => provider.GetRequiredService<DomainCodec>());
        services.AddSingleton<ITypeFilter>(provider => provider.GetRequiredService<DomainCodec>());
        return builder.Configure(manifest => manifest.WellKnownTypeAliases[DomainCodec.WireAlias] = typeof(DomainCodec));
    }
}
