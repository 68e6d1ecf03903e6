namespace Ledger.Api.Serving;

/// <summary>The service does not start as it is set up. The message says why and what to do.</summary>
/// <param name="message">Why, in words for the one who started it.</param>
public sealed class StartRefusedException(string message) : Exception(message);
