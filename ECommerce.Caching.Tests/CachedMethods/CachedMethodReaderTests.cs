using ECommerce.Caching.CachedMethods;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.CachedMethods;

/// <summary>What is wrong with a [Cached] method stops the start, with a line that names it.</summary>
public sealed class CachedMethodReaderTests
{
    internal interface IUnknownPlaceholder { [Cached("x:{tenant}:{id}")] Task<int> ReadAsync(string tenant); }

    internal interface IUnnamedParameter
    {
        [Cached("x:{tenant}")]
        Task<int> ReadAsync(
        string tenant, int id, CancellationToken ct);
    }

    internal interface INoTenant { [Cached("x:{id}")] Task<int> ReadAsync(int id); }

    internal interface INoTtl { [Cached("x:{tenant}", Ttl = 0)] Task<int> ReadAsync(string tenant); }

    internal interface INegativeStale { [Cached("x:{tenant}", StaleTtl = -1)] Task<int> ReadAsync(string tenant); }

    internal interface ISlidesTooLong
    {
        [Cached("x:{tenant}", Ttl = 5, StaleTtl = 5, Sliding = 10)]
        Task<int> ReadAsync(string tenant);
    }

    internal interface INoDeadline { [Cached("x:{tenant}", Deadline = 0)] Task<int> ReadAsync(string tenant); }

    internal interface ISlides
    {
        [Cached("x:{tenant}", Sliding = 20, Deadline = 40)]
        Task<int> ReadAsync(string tenant);
    }

    internal interface INoTask { [Cached("x:{tenant}")] int Read(string tenant); }

    internal interface IPlainTask { [Cached("x:{tenant}")] Task ReadAsync(string tenant); }

    internal interface IGeneric { [Cached("x:{tenant}")] Task<T> ReadAsync<T>(string tenant); }

    internal interface ITokenInKey
    {
        [Cached("x:{tenant}:{ct}")]
        Task<int> ReadAsync(
        string tenant, CancellationToken ct);
    }

    internal interface IMutable { [Cached("x:{tenant}:{ids}")] Task<int> ReadAsync(string tenant, List<int> ids); }

    internal interface IOpaque { [Cached("x:{tenant}:{type}")] Task<int> ReadAsync(string tenant, Type type); }

    internal interface INamelessTenant { [Cached("x:{tenant}")] Task<int> ReadAsync(Nameless tenant); }

    internal interface IUnknownTag
    {
        [Cached("x:{tenant}", Tags = ["y:{tenant}:{id}"])]
        Task<int> ReadAsync(
        string tenant);
    }

    internal interface IMalformed { [Cached("x:{tenant}:a*")] Task<int> ReadAsync(string tenant); }

    internal interface INothing { Task<int> ReadAsync(string tenant); }

    internal interface ITwinOfDeclared { [Cached("product:{tenant}:{id}")] Task<int> ReadAsync(string tenant, int id); }

    internal interface IFine { [Cached("fine:{tenant}")] Task<int> ReadAsync(string tenant); }

    internal interface ITwinOfFine { [Cached("fine:{tenant}")] Task<int> ReadAsync(string tenant); }

    internal sealed class Nameless;

    internal sealed class MarkedClass : IFine
    {
        [Cached("fine:{tenant}")]
        public Task<int> ReadAsync(string tenant) => Task.FromResult(1);
    }

    internal sealed class Fine : IFine, ITwinOfFine, ITwinOfDeclared
    {
        public Task<int> ReadAsync(string tenant) => Task.FromResult(1);

        public Task<int> ReadAsync(string tenant, int id) => Task.FromResult(id);
    }

    [Theory]
    [InlineData(typeof(IUnknownPlaceholder), "{id}")]
    [InlineData(typeof(IUnnamedParameter), "does not name the parameter 'id'")]
    [InlineData(typeof(INoTenant), "without {tenant}")]
    [InlineData(typeof(INoTtl), "Ttl must be greater than zero")]
    [InlineData(typeof(INegativeStale), "StaleTtl must not be negative")]
    [InlineData(typeof(ISlidesTooLong), "the sliding time must be from a second to below")]
    [InlineData(typeof(INoDeadline), "Deadline must be from one second")]
    [InlineData(typeof(INoTask), "Task<T> or ValueTask<T>, not Int32")]
    [InlineData(typeof(IPlainTask), "Task<T> or ValueTask<T>, not Task")]
    [InlineData(typeof(IGeneric), "generic")]
    [InlineData(typeof(ITokenInKey), "'ct' (CancellationToken) cannot stand in a key")]
    [InlineData(typeof(IMutable), "'ids' cannot stand in a key")]
    [InlineData(typeof(IOpaque), "'type' cannot stand in a key")]
    [InlineData(typeof(INamelessTenant), "no text of its own")]
    [InlineData(typeof(IUnknownTag), "'y:{tenant}:{id}' uses {id}")]
    [InlineData(typeof(IMalformed), "neither a literal nor")]
    public void A_method_that_cannot_be_cached_is_refused_by_name(Type service, string why)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => CachedService.From(service));

        Assert.Contains(why, refusal.Message);
        Assert.Contains($"{service.Name}.Read", refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void An_interface_without_cached_methods_is_refused()
    {
        Assert.Contains(
            nameof(INothing), Assert.Throws<InvalidOperationException>(
                () => CachedService.From(typeof(INothing))).Message);
        Assert.Contains(
            nameof(Fine), Assert.Throws<InvalidOperationException>(() => CachedService.From(typeof(Fine))).Message);
    }

    [Fact]
    public void An_attribute_on_the_class_is_refused() =>
        Assert.Contains(
            "MarkedClass.ReadAsync", Assert.Throws<InvalidOperationException>(
                () => new ServiceCollection().AddCached<IFine, MarkedClass>()).Message);

    [Fact]
    public async Task Two_methods_or_a_method_and_a_declared_policy_with_one_pattern_stop_the_start()
    {
        var twins = await Assert.ThrowsAsync<InvalidOperationException>(
            () =>
                CacheNode.StartWithAsync(
                    null, services => services.AddCached<IFine, Fine>().AddCached<ITwinOfFine, Fine>()));
        var twin = await Assert.ThrowsAsync<InvalidOperationException>(
            () => CacheNode.StartWithAsync(null, services => services.AddCached<ITwinOfDeclared, Fine>()));

        Assert.Contains("'fine:{tenant}'", twins.Message);
        Assert.Contains("'product:{tenant}:{id}'", twin.Message);
    }

    [Fact]
    public void Sliding_time_and_deadline_of_an_attribute_are_those_of_its_policy()
    {
        var policy = CachedPolicies.From<ISlides>(nameof(ISlides.ReadAsync));

        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40)), (policy.Sliding, policy.Deadline));
    }

    [Fact]
    public void An_attribute_without_settings_has_the_defaults_of_a_policy()
    {
        var policy = CachedPolicies.From<IFine>(nameof(IFine.ReadAsync));

        Assert.Equal(
            (TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(900), true, SingleFlightScope.Cluster), (
                policy.Fresh, policy.Stale, policy.Sensitive, policy.SingleFlight));
        Assert.Same(policy, CachedPolicies.From<IFine>(nameof(IFine.ReadAsync)));
        Assert.Throws<ArgumentException>(() => CachedPolicies.From<IFine>("Read"));
    }
}
