using System.Reflection;
using System.Text;

namespace ECommerce.Caching.Tests;

public class PublicApiTests
{
    /// <summary>
    /// A change of the library's public surface shows in review: run with <c>UPDATE_PUBLIC_API=1</c> to write the file
    /// anew.
    /// </summary>
    [Fact]
    public async Task The_public_api_is_the_one_in_the_file()
    {
        var now = Describe(typeof(MultiLevelCache).Assembly);
        var file = Path.Combine(Repository.Root, "ECommerce.Caching", "PublicApi.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1")
            await File.WriteAllTextAsync(file, now, TestContext.Current.CancellationToken);

        Assert.Contains("MultiLevelCache", now);
        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), now);
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            var members = type.GetMembers(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(member =>
                    member is not MethodInfo { IsSpecialName: true } && member is not FieldInfo { IsSpecialName: true })
                .Select(member => $"{member.MemberType}: {member}");
            foreach (var member in members.Order(StringComparer.Ordinal))
                text.Append("  ").Append(member).Append('\n');
        }
        return text.ToString();
    }
}
