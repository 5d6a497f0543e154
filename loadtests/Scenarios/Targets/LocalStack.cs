using MeteringGateway.Load.Stack;
using MeteringGateway.Scenarios.LedgerChecks;

namespace MeteringGateway.Scenarios.Targets;

/// <summary>
/// A gateway with a Redis and a PostgreSQL of its own and two providers, all on loopback and gone afterwards. One scenario at a time.
/// </summary>
internal sealed class LocalStack : Target
{
    /// <summary>One provider, one credit a call.</summary>
    public const string Flat = "flat";

    /// <summary>Two providers, one after the other, two credits a call.</summary>
    public const string Chained = "chained";

    /// <summary>A credit a token, as the provider counts them.</summary>
    public const string Streamed = "streamed";

    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Enough for each call of <c>many-accounts</c> to have an account that no call before it has had.</summary>
    private const int Accounts = 10_000;

    /// <summary>Calls before the first scenario: what is compiled and connected at the first calls is none of what is measured.</summary>
    private const int WarmUpCalls = 400;
    private const int WarmUpAtOnce = 20;

    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly Workspace _workspace = new("scenarios");
    private GatewayStack _stack = null!;
    private HttpClient _client = null!;
    private LocalAccounts _accounts = null!;

    private LocalStack()
    {
    }

    public ScriptedProvider Primary { get; private set; } = null!;
    public ScriptedProvider Backup { get; private set; } = null!;
    public GatewayStack Stores => _stack;
    public Uri Gateway => _stack.Gateways[0].Address;
    public override string Title => "the local stack: one gateway, Redis and PostgreSQL on loopback, started for this run";
    public override KeyPool Keys => _accounts.Rich;
    public override GatewayCalls Calls => new(_client, Flat);
    public override ILedgerCheck LedgerCheck => new EntryCheck(_stack.Ledger, Gateway);

    /// <param name="mostOpen">Calls under way at once.</param>
    public static async Task<LocalStack> StartAsync(int mostOpen, CancellationToken cancellation)
    {
        var local = new LocalStack();
        try
        {
            await local.StartAllAsync(mostOpen, cancellation);
            return local;
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
    }

    /// <summary>New accounts of one key each, through the operator API.</summary>
    /// <param name="credits">Of each account.</param>
    /// <param name="keyLimit">For ever; null: none.</param>
    public Task<KeyPool> MakeAccountsAsync(int count, long credits, long? keyLimit, CancellationToken cancellation) =>
        _accounts.MakeAsync(count, credits, keyLimit, cancellation);

    /// <summary>All providers do well again, as each scenario finds them.</summary>
    public void Heal() => (Primary.Script, Backup.Script) = (_ => ProviderTurn.Well, _ => ProviderTurn.Well);

    /// <summary>Providers and stores as each scenario finds them, whatever the one before has left undone.</summary>
    public async Task MendAsync()
    {
        Heal();
        if (_stack.Postgres.Process.Exited.IsCompleted)
        {
            await _stack.Postgres.RestartAsync(CancellationToken.None);
        }

        if (_stack.Redis.Process.Exited.IsCompleted)
        {
            await _stack.Redis.RestartAsync(CancellationToken.None);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var one))
        {
            await one.DisposeAsync();
        }

        _client?.Dispose();
        _accounts?.Dispose();
        _workspace.Dispose();
    }

    private async Task StartAllAsync(int mostOpen, CancellationToken cancellation)
    {
        Primary = await ScriptedProvider.StartAsync(cancellation);
        _started.Push(Primary);
        Backup = await ScriptedProvider.StartAsync(cancellation);
        _started.Push(Backup);
        _stack = await GatewayStack.StartAsync(
            _workspace,
            [
                new SoldSurface(Flat, Primary.Address),
                new SoldSurface(Chained, Primary.Address)
                {
                    Price = new { Credits = 2 }, Backup = Backup.Address, AttemptTimeout = AttemptTimeout,
                },
                new SoldSurface(Streamed, Primary.Address)
                {
                    Price = new { Usage = "usage.total_tokens", CreditsPerThousand = 1000, MaxCredits = 1000 },
                },
            ],
            cancellation);
        _started.Push(_stack);
        await _stack.StartGatewayAsync(cancellation);
        await _stack.MakeAccountsAsync(Accounts, cancellation);
        _client = GatewayCalls.Client(Gateway, mostOpen);
        _accounts = new LocalAccounts(Gateway, new KeyPool(await File.ReadAllLinesAsync(_workspace.KeyFile, cancellation)));
        await WarmUpAsync(cancellation);
    }

    /// <summary>With the last accounts, which no scenario's first calls have.</summary>
    private async Task WarmUpAsync(CancellationToken cancellation)
    {
        for (var sent = 0; sent < WarmUpCalls; sent += WarmUpAtOnce)
        {
            await Task.WhenAll(Enumerable.Range(sent, WarmUpAtOnce).Select(number =>
                Calls.QueryAsync(Keys.All[^(1 + number)], cancellation, number % 2 == 0 ? Flat : Chained)));
        }
    }
}
