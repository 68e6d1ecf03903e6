using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Json;

namespace Ledger.Rules;

/// <summary>The value of an attribute: a whole number or a word, never free text.</summary>
public readonly record struct AttributeValue
{
    private AttributeValue(long number, string? word) => (Number, Word) = (number, word);

    /// <summary>The number; zero for a word.</summary>
    public long Number { get; }

    /// <summary>The word, an <see cref="Identifier"/>; null for a number.</summary>
    public string? Word { get; }

    /// <summary>A number from −(2^53−1) to 2^53−1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside of that range.</exception>
    public static AttributeValue Of(long number) => number >= -Points.Max.Value && number <= Points.Max.Value
        ? new(number, null)
        : throw new ArgumentOutOfRangeException(nameof(number), number, $"A number of an attribute is from -{Points.Max} to {Points.Max}.");

    /// <summary>A word.</summary>
    /// <exception cref="FormatException">It is no <see cref="Identifier"/>.</exception>
    public static AttributeValue Of(string word) => new(0, Identifier.Checked(word));

    /// <inheritdoc/>
    public override string ToString() => Word ?? Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>
/// What an app tells about an activity beside its type and quantity, for rules to ask: attributes of the activity, and tags of the
/// resident (cohorts). Kept sorted, so that equal details have equal bytes. Immutable.
/// </summary>
/// <remarks>Stored for ever with the award: numbers and words only, nothing personal.</remarks>
[JsonConverter(typeof(ActivityDetailsConverter))]
public sealed class ActivityDetails : IEquatable<ActivityDetails>
{
    /// <summary>The most attributes, and the most tags, of one activity.</summary>
    public const int CountMax = 16;

    private ActivityDetails(ImmutableArray<KeyValuePair<string, AttributeValue>> attributes, ImmutableArray<string> tags) =>
        (Attributes, Tags) = (attributes, tags);

    /// <summary>The attributes, by name.</summary>
    public ImmutableArray<KeyValuePair<string, AttributeValue>> Attributes { get; }

    /// <summary>The tags, sorted; each once.</summary>
    public ImmutableArray<string> Tags { get; }

    /// <summary>Details in any order; null when there are none, so that there is one way to say nothing.</summary>
    /// <exception cref="FormatException">A name or a tag is no <see cref="Identifier"/>.</exception>
    /// <exception cref="ArgumentException">A name comes twice, or there are more than <see cref="CountMax"/>.</exception>
    public static ActivityDetails? Of(IEnumerable<KeyValuePair<string, AttributeValue>> attributes, IEnumerable<string> tags)
    {
        ImmutableArray<KeyValuePair<string, AttributeValue>> byName =
            [.. attributes.OrderBy(a => Identifier.Checked(a.Key), StringComparer.Ordinal)];
        ImmutableArray<string> sorted = [.. tags.Select(Identifier.Checked).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (byName.Length > CountMax || sorted.Length > CountMax)
        {
            throw new ArgumentException($"An activity has at most {CountMax} attributes and as many tags.");
        }

        for (var i = 1; i < byName.Length; i++)
        {
            if (byName[i].Key == byName[i - 1].Key)
            {
                throw new ArgumentException($"Attribute '{byName[i].Key}' comes twice.", nameof(attributes));
            }
        }

        return byName.IsEmpty && sorted.IsEmpty ? null : new(byName, sorted);
    }

    /// <summary>The value of an attribute; null when the activity does not have it.</summary>
    public AttributeValue? Find(string name)
    {
        foreach (var (key, value) in Attributes)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(ActivityDetails? other) =>
        other is not null && Attributes.AsSpan().SequenceEqual(other.Attributes.AsSpan()) && Tags.AsSpan().SequenceEqual(other.Tags.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActivityDetails);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var attribute in Attributes)
        {
            hash.Add(attribute);
        }

        foreach (var tag in Tags)
        {
            hash.Add(tag, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
