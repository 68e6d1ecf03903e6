using System.Diagnostics;
using System.Text;

namespace Tidy.Tests;

/// <summary>A file of the repository. <see cref="Path"/> is relative to the root, with forward slashes.</summary>
internal sealed record RepositoryFile(string Path, string FullPath)
{
    public string Extension => System.IO.Path.GetExtension(Path);

    public string Name => System.IO.Path.GetFileName(Path);

    public byte[] Bytes() => File.ReadAllBytes(FullPath);

    public string Text() => File.ReadAllText(FullPath, Encoding.UTF8);

    public string[] Lines() => File.ReadAllLines(FullPath, Encoding.UTF8);

    /// <summary>Lines with their numbers, from 1.</summary>
    public IEnumerable<(int Number, string Text)> NumberedLines() => Lines().Select((text, i) => (i + 1, text));
}

/// <summary>The files that are, or are about to be, under version control.</summary>
internal static class Repository
{
    private static readonly string[] BinaryExtensions = [".png", ".jpg", ".ico", ".gz", ".db", ".woff2", ".wasm", ".snk", ".pdf"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<RepositoryFile> Files { get; } =
        [.. Paths().Order(StringComparer.Ordinal).Select(path => new RepositoryFile(path, Path.Combine(Root, path))).Where(f => File.Exists(f.FullPath))];

    public static IEnumerable<RepositoryFile> TextFiles => Files.Where(file => !BinaryExtensions.Contains(file.Extension));

    public static IEnumerable<RepositoryFile> Under(string folder, string extension) =>
        Files.Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal) && file.Extension == extension);

    public static RepositoryFile Named(string path) =>
        Files.SingleOrDefault(file => file.Path == path) ?? throw new FileNotFoundException($"The repository has no {path}.");

    // A checkout that belongs to somebody else, or a plain copy of the tree, has no usable git: walk it instead.
    private static IEnumerable<string> Paths() => ListedByGit() ?? WalkedFrom(Root);

    private static string[]? ListedByGit()
    {
        var output = Git("ls-files", "-z", "--cached", "--others", "--exclude-standard");
        return output?.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What git prints; null when there is no git here.</summary>
    public static string? Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<string> WalkedFrom(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (var sub in Directory.EnumerateDirectories(folder).Where(sub => !IsIgnored(Path.GetFileName(sub))))
        {
            foreach (var file in WalkedFrom(sub))
            {
                yield return file;
            }
        }
    }

    private static bool IsIgnored(string folder) =>
        folder is ".git" or ".vs" or ".idea" or "bin" or "obj" or "TestResults" or "BenchmarkDotNet.Artifacts" or "node_modules";

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ledger.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests holds Ledger.slnx.");
    }
}
