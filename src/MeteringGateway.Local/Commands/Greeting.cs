namespace MeteringGateway.Local.Commands;

/// <summary>What ./run says when everything works: lines to paste, what is on, where the token is, how to stop.</summary>
internal sealed record Greeting(Uri Gateway, GreetingCalls Calls)
{
    private const string Commands = "./mg";
    private const string Entries =
        "select seq, entry_id, credits_delta, balance_after, surface, provider from ledger_entries order by account_id, seq";

    /// <summary>Null: no demo account was made.</summary>
    public DemoKeys? Keys { get; init; }

    /// <summary>Lines on what is on that would be off without ./run.</summary>
    public IReadOnlyList<string> IsOn { get; init; } = [];

    public bool HasOwnToken { get; init; }

    public bool HasOwnStores { get; init; }

    /// <summary>Where probes and the operator's calls are answered.</summary>
    public Uri Operator { get; init; } = Gateway;

    public string Text()
    {
        var url = Gateway.GetLeftPart(UriPartial.Authority);
        var text = new List<string> { "", $"Ready: {url}", "" };
        text.AddRange(Keys is { } keys ? WithKeys(url, keys) : WithoutKeys(url));
        if (!HasOwnStores)
        {
            text.AddRange([
                "The books:",
                $"""  psql "$(cat .data/postgres.url)" -c '{Entries}'""",
                ""]);
        }

        text.AddRange(IsOn);
        var side = Operator.GetLeftPart(UriPartial.Authority);
        if (Keys is { Email: { } email, Password: { } password })
        {
            text.Add($"Console: {url}/console  sign in as {email} with the password {password}");
        }
        else
        {
            text.Add($"Console: {url}/console");
        }

        text.Add($"Operator's console: {side}/console/operator  sign in with the operator's token");
        var token = HasOwnToken ? "your configuration (Admin:Token)" : ".data/admin-token";
        var place = Operator == Gateway ? "" : $" {side}/admin,";
        text.Add($"Operator API:{place} the token is in {token}; as commands: {Commands} --help");
        text.Add(HasOwnStores ? "Ctrl-C stops everything; your stores stay as they are." : "Ctrl-C stops everything; .data/ is kept.");
        text.Add("");
        return string.Join('\n', text);
    }

    private IEnumerable<string> WithKeys(string url, DemoKeys keys)
    {
        if (Calls.First is { } call)
        {
            yield return $"A metered call of {call.Surface}, {Credits(call)}{(call.IsWhole ? "" : "; add what its provider wants")}:";
            yield return "  " + Curl(url, keys.Live, call);
            yield return "";
        }
        else
        {
            yield return $"No surface here can be called without knowing what its price wants; {Commands} surfaces list shows them.";
            yield return "";
        }

        if (Calls.Streamed is { } streamed)
        {
            yield return $"A streamed call of {streamed.Surface}, as OpenAI's clients make it, {Credits(streamed)}:";
            yield return "  " + Curl(url, keys.Live, streamed, "-sN");
            yield return "";
        }

        if (Calls.Beyond(DemoAccount.Credits) is { } tooMuch)
        {
            yield return "A call that the balance can't pay, refused and free:";
            yield return "  " + Curl(url, keys.Live, tooMuch);
            yield return "";
        }

        yield return $"Live key: {keys.Live}";
        yield return $"Test key: {keys.Test} (same errors, reaches no provider, costs nothing)";
        yield return "";
    }

    private IEnumerable<string> WithoutKeys(string url)
    {
        yield return "Is it well:";
        yield return $"  curl -s {Operator.GetLeftPart(UriPartial.Authority)}/readyz";
        yield return "";
        yield return "On stores of your own no demo account is made (--demo makes one). An account and its key:";
        yield return $"  {Commands} accounts create ada@example.com --credits 1000";
        yield return $"  {Commands} keys create ada@example.com first";
        if (Calls.First is { } call)
        {
            yield return "and with that key:";
            yield return "  " + Curl(url, "mg_live_…", call);
        }

        yield return "";
    }

    private static string Credits(GreetingCall call) =>
        (call.Credits == 1 ? "1 credit" : $"{call.Credits} credits") + (call.IsCertain ? "" : " at most");

    /// <summary>The body was written without an apostrophe, which JSON lets one escape.</summary>
    private static string Curl(string url, string key, GreetingCall call, string options = "-s") =>
        $"curl {options} {url}{call.Path} -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d '{call.Body}'";
}
