using System.Data.Common;
using Ledger.Grains.Journal;

namespace Ledger.Grains.Hosting;

/// <summary>
/// The last guard that no exception of a database provider crosses a grain boundary, where it could not be read and would hide what happened.
/// </summary>
/// <remarks>A call that failed like this may have been done or not: that is what the caller is told.</remarks>
internal sealed class ProviderExceptionFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (DbException e)
        {
            throw new JournalOutcomeUnknownException($"The store failed ({e.GetType().Name}: {e.Message}); send the command again.");
        }
    }
}
