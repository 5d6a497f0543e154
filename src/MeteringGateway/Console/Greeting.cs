namespace MeteringGateway.Console;

/// <summary>What ./run says when everything works: lines to paste.</summary>
internal static class Greeting
{
    /// <summary>More than the demo account ever has: 100 ads at 15 credits.</summary>
    private const string TooMuch = """{"surface":"ads","format":"full","count":100}""";

    public static string Text(Uri gateway, DemoKeys keys, bool hasOwnToken)
    {
        var url = gateway.GetLeftPart(UriPartial.Authority);
        return $"""

            Ready: {url}

            A metered call, 2 credits:
              {Curl(url, keys.Live, """{"surface":"search","query":"what is a hold?"}""")}

            A call that the balance can't pay, refused and free:
              {Curl(url, keys.Live, TooMuch)}

            Live key: {keys.Live}
            Test key: {keys.Test} (same errors, reaches no provider, costs nothing)

            The books:
              psql "$(cat .data/postgres.url)" -c 'select seq, entry_id, credits_delta, balance_after, surface, provider from ledger_entries order by account_id, seq'

            Operator API: the token is in {(hasOwnToken ? "your configuration (Admin:Token)" : ".data/admin-token")}
            Ctrl-C stops everything; .data/ is kept.

            """;
    }

    private static string Curl(string url, string key, string body) =>
        $"curl -s {url}/api/v1/query -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d '{body}'";
}
