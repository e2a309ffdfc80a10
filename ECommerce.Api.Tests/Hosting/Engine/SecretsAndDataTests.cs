using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Aspire.Hosting.Programs;

namespace ECommerce.Api.Tests.Hosting.Engine;

public sealed class SecretsAndDataTests
{
    [Fact]
    public void Secrets_are_kept_between_runs_and_only_their_owner_can_read_them()
    {
        using var data = DataFolder.Temporary();

        var first = new SecretStore(data).GetOrAdd("Parameters:key", () => "first");
        var second = new SecretStore(data).GetOrAdd("Parameters:key", () => "second");

        Assert.Equal("first", first);
        Assert.Equal("first", second);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data.Path, "secrets.json")));
    }

    [Fact]
    public void A_second_apphost_of_the_same_folder_is_one_clear_error()
    {
        using var data = DataFolder.Temporary();
        data.Lock();
        using var second = new DataFolder(data.Path, isTemporary: false);

        var error = Assert.Throws<DistributedApplicationException>(second.Lock);

        Assert.StartsWith("Another AppHost of this folder is running", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generated_secret_has_the_demanded_characters()
    {
        var value = new GenerateParameterDefault { MinLength = 40, Special = false, MinNumeric = 5 }.GetDefaultValue();

        Assert.Equal(40, value.Length);
        Assert.All(value, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        Assert.True(value.Count(char.IsAsciiDigit) >= 5);
    }

    [Fact]
    public void A_missing_program_is_one_error_that_names_the_packages_of_every_system()
    {
        var machine = new Machine(HasApt: true, IsRoot: false, MayInstall: true);

        var text = MissingPrograms.Explain(["mariadbd"], ["mariadb-server-core", "mariadb-client-core"], ["mariadb"], machine);

        Assert.Contains("Missing: mariadbd. Only root may install packages.", text, StringComparison.Ordinal);
        Assert.Contains("sudo apt-get install --no-install-recommends mariadb-server-core mariadb-client-core", text,
            StringComparison.Ordinal);
        Assert.Contains("brew install mariadb", text, StringComparison.Ordinal);
        Assert.Contains("-p:UseAspire=true", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_installed_against_the_users_will()
    {
        var machine = new Machine(HasApt: true, IsRoot: true, MayInstall: false);

        Assert.False(machine.CanInstall);
        Assert.Contains("--no-install", MissingPrograms.Explain(["redis-server"], ["redis-server"], ["redis"], machine),
            StringComparison.Ordinal);
    }
}
