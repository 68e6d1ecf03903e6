using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Tidy.Tests.Architecture;

/// <summary><c>src/Ledger</c> decides; it does nothing. Read from the compiled assembly, so that nothing hides behind an alias.</summary>
/// <remarks>The analyzer of banned symbols says the same while typing; this is what holds when a rule there is switched off.</remarks>
public class PurityTests
{
    private static readonly string[] BannedNamespaces =
    [
        "System.IO", "System.Net", "System.Data", "System.Threading", "System.Threading.Tasks", "System.Timers",
        "Microsoft.Extensions.Logging", "System.Diagnostics.Tracing", "System.Diagnostics.Metrics",
    ];

    private static readonly string[] BannedTypes =
    [
        "System.Random", "System.TimeProvider", "System.Console", "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch", "System.Diagnostics.Trace", "System.Security.Cryptography.RandomNumberGenerator",
        "NodaTime.SystemClock", "NodaTime.IClock",
    ];

    private static readonly string[] BannedMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Environment.get_MachineName",
        "System.Environment.get_ProcessId", "System.Environment.GetEnvironmentVariable",
    ];

    [Fact]
    public void The_domain_knows_no_clock_chance_task_or_disk()
    {
        using var image = new PEReader(File.OpenRead(LedgerAssemblies.Domain.Location));
        var metadata = image.GetMetadataReader();
        Findings.AssertNone(
            from use in UsesOf(metadata).Distinct()
            where BannedTypes.Contains(use.Type) || BannedMembers.Contains($"{use.Type}.{use.Member}") || BannedNamespaces.Contains(use.Namespace)
            select new Finding("src/Ledger", $"uses {use.Type} {use.Member}. Time, chance and data come in as arguments; doing belongs to src/Ledger.Grains."));
    }

    [Fact]
    public void The_check_sees_what_the_domain_does_use()
    {
        using var image = new PEReader(File.OpenRead(LedgerAssemblies.Domain.Location));
        Assert.Contains(UsesOf(image.GetMetadataReader()), use => use.Type == "System.Security.Cryptography.SHA256");
    }

    private static IEnumerable<(string Namespace, string Type, string Member)> UsesOf(MetadataReader metadata)
    {
        foreach (var handle in metadata.TypeReferences)
        {
            yield return Use(metadata, handle, string.Empty);
        }

        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference)
            {
                yield return Use(metadata, (TypeReferenceHandle)member.Parent, metadata.GetString(member.Name));
            }
        }
    }

    private static (string Namespace, string Type, string Member) Use(MetadataReader metadata, TypeReferenceHandle handle, string member)
    {
        var type = metadata.GetTypeReference(handle);
        var space = metadata.GetString(type.Namespace);
        return (space, $"{space}.{metadata.GetString(type.Name)}", member);
    }
}
