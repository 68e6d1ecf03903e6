namespace Ledger.Grains.Journal;

/// <summary>Asks a grain that owns a stream once more where its journal's answer was lost, or the activation was stale.</summary>
/// <remarks>The same question: the stale activation goes, and the winner, or the journal, answers. A command is done once.</remarks>
public static class AskedAgain
{
    private const int AsksMax = 3;

    /// <summary>The answer.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="ask">Asks it.</param>
    /// <exception cref="JournalException">Asking again does not help.</exception>
    public static async Task<TAnswer> Answer<TQuestion, TAnswer>(TQuestion question, Func<TQuestion, Task<TAnswer>> ask)
    {
        ArgumentNullException.ThrowIfNull(ask);
        for (var asks = 1; ; asks++)
        {
            try
            {
                return await ask(question);
            }
            catch (JournalException failure) when (asks < AsksMax && failure is JournalFencedException or JournalOutcomeUnknownException)
            {
                // Once more.
            }
        }
    }
}
