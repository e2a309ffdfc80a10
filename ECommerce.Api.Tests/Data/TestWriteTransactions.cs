using System.Data.Common;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Data;

internal static class TestWriteTransactions
{
    /// <summary>Write transactions of the API over another data source or another invalidator.</summary>
    public static WriteTransactions WriteTransactions(
        this IServiceProvider services, DbDataSource source, ICacheInvalidator invalidator, OutboxRelay relay,
        IHttpContextAccessor? http = null) => new(
        source, new TenantDbContexts(source, services.GetRequiredService<IDbContextFactory<ECommerceDbContext>>()),
        services.GetRequiredService<InvalidationRules>(), invalidator, relay,
        services.GetRequiredService<PartitionedNodes>(), TimeProvider.System, http ?? new HttpContextAccessor());
}
