using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Payments.Customers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Sales.SavedMethods;

/// <summary><c>/api/me/payment-methods</c>: what an account has on file at payment providers, for the account itself.</summary>
internal static class SavedMethodEndpoints
{
    /// <summary>As long as a provider's outage of a moment.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddSavedMethods(this IServiceCollection services) => services.AddSingleton<SavedMethodStore>();

    public static IEndpointRouteBuilder MapSavedMethods(this IEndpointRouteBuilder app)
    {
        var mine = app.MapGroup("/api/me/payment-methods").RequireAccount();
        mine.MapGet("", ListAsync);
        var bound = mine.MapGroup("/{id}").RequireMoneyRole();
        bound.MapPatch("", MakeDefaultAsync);
        bound.MapDelete("", ForgetAsync);
        return app;
    }

    private static async Task<Ok<PaymentMethodList>> ListAsync(HttpContext context, PaymentMethods methods)
    {
        var identity = AccountIdentity.Of(context);
        IReadOnlyList<PaymentMethodRow> rows = identity.IsTest
            ? []
            : await methods.ListAsync(identity.WalletAccountId, context.RequestAborted);
        return WireJson.Ok(new PaymentMethodList([.. rows.Select(PaymentMethodView.Of)]));
    }

    private static async Task<Results<Ok<PaymentMethodView>, Problem>> MakeDefaultAsync(
        string id, RequestFields fields, HttpContext context, SavedMethodStore methods)
    {
        if (fields.Flag("is_default", required: true) == false)
        {
            fields.Refuse("is_default", "must be true: another method is made the default to take it from this one");
        }

        fields.RefuseOthers();
        if (fields.Errors.Count > 0)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var identity = AccountIdentity.Of(context);
        return identity.IsTest ? TestKey
            : WireText.IsStorable(id)
                && await methods.MakeDefaultAsync(identity.WalletAccountId, id, Caller.Of(context), context.RequestAborted) is { } method
            ? WireJson.Ok(PaymentMethodView.Of(method))
            : Unknown;
    }

    private static async Task<Results<NoContent, Problem>> ForgetAsync(string id, HttpContext context, SavedMethodStore methods)
    {
        var identity = AccountIdentity.Of(context);
        if (identity.IsTest)
        {
            return TestKey;
        }

        var status = WireText.IsStorable(id)
            ? await methods.ForgetAsync(identity.WalletAccountId, id, Caller.Of(context), context.RequestAborted)
            : ForgetStatus.Unknown;
        return status switch
        {
            ForgetStatus.Forgotten => TypedResults.NoContent(),
            ForgetStatus.Unknown => Unknown,
            ForgetStatus.Unavailable => Unavailable,
            _ => throw new InvalidOperationException($"Unknown status {status}."),
        };
    }

    private static Problem TestKey => Problem.Of(ErrorCode.Forbidden, "A test key has no payment methods: use a live key or a session.");

    private static Problem Unknown => Problem.Of(ErrorCode.NotFound, "The account has no such payment method.");

    private static Problem Unavailable => new()
    {
        Code = ErrorCode.PaymentsDisabled,
        Detail = "The payment provider can't be told now, and the method stays. Send the request again.",
        RetryAfter = s_soon,
    };
}
