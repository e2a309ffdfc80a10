using System.Globalization;

namespace ECommerce.Api.Tests.Common;

public class QueryHashMemoTests
{
    private readonly QueryHashMemo _memo = new();

    [Fact]
    public void A_query_is_kept_when_it_comes_for_the_second_time()
    {
        _memo.Keep("?page=2", 0, "hash");
        Assert.Null(_memo.Find("?page=2", 0));

        _memo.Keep("?page=2", 0, "hash");
        Assert.Equal("hash", _memo.Find(new string("?page=2"), 0));
    }

    [Fact]
    public void A_hash_is_found_by_the_whole_text_and_the_entity()
    {
        KeepTwice("?page=2", 7, "of 7");
        KeepTwice("?page=2", 8, "of 8");

        Assert.Equal("of 7", _memo.Find("?page=2", 7));
        Assert.Equal("of 8", _memo.Find("?page=2", 8));
        Assert.Null(_memo.Find("?page=2", 0));
        Assert.Null(_memo.Find("?page=3", 7));
        Assert.Null(_memo.Find("?PAGE=2", 7));
    }

    [Fact]
    public void A_long_query_is_not_kept()
    {
        var (kept, tooLong) = (new string('x', QueryHashMemo.MaxLength), new string('y', QueryHashMemo.MaxLength + 1));
        KeepTwice(kept, 0, "kept");
        KeepTwice(tooLong, 0, "too long");

        Assert.Equal("kept", _memo.Find(kept, 0));
        Assert.Null(_memo.Find(tooLong, 0));
    }

    [Fact]
    public void It_holds_no_more_than_its_capacity()
    {
        for (var i = 0; i < 20 * QueryHashMemo.Capacity; i++)
            KeepTwice(Query(i), 0, "hash");

        Assert.InRange(_memo.Count, QueryHashMemo.Capacity / 2, QueryHashMemo.Capacity);
    }

    [Fact]
    public void Queries_that_come_once_take_no_place()
    {
        for (var i = 0; i < 20_000; i++)
            _memo.Keep(Query(i), 0, "hash");

        // Two texts may have one hash code, rarely.
        Assert.InRange(_memo.Count, 0, 2);
    }

    [Fact]
    public void A_query_in_use_keeps_its_place_though_ever_new_ones_come_twice()
    {
        KeepTwice("?page=2", 0, "in use");
        for (var i = 0; i < 20 * QueryHashMemo.Capacity; i++)
        {
            Assert.Equal("in use", _memo.Find("?page=2", 0));
            KeepTwice(Query(i), 0, "new");
        }
    }

    [Fact]
    public void A_query_that_is_no_longer_used_makes_room()
    {
        KeepTwice("?page=2", 0, "old");
        Assert.Equal("old", _memo.Find("?page=2", 0));

        for (var i = 0; i < 20 * QueryHashMemo.Capacity; i++)
        {
            KeepTwice(Query(i), 0, "new");
            _memo.Find(Query(i), 0);
        }

        Assert.Null(_memo.Find("?page=2", 0));
    }

    [Fact]
    public void Concurrent_callers_get_the_hash_of_their_own_query() =>
        Parallel.For(0, 200_000, i =>
        {
            var query = Query(i % 2000);
            if (_memo.Find(query, 0) is { } hash)
                Assert.Equal(query, hash);
            else
                _memo.Keep(query, 0, query);
        });

    private static string Query(int number) => string.Create(CultureInfo.InvariantCulture, $"?search={number}");

    private void KeepTwice(string query, long of, string hash)
    {
        _memo.Keep(query, of, hash);
        _memo.Keep(query, of, hash);
    }
}
