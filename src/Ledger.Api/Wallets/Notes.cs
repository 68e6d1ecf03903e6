using System.Security.Cryptography;
using Ledger.Wallets;

namespace Ledger.Api.Wallets;

/// <summary>Makes the erasable texts that go with commands.</summary>
internal static class Notes
{
    /// <summary>The longest reason that people give, in characters.</summary>
    public const int ReasonCharactersMax = 500;

    private const int SaltBytes = 16;

    /// <summary>A text with a salt of its own.</summary>
    public static Note New(string text) => new(text, RandomNumberGenerator.GetBytes(SaltBytes));
}
