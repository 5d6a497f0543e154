using System.Security.Cryptography;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Sales.Payments.Sandbox;

/// <summary>
/// A payment provider that moves no money and does as it is told, see <see cref="SandboxMode"/>. It keeps its payments in PostgreSQL,
/// as a real one keeps them on its side, so that a restart and a second gateway find them.
/// </summary>
internal sealed class SandboxPaymentProvider(NpgsqlDataSource database, IOptions<SandboxOptions> options, TimeProvider time)
    : IPaymentProvider, IMethodProvider
{
    private static readonly string Insert = SqlFile.Read("Sales/Payments/Sandbox/insert-sandbox-payment.sql");
    private static readonly string Find = SqlFile.Read("Sales/Payments/Sandbox/find-sandbox-payment.sql");
    private static readonly string Get = SqlFile.Read("Sales/Payments/Sandbox/get-sandbox-payment.sql");
    private static readonly string Answer = SqlFile.Read("Sales/Payments/Sandbox/answer-sandbox-payment.sql");
    private static readonly string Confirm = SqlFile.Read("Sales/Payments/Sandbox/confirm-sandbox-payment.sql");

    public string Channel => PaymentChannels.Sandbox;
    public bool IsOpen => options.Value.Enabled;

    public async Task<PaymentReply> ChargeAsync(PaymentRequest request, CancellationToken cancellationToken)
    {
        var mode = request.SandboxMode ?? options.Value.Mode;
        var status = mode switch { SandboxMode.Pay => "paid", SandboxMode.Decline => "declined", _ => "pending" };
        return (await OpenAsync(request, mode, status, null, null, cancellationToken)).Reply;
    }

    public async Task<CheckoutReply> CheckoutAsync(CheckoutRequest request, CancellationToken cancellationToken)
    {
        var mode = request.Payment.SandboxMode ?? options.Value.Mode;
        var payment = await OpenAsync(request.Payment, mode, "pending", request.SuccessUrl, request.CancelUrl, cancellationToken);
        return new CheckoutReply(payment.Reply.Status, $"{request.GatewayUrl}/payment/sandbox/{payment.Id}", payment.Id);
    }

    public async Task<PaymentReply> FindAsync(PaymentLookup lookup, CancellationToken cancellationToken)
    {
        var payment = await QueryAsync(Find, new { reference = lookup.Reference, now = time.GetUtcNow() }, cancellationToken);
        return payment?.Reply ?? new PaymentReply(PaymentStatus.Unknown);
    }

    public Task<string?> PortalAsync(PortalRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<string?>($"{request.GatewayUrl}/payment/sandbox/portal?return_url={Uri.EscapeDataString(request.ReturnUrl)}");

    /// <summary>A page on which nothing is paid: Pay saves <see cref="SandboxSetup.Card"/>.</summary>
    public async Task<string?> SetUpAsync(SetupRequest request, CancellationToken cancellationToken)
    {
        var nothing = new PaymentRequest(request.Reference, request.AccountId, 0, Calls.Pricing.Currency.Dollar, "Save a payment method");
        var page = await OpenAsync(nothing, SandboxMode.Pay, "pending", request.SuccessUrl, request.CancelUrl, cancellationToken);
        return $"{request.GatewayUrl}/payment/sandbox/{page.Id}";
    }

    /// <summary>The page itself saves what was set up, and a payment saves nothing.</summary>
    public Task<MethodFacts?> FindMethodAsync(string savedBy, CancellationToken cancellationToken) => Task.FromResult<MethodFacts?>(null);

    public Task<bool> ForgetMethodAsync(string methodId, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>As it stands, to be shown. Null: there is no such payment.</summary>
    public Task<SandboxPayment?> GetAsync(string id, CancellationToken cancellationToken) => QueryAsync(Get, new { id }, cancellationToken);

    /// <summary>
    /// The customer has pressed a button on the payment's page; a payment that is paid or declined stays so.
    /// Null: there is no such payment.
    /// </summary>
    public Task<SandboxPayment?> AnswerAsync(string id, bool pays, CancellationToken cancellationToken) =>
        QueryAsync(Answer, new { id, pays, now = time.GetUtcNow(), paysAt = time.GetUtcNow() + options.Value.Delay }, cancellationToken);

    /// <summary>Pays what was to be paid later; whatever else it was told stays as it is. Null: there is no such payment.</summary>
    public Task<SandboxPayment?> ConfirmAsync(string id, CancellationToken cancellationToken) =>
        QueryAsync(Confirm, new { id }, cancellationToken);

    private async Task<SandboxPayment> OpenAsync(
        PaymentRequest request, string mode, string status, string? successUrl, string? cancelUrl, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var made = new
        {
            id = "sandbox_" + RandomNumberGenerator.GetHexString(32, lowercase: true),
            reference = request.Reference,
            amountCents = request.AmountCents,
            currency = request.Currency,
            mode,
            status,
            successUrl,
            cancelUrl,
            // On a hosted page the time runs from the customer's answer on.
            paysAt = mode == SandboxMode.Later && successUrl is null ? now + options.Value.Delay : (DateTimeOffset?)null,
            now,
        };
        return await QueryAsync(Insert, made, cancellationToken)
            ?? throw new InvalidOperationException("A payment that was just made is gone.");
    }

    private Task<SandboxPayment?> QueryAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<SandboxPayment>(sql, parameters, cancellationToken);
}
