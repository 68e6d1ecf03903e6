using Ledger.ShiftedClock;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

[assembly: HostingStartup(typeof(ShiftedClockStartup))]

namespace Ledger.ShiftedClock;

/// <summary>Gives a service the shifted clock before it takes the machine's. Named in <c>ASPNETCORE_HOSTINGSTARTUPASSEMBLIES</c>.</summary>
public sealed class ShiftedClockStartup : IHostingStartup
{
    /// <summary>The variable that names the file with the shift.</summary>
    public const string FileVariable = "LEDGER_CLOCK_SHIFT_FILE";

    /// <inheritdoc/>
    public void Configure(IWebHostBuilder builder)
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { } file)
        {
            builder.ConfigureServices(services => services.AddSingleton<IClock>(new ShiftedClock(file)));
        }
    }
}
