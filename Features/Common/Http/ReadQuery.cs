namespace ECommerce.Features.Common.Http;

/// <summary>A query string as a read takes it: a class with a constructor that reads its parameters, of which the API's description learns them too.</summary>
public abstract class ReadQuery;
