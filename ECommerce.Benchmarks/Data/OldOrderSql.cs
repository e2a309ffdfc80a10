using System.Data.Common;
using Dapper;
using ECommerce.Features.Common.Identity;
using ECommerce.Features.Orders;
using ECommerce.Features.Sales;

namespace ECommerce.Benchmarks.Data;

/// <summary>The reference: the reads of orders as SQL through Dapper, as they were before EF Core.</summary>
internal sealed class OldOrderSql(DbDataSource source, Tenant tenant)
{
    private const string Details = """
        SELECT id, shop_id, origin_id, row_version, reference, customer_id, address_delivery_id, address_invoice_id,
               carrier_id, lang_id, state_id, state_pending, payment, carrier_tax_rate, total_products,
               total_products_wt, total_discounts, total_discounts_tax_excl, total_shipping, total_shipping_tax_excl,
               total_paid, total_paid_tax_excl, is_paid, is_invoice_requested, notes, assigned_to, created_by,
               processed_at, date_add, date_upd
        FROM orders
        WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL;

        SELECT id, product_id, product_name, product_reference, product_quantity, unit_price_tax_excl,
               unit_price_tax_incl, vat_rate, reduction_percent, total_price_tax_excl, total_price_tax_incl
        FROM order_lines
        WHERE tenant_id = @tenant AND order_id = @id
        ORDER BY id;

        SELECT s.id, s.number, s.name, s.color, s.paid, s.shipped
        FROM orders o
        JOIN order_states s ON s.tenant_id = o.tenant_id AND s.id = o.state_id
        WHERE o.tenant_id = @tenant AND o.id = @id;

        SELECT c.id, c.firstname, c.lastname, c.email, c.company
        FROM orders o
        JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
        WHERE o.tenant_id = @tenant AND o.id = @id;

        SELECT a.id, a.company, a.firstname, a.lastname, a.vat_number, a.dni, a.address1, a.address2, a.postcode,
               a.city, a.state, a.country_id, k.name AS country_name, a.phone, a.phone_mobile, a.pec, a.sdi
        FROM orders o
        JOIN addresses a ON a.tenant_id = o.tenant_id AND a.id IN (o.address_delivery_id, o.address_invoice_id)
        LEFT JOIN countries k ON k.tenant_id = a.tenant_id AND k.id = a.country_id
        WHERE o.tenant_id = @tenant AND o.id = @id
        """;

    private const string Where = """
        WHERE o.tenant_id = @tenant AND o.deleted_at IS NULL
          AND (@userId IS NULL OR o.created_by = @userId OR o.assigned_to = @userId)
          AND (@anyState OR o.state_id IN @StateIds)
          AND (@CustomerId IS NULL OR o.customer_id = @CustomerId)
          AND (@ShopId IS NULL OR o.shop_id = @ShopId)
          AND (@IsPaid IS NULL OR o.is_paid = @IsPaid)
          AND (@IsInvoiceRequested IS NULL OR o.is_invoice_requested = @IsInvoiceRequested)
          AND (@DateFrom IS NULL OR o.date_add >= @DateFrom)
          AND (@DateTo IS NULL OR o.date_add < @DateTo)
          AND (@search IS NULL OR o.reference LIKE @search OR c.firstname LIKE @search OR c.lastname LIKE @search
               OR c.email LIKE @search OR CONCAT(c.firstname, ' ', c.lastname) LIKE @search)
        """;

    private const string List = $"""
        SELECT COUNT(*)
        FROM orders o
        JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
        {Where};

        SELECT o.id, o.shop_id, o.origin_id, o.row_version, o.reference, o.customer_id,
               c.firstname AS customer_firstname, c.lastname AS customer_lastname, o.state_id, s.name AS state_name,
               s.color AS state_color, o.payment, o.total_paid, o.is_paid, o.is_invoice_requested, o.assigned_to,
               o.created_by, o.date_add, o.date_upd
        FROM orders o
        JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
        JOIN order_states s ON s.tenant_id = o.tenant_id AND s.id = o.state_id
        {Where}
        ORDER BY o.id desc, o.id desc
        LIMIT @Limit OFFSET @Offset
        """;

    public async Task DetailsAsync(long id)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var results = await connection.QueryMultipleAsync(Details, new { tenant, id });
        var order = await results.ReadSingleAsync<OrderDetails>();
        var lines = (await results.ReadAsync<OrderLineDetails>()).AsList();
        var state = await results.ReadSingleOrDefaultAsync<CurrentState>();
        var customer = await results.ReadSingleOrDefaultAsync<OrderCustomer>();
        var addresses = (await results.ReadAsync<OrderAddress>()).ToDictionary(address => address.Id);
        if (order with
        {
            Lines = lines,
            State = state,
            Customer = customer
        } is not { Lines.Count: DataSeed.LinesOfAnOrder } || addresses.Count == 0)
        {
            throw new InvalidOperationException($"Order {id} is not as it was seeded.");
        }
    }

    public async Task ListAsync(int limit, long[]? stateIds = null, bool? isPaid = null, string? search = null)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var results = await connection.QueryMultipleAsync(List, new
        {
            tenant,
            userId = (int?)null,
            anyState = stateIds is null,
            StateIds = stateIds ?? [],
            CustomerId = (long?)null,
            ShopId = (long?)null,
            IsPaid = isPaid,
            IsInvoiceRequested = (bool?)null,
            DateFrom = (DateTime?)null,
            DateTo = (DateTime?)null,
            search,
            Limit = limit,
            Offset = 0,
        });
        var total = await results.ReadSingleAsync<long>();
        if ((await results.ReadAsync<OrderSummary>()).AsList().Count == 0 || total == 0)
            throw new InvalidOperationException("The list is empty.");
    }
}
