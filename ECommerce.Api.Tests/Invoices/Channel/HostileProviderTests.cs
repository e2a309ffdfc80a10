using System.Text;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Channel.Pool;

namespace ECommerce.Api.Tests.Invoices.Channel;

/// <summary>XML of the provider that would end the process, or keep it busy for minutes.</summary>
public sealed class HostileProviderTests
{
    public static TheoryData<string> Bodies =>
    [
        string.Concat(Enumerable.Repeat("<a>", 300_000)),
        string.Concat(Enumerable.Repeat("<a>", 300_000)) + string.Concat(Enumerable.Repeat("</a>", 300_000)),
        $"<a{string.Concat(Enumerable.Range(0, 300_000).Select(static i => $" b{i}=''"))}/>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    ];

    [Theory, MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public void Hostile_list_is_unreadable(string inner)
    {
        var failure = Assert.Throws<FatturaPaException>(
            () => PoolFeed.Read("List", Encoding.UTF8.GetBytes($"<feed>{inner}</feed>")));

        Assert.Equal(ProviderFault.Unreadable, failure.Fault);
    }

    [Theory, MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public void Hostile_error_states_nothing(string inner) =>
        Assert.Null(ProviderFaults.Stated(Encoding.UTF8.GetBytes($"<Fault>{inner}</Fault>")));
}
