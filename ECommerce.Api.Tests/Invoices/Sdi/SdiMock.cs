using System.Text.Json.Nodes;
using ECommerce.Api.Tests.Invoices.Validation;
using ECommerce.Api.Tests.Mocks.FatturaPa;
using Microsoft.Extensions.Time.Testing;

namespace ECommerce.Api.Tests.Invoices.Sdi;

/// <summary>The mock of the SDI on the day of the invoices, with what a test asks of it.</summary>
public sealed class SdiMock : IAsyncDisposable
{
    private int _progressive;

    internal FatturaPaMock Provider { get; } = new(
        new FakeTimeProvider(new(MutableInvoice.Today, new TimeOnly(12, 0), TimeSpan.Zero)), ("maxEntries", "20000"));

    /// <summary>A name that no file had before.</summary>
    public string NextName() => $"IT01234567897_S{Interlocked.Increment(ref _progressive):X4}.xml";

    /// <summary>Sends a file over HTTP; the codes with which the SDI discards it, none if it does not.</summary>
    public async Task<string[]> SendAsync(byte[] file, string? name = null)
    {
        name ??= NextName();
        await Provider.SendAsync(name, file);
        return [.. (await Provider.CodesAsync(name.Split('.')[0])).Distinct()];
    }

    /// <summary>The kinds of notifications by the stems of files: RC, MC, NS.</summary>
    public async Task<ILookup<string, string>> OutcomesAsync()
    {
        var entries = JsonNode.Parse(await Provider.Client.GetStringAsync(
            new Uri("/__mock/accounts/1/pool", UriKind.Relative), TestContext.Current.CancellationToken))!;
        return entries.AsArray().Select(static entry => ((string)entry!["file_name"]!).Split('.')[0].Split('_'))
            .Where(static parts => parts.Length > 2)
            .ToLookup(static parts => $"{parts[0]}_{parts[1]}", static parts => parts[2]);
    }

    public ValueTask DisposeAsync() => Provider.DisposeAsync();
}
