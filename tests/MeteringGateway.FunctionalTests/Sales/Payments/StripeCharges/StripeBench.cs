using System.Collections.Concurrent;
using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Customers;
using MeteringGateway.Sales.Payments.Stripe;
using MeteringGateway.Telemetry;
using MeteringGateway.Testing.Stripe;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripeCharges;

/// <summary>Everything that sells, with the double of Stripe in Stripe's place and one clock for both.</summary>
internal sealed class StripeBench : IAsyncDisposable
{
    /// <summary>Long enough for an answer of the loopback, and short enough to wait for where there is none.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly bool _ownsStripe;

    private StripeBench(MoneyBench money, StripeDouble stripe, bool ownsStripe, LoggedLines log) =>
        (Money, Stripe, _ownsStripe, Log) = (money, stripe, ownsStripe, log);

    public MoneyBench Money { get; }
    public StripeDouble Stripe { get; }
    public LoggedLines Log { get; }
    public StripePaymentProvider Provider => Money.Get<StripePaymentProvider>();

    /// <param name="stripe">One that others use too; null: its own.</param>
    /// <param name="address">In place of the double's.</param>
    public static async Task<StripeBench> OpenAsync(StripeDouble? stripe = null, string? address = null)
    {
        var (options, log) = (new StripeOptions { WebhookSecret = "whsec_bench" }, new LoggedLines());
        var money = await MoneyBench.OpenAsync(more: services => services
            .AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace))
            .AddSingleton(Options.Create(options))
            .AddSingleton(provider => new StripeApi(
                provider.GetRequiredService<IOptions<StripeOptions>>(), provider.GetRequiredService<PaymentMetrics>(),
                provider.GetRequiredService<ILogger<StripeApi>>(), s_patience)));
        var used = stripe ?? await StripeDouble.StartAsync(money.Clock);
        (options.ApiKey, options.ApiBase) = (used.ApiKey, address ?? used.Address);
        return new StripeBench(money, used, stripe is null, log);
    }

    /// <summary>An account with a test card on file, at the double and here.</summary>
    public async Task<(long Account, string Method)> AddCustomerAsync(string card = "visa")
    {
        var account = await Money.AddAccountAsync();
        var customer = await Money.Get<StripeCustomers>().FindOrMakeAsync(account, default);
        var method = Stripe.SaveCard(customer!, card);
        await using var connection = await Money.Books.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await PaymentMethods.SaveAsync(
            transaction, account, StripeWebhook.Name, new MethodFacts(method, "visa", "4242", 8, 2030), default);
        await transaction.CommitAsync();
        return (account, method);
    }

    public static PaymentRequest Request(long account, string reference = "order:1", long cents = 2500, string currency = "USD") =>
        new(reference, account, cents, currency, "250 credits");

    public CheckoutRequest Page(
        long account, string reference = "order:1", bool saves = false, RecurringTerms? plan = null, string? price = null) =>
        new(
            Request(account, reference), "https://shop.example/ok?s={CHECKOUT_SESSION_ID}", "https://shop.example/no",
            "https://gateway.example", Money.Clock.GetUtcNow(), price, plan, saves);

    public PaymentLookup Lookup(long account, string reference = "order:1", bool isHosted = false, string? checkout = null) =>
        new(reference, account, isHosted, checkout, Money.Clock.GetUtcNow());

    public async Task<string> OutsideAsync(string reference) =>
        Installation.Outside(await Money.Get<Installation>().NameAsync(default), reference);

    /// <summary>The double's record of calls that would charge.</summary>
    public IReadOnlyList<StripeRequest> Posts(string path) =>
        [.. Stripe.Requests.Where(request => request.Method == "POST" && request.Path == path)];

    public async ValueTask DisposeAsync()
    {
        await Money.DisposeAsync();
        if (_ownsStripe)
        {
            await Stripe.DisposeAsync();
        }
    }
}

/// <summary>Every line that was logged, whatever its level.</summary>
internal sealed class LoggedLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;
    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
