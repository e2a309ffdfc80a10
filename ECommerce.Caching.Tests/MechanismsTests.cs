using System.Reflection;
using System.Text.RegularExpressions;

namespace ECommerce.Caching.Tests;

public partial class MechanismsTests
{
    [Fact]
    public void The_tests_that_the_list_of_mechanisms_names_exist()
    {
        var list = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "MECHANISMS.md"));
        var named = TestName().Matches(list).Select(match => match.Groups[1].Value).ToHashSet();
        // Some mechanisms are tested through the API, whose tests this project does not refer to: hence by their text.
        var tests = Own().Concat(TestsOf("ECommerce.Api.Tests")).ToHashSet();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(tests));
    }

    private static IEnumerable<string> Own() =>
        from type in typeof(MechanismsTests).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
        where method.IsDefined(typeof(FactAttribute))
        select $"{type.Name}.{method.Name}";

    private static IEnumerable<string> TestsOf(string project) =>
        from file in Directory.EnumerateFiles(
            Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories)
        let text = File.ReadAllText(file)
        from type in Type().Matches(text)
        from test in Test().Matches(text)
        select $"{type.Groups[1].Value}.{test.Groups[1].Value}";

    [GeneratedRegex("`(\\w+\\.\\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"class (\w+)")]
    private static partial Regex Type();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^]]*\][\s\S]*?public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Test();
}
