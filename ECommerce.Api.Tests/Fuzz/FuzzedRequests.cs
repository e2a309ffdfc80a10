using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>Requests of a seed: each is valid but for one or two places.</summary>
internal sealed class FuzzedRequests(
    IReadOnlyList<ApiOperation> operations, ValidBodies bodies, KnownRows rows, string token, Random random)
{
    private readonly Mutations _mutations = new(random);
    private int _count;

    /// <summary>A request without anything wrong; its row may still be in a state in which it is refused.</summary>
    public FuzzedRequest Valid(ApiOperation operation) => Request(operation, Body(operation));

    /// <summary>Every wrong value in every place of an otherwise valid request, each when it is called.</summary>
    public IEnumerable<Func<FuzzedRequest>> AllSingleFaults() => operations.SelectMany(SingleFaults);

    /// <summary>A request with random faults.</summary>
    public FuzzedRequest Next()
    {
        var operation = Pick(operations);
        var body = operation.Body is { } schema && !OneIn(6) ? _mutations.Vary(bodies.Create(schema)) : Body(operation);
        var query = operation.Query.Where(_ => OneIn(4))
            .Select(parameter => $"{parameter["name"]}={(OneIn(3) ? Pick(WrongValues.QueryValues) : Valid(parameter))}")
            .ToList();
        if (OneIn(20))
            query.Add(Pick(WrongValues.Queries));
        var request = Request(
            operation, body, OneIn(12) ? Pick(WrongValues.PathIds) : null, string.Join('&', query),
            OneIn(60) ? Pick(WrongValues.PathEnds) : "");
        if (OneIn(40))
            request.Headers["Authorization"] = Pick(["Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi", $"{token}x"]);
        AddHeaders(request);
        return request;
    }

    private IEnumerable<Func<FuzzedRequest>> SingleFaults(ApiOperation operation)
    {
        if (operation.Body is { } schema)
        {
            foreach (var place in FuzzedBody.Places(bodies.Create(schema)).ToArray())
            {
                foreach (var raw in WrongValues.Json.Concat(WrongValues.Malformed))
                    yield return () => Request(operation, FuzzedBody.Replaced(bodies.Create(schema), place, raw));
            }
        }
        foreach (var id in IsRow(operation) ? WrongValues.PathIds : [])
            yield return () => Request(operation, Body(operation), id);
        foreach (var end in WrongValues.PathEnds)
            yield return () => Request(operation, Body(operation), end: end);
        foreach (var parameter in operation.Query)
        {
            foreach (var value in WrongValues.QueryValues)
                yield return () => Request(operation, Body(operation), query: $"{parameter["name"]}={value}");
        }
    }

    private FuzzedRequest Request(
        ApiOperation operation, FuzzedBody? body, string? wrongId = null, string query = "", string end = "")
    {
        var id = rows.Any(operation.Collection, random) ?? 1;
        var path = Fill(operation.Path, wrongId ?? $"{id}") + end + (query.Length > 0 ? $"?{query}" : "");
        var isId = IsRow(operation) && wrongId is null && end.Length == 0;
        return new FuzzedRequest(operation, path, isId ? id : null, body) { Headers = { ["Authorization"] = token } };
    }

    private FuzzedBody? Body(ApiOperation operation) =>
        operation.Body is { } schema ? FuzzedBody.From(bodies.Create(schema)) : null;

    private void AddHeaders(FuzzedRequest request)
    {
        _count++;
        foreach (var name in request.Operation.Headers)
        {
            // A key that is used again would return what was created before.
            if (name == "Idempotency-Key" && OneIn(4))
                request.Headers[name] = OneIn(3) ? Pick(WrongValues.IdempotencyKeys) : $"\"key\",{_count}";
            if (name == "If-Match" && OneIn(4))
                request.Headers[name] = OneIn(3) ? Pick(WrongValues.IfMatch) : $"\"{VersionOf(request)}-x\"";
        }
        if (!request.Operation.IsWrite && OneIn(12))
            request.Headers["If-None-Match"] = Pick(WrongValues.IfNoneMatch);
        if (OneIn(20))
            request.Headers["X-Request-ID"] = Pick(["ok-1", "with space", "x\ty", "é", new('x', 65)]);
    }

    private long VersionOf(FuzzedRequest request) => request.Id is { } id
        && rows.Find(request.Operation.Collection, id)?["row_version"] is { } version ? (long)version : 1;

    private string Valid(JsonObject parameter)
    {
        var schema = parameter["schema"]!;
        if (schema["enum"] is JsonArray { Count: > 0 } allowed)
            return (string)Pick([.. allowed])!;
        return ((string?)schema["type"], (string?)schema["format"]) switch
        {
            ("integer", _) => $"{random.Next(1, 20)}",
            ("array", _) => $"{random.Next(1, 5)},{random.Next(1, 5)}",
            ("boolean", _) => Pick(["true", "false"]),
            (_, "date-time") => Pick(["2026-03-01", "2026-11-29", "2026-03-01T10:15:00Z"]),
            _ => "Ada",
        };
    }

    private static bool IsRow(ApiOperation operation) => operation.Path.Contains('{', StringComparison.Ordinal);

    private static string Fill(string path, string id)
    {
        var (start, end) = (path.IndexOf('{', StringComparison.Ordinal), path.IndexOf('}', StringComparison.Ordinal));
        return start < 0 ? path : path[..start] + id + path[(end + 1)..];
    }

    private bool OneIn(int count) => random.Next(count) == 0;

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
