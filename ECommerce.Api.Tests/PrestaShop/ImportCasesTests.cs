using System.Text.RegularExpressions;

namespace ECommerce.Api.Tests.PrestaShop;

/// <summary>The table of cases, docs/prestashop-import.md, names tests that exist.</summary>
public sealed class ImportCasesTests
{
    private static readonly string Text =
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "prestashop-import.md"));

    [Fact]
    public void Every_case_names_a_test()
    {
        var cases = Regex.Matches(Text, @"^\| W(\d+) \|.*\| `\w+\.\w+`.*\|$", RegexOptions.Multiline)
            .Select(row => int.Parse(row.Groups[1].Value, null));

        Assert.Equal(Enumerable.Range(1, 32), cases);
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var methods = typeof(ImportCasesTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(), (type, method) => (Name: $"{type.Name}.{method.Name}", method))
            .Where(test => test.method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0)
            .Select(test => test.Name).ToHashSet();
        var named = Regex.Matches(Text, @"`(\w+Tests\.\w+)`").Select(match => match.Groups[1].Value).ToArray();

        Assert.True(named.Length > 40);
        Assert.DoesNotContain(named, name => !methods.Contains(name));
    }
}
