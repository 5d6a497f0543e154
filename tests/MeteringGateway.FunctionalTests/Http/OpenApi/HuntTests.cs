using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace MeteringGateway.FunctionalTests.Http.OpenApi;

/// <summary>
/// A hunt for failures of our own over every input of every operation in the document: no hostile value is answered with a 500,
/// every refusal has the one shape, and every status and code that is seen is one that the document has.
/// </summary>
[Collection(ApiTestGroup.Name)]
public sealed class HuntTests(ApiWorld world)
{
    private const string Unavailable = "metering_unavailable";

    /// <summary>Two at a time: the hunt looks for wrong answers, not for load.</summary>
    private static readonly ParallelOptions s_parallel = new() { MaxDegreeOfParallelism = 2 };

    /// <summary>
    /// Credentials that a hunt would end for all who come after have their own cast anyway; these answer without being asked anything.
    /// </summary>
    private static bool IsProbe(ApiOperation operation) => operation.Path is "/healthz" or "/readyz" or "/metrics";

    [Fact]
    public Task Fields_WithHostileValues_AreRefusedOrTaken() => HuntAsync(async (operation, look) =>
    {
        foreach (var field in operation.Fields())
        {
            var cast = await world.NewCastAsync();
            foreach (var value in Hostile.Values)
            {
                await look(cast, null, With(operation, cast, field, value), []);
            }
        }
    });

    [Fact]
    public Task Bodies_ThatAreNoSuchObject_AreRefused() => HuntAsync(async (operation, look) =>
    {
        if (operation.Method is "GET" or "HEAD")
        {
            return;
        }

        var cast = await world.NewCastAsync();
        foreach (var body in Hostile.Bodies)
        {
            await look(cast, null, body, []);
        }
    });

    [Fact]
    public Task Paths_WithHostileParts_AreRefused() => HuntAsync(async (operation, look) =>
    {
        foreach (var name in new[] { "{id}", "{accountId}" }.Where(name => operation.Path.Contains(name, StringComparison.Ordinal)))
        {
            var cast = await world.NewCastAsync();
            foreach (var part in Hostile.UrlParts)
            {
                var body = operation.Fields().Count > 0 ? Body(operation, cast) : null;
                var path = cast.PathOf(operation with { Path = operation.Path.Replace(name, "\u0001", StringComparison.Ordinal) })
                    .Replace("\u0001", part, StringComparison.Ordinal);

                // A client resolves a part that is two dots by itself; what is left is then the address that leads a browser on.
                if (new Uri(new Uri("http://gateway"), path).AbsolutePath == "/")
                {
                    continue;
                }

                await look(cast, path, body, []);
            }
        }
    });

    [Fact]
    public Task Queries_WithHostileValues_AreRefusedOrTaken() => HuntAsync(async (operation, look) =>
    {
        var cast = await world.NewCastAsync();
        var path = cast.PathOf(operation);
        foreach (var name in operation.Query.Append("nobody_reads_this"))
        {
            foreach (var part in Hostile.UrlParts.Append(""))
            {
                await look(cast, $"{path}?{name}={part}", null, []);
            }
        }
    });

    [Fact]
    public Task Headers_WithHostileValues_AreRefusedOrTaken() => HuntAsync(async (operation, look) =>
    {
        var cast = await world.NewCastAsync();
        string[] names =
            [.. operation.Headers, "Authorization", "X-Session", "X-Api-Key", "Content-Type", "Accept", "Idempotency-Key", "If-None-Match"];
        foreach (var name in names)
        {
            foreach (var value in Hostile.HeaderValues)
            {
                var body = operation.Fields().Count > 0 ? Body(operation, cast) : null;
                await look(cast, null, body, [(name, value)]);
            }
        }
    });

    [Fact]
    public Task Creations_ManyAtOnce_AreOneOrRefused() => HuntAsync(async (operation, look) =>
    {
        if (operation.Method is "GET" or "HEAD")
        {
            return;
        }

        var cast = await world.NewCastAsync();
        for (var round = 0; round < 3; round++)
        {
            var body = operation.Fields().Count > 0 ? Body(operation, cast) : null;
            IReadOnlyList<(string, string)> headers = operation.Headers.Contains("Idempotency-Key") && round > 0
                ? [("Idempotency-Key", $"round-{round}")]
                : [];
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => look(cast, null, body, headers)));
        }
    });

    private delegate Task Look(ApiCast cast, string? path, byte[]? body, IReadOnlyList<(string Name, string Value)> headers);

    private async Task HuntAsync(Func<ApiOperation, Look, Task> hunt)
    {
        var faults = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(world.Operations.Where(operation => !IsProbe(operation)), s_parallel, async (operation, _) =>
            await hunt(operation, async (cast, path, body, headers) =>
            {
                var answer = await world.SendAsync(operation, cast, path, body, headers);
                for (var again = 0; again < 5 && answer.Status == System.Net.HttpStatusCode.ServiceUnavailable
                    && answer.Code == Unavailable; again++)
                {
                    // A busy machine may make Redis or PostgreSQL wait; an input that is answered so each time is a fault.
                    answer = await world.SendAsync(operation, cast, path, body, headers);
                }

                var isAway = answer.Status == System.Net.HttpStatusCode.ServiceUnavailable && answer.Code == Unavailable;
                if ((isAway ? "is answered as if a store were away" : operation.Fault(answer)) is { } fault)
                {
                    var sent = body is null ? "" : Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 200));
                    faults.Enqueue($"{operation.Name} {path} {sent} {string.Join(' ', headers)}: {fault}");
                }
            }));
        Assert.True(faults.IsEmpty, $"{faults.Count} faults, of which\n{string.Join('\n', faults.Take(40))}");
        Assert.True((await world.Client.VerifyLedgerAsync()).GetProperty("ok").GetBoolean());
    }

    private static byte[] With(ApiOperation operation, ApiCast cast, string field, string value)
    {
        var example = Example(operation, cast);
        example.Remove(field);
        var rest = example.ToJsonString();
        return Encoding.UTF8.GetBytes($"{rest[..^1]}{(rest.Length > 2 ? "," : "")}\"{field}\":{value}}}");
    }

    private static byte[] Body(ApiOperation operation, ApiCast cast) => Encoding.UTF8.GetBytes(Example(operation, cast).ToJsonString());

    /// <summary>The document's own example, about things that exist and with names that are still free.</summary>
    private static JsonObject Example(ApiOperation operation, ApiCast cast)
    {
        var example = operation.Example() ?? [];
        Replace("account_id", cast.Account);
        Replace("package_id", cast.Package);
        Replace("plan_id", cast.Plan);
        foreach (var name in new[] { "slug", "code", "reference" })
        {
            Replace(name, $"hunt-{Guid.NewGuid():N}");
        }

        Replace("email", operation.Path.EndsWith("/sign-in", StringComparison.Ordinal) ? cast.Email : $"{Guid.NewGuid():N}@example.com");
        Replace("channel", "sandbox");
        return example;

        void Replace(string name, JsonNode value)
        {
            if (example.ContainsKey(name))
            {
                example[name] = value;
            }
        }
    }
}
