using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments.Sandbox;

namespace MeteringGateway.Dialects;

/// <summary>What a purchase may say in headers, in every dialect: <c>Idempotency-Key</c>, and what the sandbox is to do.</summary>
internal static class PurchaseHeaders
{
    public const string Replayed = "Idempotent-Replayed";

    public static (PurchaseTerms Terms, Problem? Problem) Read(IHeaderDictionary headers)
    {
        var errors = new List<FieldError>();
        var (key, wrongKey) = IdempotencyHeader.Read(headers);
        if (wrongKey is { } error)
        {
            errors.Add(error);
        }

        if (!SandboxMode.TryRead(headers, out var mode))
        {
            errors.Add(new FieldError("?" + SandboxMode.HeaderName, "must be " + string.Join(" or ", SandboxMode.All)));
        }

        return errors.Count == 0 ? (new PurchaseTerms(key, mode), null) : (default, Problem.InvalidRequest(errors));
    }
}
