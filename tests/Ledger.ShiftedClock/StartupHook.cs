/// <summary>
/// Run by .NET before the program when <c>DOTNET_STARTUP_HOOKS</c> names this assembly. It does nothing: being loaded is enough for the
/// assembly to be found by its name afterwards, though the service was not built with it.
/// </summary>
internal static class StartupHook
{
    /// <summary>Called by .NET.</summary>
    public static void Initialize()
    {
    }
}
