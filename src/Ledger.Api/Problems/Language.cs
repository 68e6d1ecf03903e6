namespace Ledger.Api.Problems;

/// <summary>The language of texts for people. Codes and numbers are the same in each.</summary>
public enum Language
{
    /// <summary>English; where nothing else is asked for.</summary>
    English,

    /// <summary>Simplified Chinese.</summary>
    Chinese,
}

internal static class Languages
{
    /// <summary>The first of our languages in the order of the caller's <c>Accept-Language</c>.</summary>
    public static Language Language(this HttpRequest request)
    {
        if (request.Headers.AcceptLanguage.Count == 0)
        {
            return Problems.Language.English;
        }

        foreach (var wanted in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1))
        {
            if (wanted.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
            {
                return Problems.Language.Chinese;
            }

            if (wanted.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            {
                return Problems.Language.English;
            }
        }

        return Problems.Language.English;
    }

    /// <summary>The sentence of a language.</summary>
    public static string Say(this Language language, string english, string chinese) => language == Problems.Language.Chinese ? chinese : english;

    public static string Tag(this Language language) => language == Problems.Language.Chinese ? "zh-CN" : "en";
}
