using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Edge;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Schema;
using MeteringGateway.Sales.AutoRecharge;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Creem;
using MeteringGateway.Sales.Payments.Sandbox;
using MeteringGateway.Sales.Payments.Stripe;
using MeteringGateway.Sales.Reversals;
using MeteringGateway.Sales.Subscriptions;
using MeteringGateway.Telemetry;
using MeteringGateway.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Sales.Orders;

/// <summary>
/// Everything that sells, on an empty database, with a clock and an engine that do as the test says. Background work runs when
/// the test calls it.
/// </summary>
internal sealed class MoneyBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private MoneyBench(NpgsqlDataSource database, ServiceProvider services, FakeEngine engine, HandClock clock, LoggedErrors errors) =>
        (Books, _services, Engine, Clock, Errors) = (database, services, engine, clock, errors);

    public NpgsqlDataSource Books { get; }
    public FakeEngine Engine { get; }
    public HandClock Clock { get; }
    public LoggedErrors Errors { get; }
    public PurchaseFlow Purchases => Get<PurchaseFlow>();
    public CheckoutFlow Checkout => Get<CheckoutFlow>();

    public static async Task<MoneyBench> OpenAsync(
        decimal creditUsd = 0.1m, string mode = SandboxMode.Pay, Action<IServiceCollection>? more = null, string timeZone = "UTC")
    {
        var server = await SharedPostgres.GetAsync();
        var name = "money_" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        await server.CreateDatabaseAsync(name, CancellationToken.None);
        var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionTo(name)) { Timezone = timeZone });
        Assert.Null((await new Migrator(database, Migration.Embedded()).RunAsync(default)).Refusal);
        var (engine, clock, errors) = (new FakeEngine(), new HandClock(), new LoggedErrors());
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(errors))
            .AddSingleton(database)
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<ICreditMovements>(engine)
            .AddSingleton(Options.Create(new SandboxOptions { Enabled = true, Mode = mode }))
            .AddSingleton(Options.Create(new StripeOptions { WebhookSecret = "whsec_test" }))
            .AddSingleton(Options.Create(new CreemOptions { WebhookSecret = "creem_test" }))
            .AddSingleton(Options.Create(new CreditsOptions { Usd = creditUsd }))
            .AddSingleton<AccountStatus>()
            .AddTelemetry()
            .AddSingleton<PublicUrl>(provider => new PublicUrl(new ConfigurationBuilder().Build(), new NoServer()))
            .AddCatalog().AddPayments().AddOrders().AddReversals().AddSubscriptions().AddAutoRecharge();
        more?.Invoke(services);
        return new MoneyBench(database, services.BuildServiceProvider(), engine, clock, errors);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<T?> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Books.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }

    public Task<long> AddAccountAsync() =>
        ScalarAsync<long>("insert into accounts (email, full_name, kind) values (gen_random_uuid()::text, 'n', 'personal') returning id");

    public async Task<PackageRow> AddPackageAsync(string slug = "starter-250", long credits = 250, long cents = 2500, bool active = true)
    {
        var row =
            new PackageRow { Slug = slug, Name = "Starter 250", Credits = credits, PriceCents = cents, Currency = "USD", Active = active };
        return (await Get<CatalogEditor>().AddAsync(CatalogEditor.Packages, row, Caller.Operator, default)).Row!;
    }

    public async Task<PlanRow> AddPlanAsync(string slug = "pro", long? yearly = 9990, string? creem = null)
    {
        var row = new PlanRow
        {
            Slug = slug,
            Name = "Pro",
            PriceMonthly = 999,
            PriceYearly = yearly,
            Currency = "USD",
            CreditsIncluded = 10000,
            Features = ["Unlimited AI chat", "Priority support"],
            ProductsJson = PlanProduct.Write(creem is null ? [] : [new PlanProduct(CreemWebhook.Name, PlanProduct.Any, creem)]),
        };
        return (await Get<CatalogEditor>().AddAsync(CatalogEditor.Plans, row, Caller.Operator, default)).Row!;
    }

    /// <summary>A delivery of a provider's.</summary>
    public Task<WebhookStatus> ReceiveAsync(string channel, string? signature, byte[] body)
    {
        var webhook = _services.GetServices<IPaymentWebhook>().Single(webhook => webhook.Channel == channel);
        var headers = new HeaderDictionary { [channel == StripeWebhook.Name ? "Stripe-Signature" : "creem-signature"] = signature };
        return Get<WebhookFlow>().ReceiveAsync(webhook, headers, body, default);
    }

    public Task SweepAsync() => Get<PayoutSweeper<OrderRow>>().SweepAsync(default);

    public async Task<OrderRow> OrderAsync(long id) => (await Get<OrderStore>().FindAsync(id, null, default))!;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Books.DisposeAsync();
    }
}

/// <summary>The engine as its callers know it: once per entry id; away, or dying after the credit, when told to.</summary>
internal sealed class FakeEngine : ICreditMovements
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Delta, long Balance)> _entries = [];
    private readonly Dictionary<string, int> _refused = [];
    private readonly Dictionary<long, long> _balances = [];

    public bool IsAway { get; set; }
    public bool DiesAfterTheCredit { get; set; }
    public CreditStatus? Refuses { get; set; }

    /// <summary>Its partition is being recovered.</summary>
    public long? Blocked { get; set; }
    public List<EntryTail> Entries { get; } = [];

    public long BalanceOf(long account) => _balances.GetValueOrDefault(account);

    /// <summary>As calls would.</summary>
    public void Spend(long account, long credits)
    {
        lock (_lock)
        {
            _balances[account] = BalanceOf(account) - credits;
        }
    }

    public Task<CreditReply> CreditAsync(long accountId, long delta, EntryTail entry, int attempt, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (accountId == Blocked)
            {
                throw new StoreUnavailableException("the partition is being recovered");
            }

            if (IsAway || Refuses is not null)
            {
                return Task.FromResult(new CreditReply(Refuses ?? CreditStatus.Unavailable, 0));
            }

            if (_entries.TryGetValue(entry.Id, out var known))
            {
                return Task.FromResult(new CreditReply(CreditStatus.Duplicate, known.Balance, Moved: known.Delta));
            }

            var balance = BalanceOf(accountId) + delta;
            if (attempt <= _refused.GetValueOrDefault(entry.Id) || (delta < 0 && balance < 0))
            {
                _refused[entry.Id] = Math.Max(attempt, _refused.GetValueOrDefault(entry.Id));
                return Task.FromResult(new CreditReply(CreditStatus.InsufficientCredits, BalanceOf(accountId), Free: BalanceOf(accountId)));
            }

            _entries[entry.Id] = (delta, _balances[accountId] = balance);
            Entries.Add(entry);
            return DiesAfterTheCredit
                ? throw new TimeoutException("The gateway died here.")
                : Task.FromResult(new CreditReply(CreditStatus.Credited, balance, Moved: delta));
        }
    }
}

/// <summary>Moves when it is told to.</summary>
internal sealed class HandClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Step(TimeSpan by) => _now += by;

    public void Set(string utc) => _now = DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture);
}

/// <summary>Listens nowhere.</summary>
internal sealed class NoServer : IServer
{
    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }
}
