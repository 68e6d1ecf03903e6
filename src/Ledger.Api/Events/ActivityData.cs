using System.Text.Json;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Rules;
using Ledger.Wallets;

namespace Ledger.Api.Events;

/// <summary>
/// Reads what an app tells about an activity: for rules to ask <c>attributes</c> and <c>tags</c>, for whoever approves it <c>enteredBy</c>,
/// <c>organiser</c> and <c>evidence</c>.
/// </summary>
internal static class ActivityData
{
    /// <summary>The most references to evidence of one activity.</summary>
    public const int EvidenceMax = 16;

    /// <summary>The longest reference to evidence.</summary>
    public const int EvidenceCharactersMax = 256;

    /// <summary>Who entered and who organised it; null when the app tells neither.</summary>
    /// <exception cref="RequestRefusedException">One of them is no identifier.</exception>
    public static ActivityEntry? Entry(JsonMembers data) =>
        (data.OptionalIdentifier("enteredBy"), data.OptionalIdentifier("organiser")) is var (enteredBy, organiser) && (enteredBy ?? organiser) is not null
            ? new(enteredBy, organiser)
            : null;

    /// <summary>References to evidence, one per line; null when there are none.</summary>
    /// <exception cref="RequestRefusedException">There are too many, or one is too long.</exception>
    public static Note? Evidence(JsonMembers data)
    {
        var references = data.OptionalTexts("evidence");
        if (references.Count > EvidenceMax || !references.All(text => JsonMembers.IsShort(text, EvidenceCharactersMax)))
        {
            throw JsonMembers.Wrong(
                KnownProblems.TextInvalid,
                data.At("evidence"),
                $"must be at most {EvidenceMax} references of 1 to {EvidenceCharactersMax} characters, none of them a control character");
        }

        return references.Count == 0 ? null : Notes.New(string.Join('\n', references));
    }

    /// <summary>The details; null when there are none.</summary>
    /// <exception cref="RequestRefusedException">An attribute is neither a whole number nor a word, or there are too many.</exception>
    public static ActivityDetails? Details(JsonMembers data)
    {
        var attributes = Attributes(data);
        var tags = data.OptionalIdentifiers("tags");
        if (tags.Count > ActivityDetails.CountMax)
        {
            throw JsonMembers.Wrong(KnownProblems.AttributeInvalid, data.At("tags"), $"must be at most {ActivityDetails.CountMax}");
        }

        return attributes.Count == 0 && tags.Count == 0 ? null : ActivityDetails.Of(attributes, tags);
    }

    private static List<KeyValuePair<string, AttributeValue>> Attributes(JsonMembers data)
    {
        List<KeyValuePair<string, AttributeValue>> attributes = [];
        foreach (var (name, value) in data.OptionalMembers("attributes"))
        {
            var path = $"{data.At("attributes")}['{JsonMembers.Shown(name)}']";
            if (!Identifier.IsValid(name))
            {
                throw JsonMembers.Wrong(KnownProblems.AttributeInvalid, path, $"must have a name of {Identifier.Rule}");
            }

            if (attributes.Count == ActivityDetails.CountMax)
            {
                throw JsonMembers.Wrong(KnownProblems.AttributeInvalid, data.At("attributes"), $"must be at most {ActivityDetails.CountMax}");
            }

            attributes.Add(new(name, ValueOf(value, path)));
        }

        return attributes;
    }

    private static AttributeValue ValueOf(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            && number >= -Points.Max.Value && number <= Points.Max.Value)
        {
            return AttributeValue.Of(number);
        }

        return value.ValueKind == JsonValueKind.String && JsonMembers.TextOf(value, path) is var text && Identifier.IsValid(text)
            ? AttributeValue.Of(text)
            : throw JsonMembers.Wrong(
                KnownProblems.AttributeInvalid, path, $"must be a whole number from -{Points.Max} to {Points.Max}, or a word of {Identifier.Rule}");
    }
}
