using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>What a resident is known by at a counter, kept beside the journal and erased with one row. All of it is personal.</summary>
public sealed record ResidentProfile
{
    /// <summary>Where the resident lives.</summary>
    public required CommunityId Community { get; init; }

    /// <summary>The resident.</summary>
    public required ResidentId Resident { get; init; }

    /// <summary>The name, shown masked only; null when it is not known.</summary>
    public string? Name { get; init; }

    /// <summary>The phone number, digits with or without a plus before them; unique in the community. Null when it is not known.</summary>
    public string? Phone { get; init; }

    /// <summary>The code on a printed card, unique in the community; null where there is none.</summary>
    public string? MemberCode { get; init; }

    /// <summary>The PIN as its derivation made it; null where none is set.</summary>
    public string? Pin { get; init; }

    /// <summary>Wrong PINs since the last right one.</summary>
    public int WrongPins { get; init; }

    /// <summary>Until when no PIN is looked at; a whole second. Null while they are.</summary>
    public Instant? PinLockedUntil { get; init; }

    /// <summary>Never what it holds.</summary>
    public override string ToString() => "a profile";
}
