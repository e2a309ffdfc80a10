using System.Reflection;
using System.Text.RegularExpressions;

namespace ECommerce.Caching.Tests;

public partial class MechanismsTests
{
    [Fact]
    public void The_tests_that_the_list_of_mechanisms_names_exist()
    {
        var named = TestName().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "MECHANISMS.md"))).Select(match => match.Groups[1].Value).ToHashSet();
        var tests = typeof(MechanismsTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => method.IsDefined(typeof(FactAttribute))).Select(method => $"{type.Name}.{method.Name}"));

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(tests));
    }

    [GeneratedRegex("`(\\w+\\.\\w+)`")]
    private static partial Regex TestName();
}
