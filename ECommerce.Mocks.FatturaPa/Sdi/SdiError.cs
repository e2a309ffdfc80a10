namespace ECommerce.Mocks.FatturaPa.Sdi;

/// <summary>An error as a notification lists it.</summary>
internal sealed record SdiError(string Code, string Description);
