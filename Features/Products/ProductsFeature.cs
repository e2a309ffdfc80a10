using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Products;

internal static class ProductsFeature
{
    public static void AddProducts(this IServiceCollection services) =>
        services.AddValidator<ProductDraft, ProductDraftValidator>();

    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/products").WithTags("Products").RequireAuthorization(Permissions.Read);

        products.MapGet("/", ListProducts.Handle)
            .WithSummary("Products, page by page.").CacheOutput(ProductsCaching.Listing);
        products.MapGet("/{id:long}", GetProduct.Handle)
            .WithSummary("A product with its combinations.").CacheOutput(ProductsCaching.Details);

        products.MapPost("/", CreateProduct.Handle)
            .WithSummary("Creates a product.").RequireAuthorization(Permissions.WriteProducts)
            .Creates<ProductDraft, ProductDetails>();
        products.MapPut("/{id:long}", UpdateProduct.Handle)
            .WithSummary("Replaces a product.").RequireAuthorization(Permissions.WriteProducts)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        products.MapDelete("/{id:long}", DeleteProduct.Handle)
            .WithSummary("Deletes a product without orders.").RequireAuthorization(Permissions.WriteProducts)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }
}
