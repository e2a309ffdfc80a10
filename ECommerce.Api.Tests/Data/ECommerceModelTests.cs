using System.Text.RegularExpressions;
using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Data;

public sealed class ECommerceModelTests(ApiFixture fixture)
{
    // The migrations make the tables and nothing is generated from the model.
    [Fact]
    public async Task Every_property_is_a_column_of_its_type_and_nullability()
    {
        await using var db = await NewContextAsync();
        var columns = (await fixture.QueryAsync<(string Table, string Column, string Type, string Nullable)>(
            """
            SELECT table_name, column_name, column_type, is_nullable
            FROM information_schema.COLUMNS
            WHERE table_schema = DATABASE()
            """))
            .ToDictionary(row => $"{row.Table}.{row.Column}", row => $"{Plain(row.Type)} {row.Nullable}");
        var mapped = db.Model.GetEntityTypes().SelectMany(type => type.GetProperties()).Select(property => (
            Name: $"{property.DeclaringType.GetTableName()}.{property.GetColumnName()}",
            Type: $"{Plain(property.GetColumnType())} {(property.IsNullable ? "YES" : "NO")}")).ToArray();

        Assert.True(mapped.Length > 150);
        Assert.Empty(mapped.Where(property => columns.GetValueOrDefault(property.Name) != property.Type)
            .Select(property =>
                $"{property.Name}: {property.Type} in the model, "
                + $"{columns.GetValueOrDefault(property.Name) ?? "missing"} in the database"));

        // Lengths are the migrations' own, and MariaDB shows widths of integers that mean nothing.
        static string Plain(string type) => Regex.IsMatch(type, "char|text") ? "text"
            : Regex.IsMatch(type, "blob|binary") ? "binary"
            : Regex.Replace(type, @"^((?:big)?int)\(\d+\)$", "$1");
    }

    [Fact]
    public async Task No_foreign_key_changes_rows_by_itself()
    {
        var rules = await fixture.QueryAsync<(string Name, string OnDelete, string OnUpdate)>(
            """
            SELECT constraint_name, delete_rule, update_rule
            FROM information_schema.REFERENTIAL_CONSTRAINTS
            WHERE constraint_schema = DATABASE()
            """);

        Assert.True(rules.Count > 20);
        Assert.DoesNotContain(rules, rule => rule is not (_, "RESTRICT" or "NO ACTION", "RESTRICT" or "NO ACTION"));
    }

    [Fact]
    public async Task Entity_without_declaration_stops_the_start_with_its_name()
    {
        var contexts = fixture.Services.GetRequiredService<IDbContextFactory<ECommerceDbContext>>();
        var complete = FeatureRegistration.Invalidations;
        await new InvalidationRulesCheck(new InvalidationRules(complete), contexts)
            .StartAsync(TestContext.Current.CancellationToken);

        var incomplete = new InvalidationRulesCheck(
            new InvalidationRules(complete.Where(declaration => declaration.Entity != typeof(Brand))), contexts);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => incomplete.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("Brand", error.Message, StringComparison.Ordinal);
    }

    private Task<ECommerceDbContext> NewContextAsync() =>
        fixture.Services.GetRequiredService<IDbContextFactory<ECommerceDbContext>>()
            .CreateDbContextAsync(TestContext.Current.CancellationToken);
}
