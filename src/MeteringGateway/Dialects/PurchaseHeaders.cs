using MeteringGateway.Http.Errors;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments.Sandbox;

namespace MeteringGateway.Dialects;

/// <summary>What a purchase may say in headers, in every dialect: <c>Idempotency-Key</c>, and what the sandbox is to do.</summary>
internal static class PurchaseHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Replayed = "Idempotent-Replayed";
    private const int MaxKey = 255;

    public static (PurchaseTerms Terms, Problem? Problem) Read(IHeaderDictionary headers)
    {
        var errors = new List<FieldError>();
        string? key = null;
        if (headers.TryGetValue(IdempotencyKey, out var keys))
        {
            key = keys.Count == 1 ? keys[0] : null;
            if (key is not { Length: >= 1 and <= MaxKey } || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                errors.Add(new FieldError("?" + IdempotencyKey, "must be one header of 1 to 255 visible ASCII characters"));
            }
        }

        if (!SandboxMode.TryRead(headers, out var mode))
        {
            errors.Add(new FieldError("?" + SandboxMode.HeaderName, "must be " + string.Join(" or ", SandboxMode.All)));
        }

        return errors.Count == 0 ? (new PurchaseTerms(key, mode), null) : (default, Problem.InvalidRequest(errors));
    }
}
