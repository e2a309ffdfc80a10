using ECommerce.Features.Invoices.Channel;

namespace ECommerce.Features.Invoices.Sending;

/// <summary>
/// A file that this process may send: it is stored as uncertain, so that no other one sends it meanwhile, and a crash
/// leaves what is to be looked up.
/// </summary>
/// <param name="Key">Of the tenant's account.</param>
/// <param name="FileName">As the provider gets it.</param>
/// <param name="Content">The bytes that are stored.</param>
/// <param name="StartedAt">
/// The moment that the row of the file has. A result is that of the attempt only as long as the row has it.
/// </param>
/// <param name="Tenant">Whose invoice it is.</param>
/// <param name="InvoiceId">The invoice.</param>
internal sealed record SendAttempt(
    Tenant Tenant, long InvoiceId, ProviderKey Key, string FileName, byte[] Content, DateTime StartedAt)
{
    /// <summary>
    /// The longest that an attempt goes on: less than a balancer waits, and less than <see cref="Resolution"/>, so that
    /// an attempt has ended before the next one begins, also where clocks of nodes differ.
    /// </summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(60);

    /// <summary>After this time the pool lists what the provider has got: a file that it does not list was not sent.
    /// </summary>
    public static readonly TimeSpan Resolution = TimeSpan.FromMinutes(5);

    /// <summary>An earlier attempt may have handed the file over.</summary>
    public bool LookUpFirst { get; init; }

    /// <summary>The provider has refused an earlier version of the file.</summary>
    public bool WasRefused { get; init; }
}
