using System.CommandLine;
using ECommerce.Features.Common.CommandLine;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Accounts.Administration;

internal sealed record NewTenant(string Slug, string Name);

internal sealed class NewTenantValidator : AbstractValidator<NewTenant>
{
    public NewTenantValidator()
    {
        RuleFor(tenant => tenant.Slug).Must(Tenant.IsCanonical)
            .WithMessage("must be 1 to 32 lower-case ASCII letters, digits, dashes and underscores.");
        RuleFor(tenant => tenant.Name).NotEmpty().MaximumLength(128).PlainText();
    }
}

internal static class AddTenant
{
    private const string Insert = "INSERT INTO tenants (slug, name, created_at) VALUES (@Slug, @Name, @now)";

    public static Command Command(CommandRunner runner)
    {
        var slug = new Argument<string>("slug") { Description = "The short name; it never changes." };
        var name = new Option<string>("--name") { Description = "The name for people.", Required = true };
        var command = new ApiCommand("add", "Adds a merchant.", "tenant add acme --name 'Acme S.r.l.'") { slug, name };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var tenant = new NewTenant(parse.GetRequiredValue(slug), parse.GetRequiredValue(name));
            CommandRefusedException.ThrowIfInvalid(new NewTenantValidator(), tenant);
            var services = await host.StartAsync(ct);
            return await HandleAsync(
                tenant, services.GetRequiredService<WriteTransactions>(), services.GetRequiredService<TimeProvider>(),
                ct);
        }));
        return command;
    }

    private static async Task<CommandResult> HandleAsync(
        NewTenant tenant, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var tx = await transactions.BeginAsync(ct);
        try
        {
            await tx.ExecuteAsync(Insert, new { tenant.Slug, tenant.Name, now }, ct);
        }
        catch (Exception exception) when (DatabaseErrors.IsDuplicate(exception))
        {
            throw new CommandRefusedException($"There is a tenant {tenant.Slug} already.");
        }
        await tx.AuditAsync(Actor.CommandLine, "tenant add", tenant.Slug, null, tenant.Name, now, ct);
        await tx.CommitAsync(ct);
        return new CommandResult($"Tenant {tenant.Slug} is added.", ("tenant", tenant.Slug));
    }
}
