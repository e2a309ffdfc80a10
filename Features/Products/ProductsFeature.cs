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

        products.MapGet("/", ListProducts.Handle).CacheOutput(ProductsCaching.Listing);
        products.MapGet("/{id:long}", GetProduct.Handle).CacheOutput(ProductsCaching.Details);

        products.MapPost("/", CreateProduct.Handle).RequireAuthorization(Permissions.WriteProducts)
            .Creates<ProductDraft, ProductDetails>();
        products.MapPut("/{id:long}", UpdateProduct.Handle).RequireAuthorization(Permissions.WriteProducts)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        products.MapDelete("/{id:long}", DeleteProduct.Handle).RequireAuthorization(Permissions.WriteProducts)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }
}
