using System.Data.Common;
using Dapper;

namespace ECommerce.Features.Orders;

internal static partial class GetOrder
{
    private const string Sql = """
        SELECT id, shop_id, origin_id, row_version, reference, customer_id, address_delivery_id, address_invoice_id,
               carrier_id, lang_id, state_id, state_pending, payment, carrier_tax_rate, total_products,
               total_products_wt, total_discounts, total_discounts_tax_excl, total_shipping, total_shipping_tax_excl,
               total_paid, total_paid_tax_excl, is_paid, is_invoice_requested, notes, assigned_to, created_by,
               processed_at, date_add, date_upd
        FROM orders
        WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL;

        SELECT id, product_id, product_name, product_reference, product_quantity, unit_price_tax_excl, unit_price_tax_incl,
               vat_rate, reduction_percent, total_price_tax_excl, total_price_tax_incl
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

    /// <summary>One round trip for all that an order shows.</summary>
    public static async Task<OrderDetails?> QueryAsync(DbConnection connection, Tenant tenant, long id, CancellationToken ct)
    {
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(Sql, new { tenant, id }, cancellationToken: ct));
        var order = await results.ReadSingleOrDefaultAsync<OrderDetails>();
        if (order is null)
            return null;
        var lines = (await results.ReadAsync<OrderLine>()).AsList();
        var state = await results.ReadSingleOrDefaultAsync<CurrentState>();
        var customer = await results.ReadSingleOrDefaultAsync<OrderCustomer>();
        var addresses = (await results.ReadAsync<OrderAddress>()).ToDictionary(address => address.Id);
        return order with
        {
            Lines = lines,
            State = state,
            Customer = customer,
            AddressDelivery = addresses.GetValueOrDefault(order.AddressDeliveryId ?? 0),
            AddressInvoice = addresses.GetValueOrDefault(order.AddressInvoiceId ?? 0),
        };
    }
}
