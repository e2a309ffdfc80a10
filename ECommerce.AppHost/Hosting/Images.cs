namespace ECommerce.AppHost.Hosting;

/// <summary>The container images (<c>--Images:MySql=…</c>); unset: that of the integration.</summary>
internal sealed record Images
{
    public string? Redis { get; init; }

    public string? MySql { get; init; }

    /// <summary>A complete image of the mock; without it one is built over <see cref="DotNet"/>.</summary>
    public string? PrestaShop { get; init; }

    /// <summary>A complete image of the mock; without it one is built over <see cref="DotNet"/>.</summary>
    public string? FatturaPa { get; init; }

    /// <summary>The base image of the mocks: the ASP.NET Core runtime.</summary>
    public string DotNet { get; init; } = "mcr.microsoft.com/dotnet/aspnet:10.0";
}

internal static class ImageExtensions
{
    /// <summary>Replaces the image if another one is set.</summary>
    public static IResourceBuilder<T> WithImageFrom<T>(this IResourceBuilder<T> container, string? image)
        where T : ContainerResource
    {
        if (string.IsNullOrEmpty(image))
            return container;
        container.WithImage(image);
        // The name contains the registry; that of the integration would be put in front of it.
        container.Resource.Annotations.OfType<ContainerImageAnnotation>().Last().Registry = null;
        return container;
    }
}
