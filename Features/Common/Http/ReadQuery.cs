namespace ECommerce.Features.Common.Http;

/// <summary>
/// The query string of a read: a class whose constructor reads the parameters. The OpenAPI document is generated from
/// the same constructor.
/// </summary>
public abstract class ReadQuery;
