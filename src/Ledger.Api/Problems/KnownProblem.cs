namespace Ledger.Api.Problems;

/// <summary>A kind of failure with its stable code. Clients switch on <paramref name="Code"/>, never on texts.</summary>
/// <param name="Code">Lower-case words joined by underscores; never changes its meaning.</param>
/// <param name="Status">The HTTP status that it always comes with.</param>
/// <param name="Title">What happened, in English.</param>
/// <param name="ChineseTitle">What happened, in Chinese.</param>
/// <param name="Cure">What the caller can do about it.</param>
/// <remarks>Source: RFC 9457.</remarks>
public sealed record KnownProblem(string Code, int Status, string Title, string ChineseTitle, string Cure)
{
    /// <summary>The RFC 9457 <c>type</c>: a path of this service that leads to a page about the problem.</summary>
    public string Type => "/problems/" + Code;

    /// <summary>True for a business "no": final for its command, and repeated word for word when the command is sent again.</summary>
    public bool IsRefusal { get; init; }
}
