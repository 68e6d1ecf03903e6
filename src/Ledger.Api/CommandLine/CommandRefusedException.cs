namespace Ledger.Api.CommandLine;

/// <summary>A command cannot be done as asked. The message is for the one who asked, and nothing was changed.</summary>
/// <param name="message">Why, and what to do.</param>
internal sealed class CommandRefusedException(string message) : Exception(message);
