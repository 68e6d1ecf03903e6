namespace Ledger.Grains.Journal.Postgres;

/// <summary>
/// References that this process wrote lately: whoever captures a hold asks for one that was written moments ago, and waits for the answer.
/// Safe for the lanes of one process, and those who ask, at once.
/// </summary>
/// <remarks>What a reference stands for never changes. Entries of makers are left out: nobody asks for one by its name. A lost connection makes it forget, as <see cref="ProvenHeads"/>.</remarks>
internal sealed class ProvenReferences
{
    /// <summary>Some eight megabytes at most.</summary>
    private const int ReferencesMax = 32_768;

    private readonly Lock _door = new();
    private readonly Dictionary<(CommunityId Community, string Scope, string Reference), StoredReference> _references = [];

    /// <summary>What a reference stands for; null where the database is to be asked.</summary>
    public StoredReference? Find(CommunityId community, string scope, string reference)
    {
        lock (_door)
        {
            return _references.GetValueOrDefault((community, scope, reference));
        }
    }

    /// <summary>The sets are committed.</summary>
    public void Add(IEnumerable<PendingAppend> sets)
    {
        lock (_door)
        {
            foreach (var stored in sets.SelectMany(pending => pending.Set.References).Where(stored => !stored.IsEntry))
            {
                if (_references.Count >= ReferencesMax)
                {
                    _references.Clear();
                }

                _references[(stored.Stream.Community, stored.Scope, stored.Reference)] = stored;
            }
        }
    }

    /// <summary>Knows nothing any more.</summary>
    public void Forget()
    {
        lock (_door)
        {
            _references.Clear();
        }
    }
}
