using System.Text.RegularExpressions;

namespace ECommerce.Caching.Tests;

/// <summary>
/// The folders of the library: their size, and which may use which; the size of files and lines of all projects.
/// </summary>
public partial class LayoutTests
{
    private const int MaxFilesInFolder = 17;
    private const int MaxLinesInFile = 300;
    private const int MaxLineLength = 120;

    private static readonly string Library = Path.Combine(Repository.Root, "ECommerce.Caching");

    [Fact]
    public void Folders_use_one_another_in_one_direction_only()
    {
        var graph = Folders().ToDictionary(folder => folder, UsedBy, StringComparer.Ordinal);

        Assert.Contains(graph.Values, used => used.Count > 0);
        Assert.Null(CircleIn(graph));
    }

    [Fact]
    public void A_cycle_of_folders_is_found()
    {
        var graph = new Dictionary<string, IReadOnlySet<string>>
        {
            ["Keys"] = new HashSet<string> { "Tags" },
            ["Tags"] = new HashSet<string> { "Memory" },
            ["Memory"] = new HashSet<string> { "Keys" },
        };

        Assert.Equal("Keys > Tags > Memory > Keys", CircleIn(graph));
    }

    [Fact]
    public void No_folder_has_more_files_than_a_reader_can_take_in()
    {
        var folders = Folders().Select(folder => Path.Combine(Library, folder)).Append(Library).ToArray();

        Assert.True(folders.Length > 10);
        Assert.All(folders, folder => Assert.InRange(Directory.GetFiles(folder, "*.cs").Length, 1, MaxFilesInFolder));
    }

    [Fact]
    public void Files_and_lines_are_short()
    {
        var files = SourceFiles().ToArray();

        Assert.True(files.Length > 500);
        var tooLong = files.SelectMany(TooLong).ToArray();
        Assert.True(tooLong.Length == 0, string.Join('\n', tooLong));
    }

    private static IEnumerable<string> Folders() =>
        Directory.GetDirectories(Library).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    // Every folder at the root except what a build writes.
    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateDirectories(Repository.Root)
            .Where(folder => Path.GetFileName(folder) is var name && name != "artifacts" && !name.StartsWith('.'))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories));

    private static IEnumerable<string> TooLong(string file)
    {
        var name = Path.GetRelativePath(Repository.Root, file);
        var lines = File.ReadAllLines(file);
        if (lines.Length > MaxLinesInFile)
            yield return $"{name}: {lines.Length} lines";
        foreach (var (number, line) in lines.Index())
        {
            if (line.Length > MaxLineLength)
                yield return $"{name}({number + 1}): {line.Length} characters";
        }
    }

    // Namespaces are the folders (IDE0130), so a using names the folder that is used. The root is the public surface:
    // its contracts are for all folders, and its entry points are used by none.
    private static IReadOnlySet<string> UsedBy(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Library, folder), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Using().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            // Its own folders belong to it.
            .Where(used => used != folder)
            .ToHashSet(StringComparer.Ordinal);

    private static string? CircleIn(IReadOnlyDictionary<string, IReadOnlySet<string>> graph)
    {
        var finished = new HashSet<string>(StringComparer.Ordinal);
        return graph.Keys.Select(folder => CircleFrom(folder, [])).FirstOrDefault(circle => circle is not null);

        string? CircleFrom(string folder, List<string> way)
        {
            if (way.Contains(folder))
                return string.Join(" > ", way.SkipWhile(passed => passed != folder).Append(folder));
            if (finished.Contains(folder))
                return null;
            var circle = graph[folder].Select(used => CircleFrom(used, [.. way, folder]))
                .FirstOrDefault(found => found is not null);
            finished.Add(folder);
            return circle;
        }
    }

    [GeneratedRegex(@"^using (?:static )?ECommerce\.Caching\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
