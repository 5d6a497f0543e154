using System.Globalization;
using System.Text;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Orders;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.Dialects.Wren;

/// <summary>Reads <c>amountInUsdCents</c> from a JSON body or from a form.</summary>
internal static class WrenAmount
{
    private const string Name = "amountInUsdCents";
    private const string FormType = "application/x-www-form-urlencoded";
    private static readonly string Wanted = string.Create(
        CultureInfo.InvariantCulture,
        $"must be a whole number of cents from {PurchaseFlow.LeastTopUpCents} to {PurchaseFlow.MostTopUpCents}");

    public static async Task<(long Cents, Problem? Problem)> ReadAsync(HttpRequest request)
    {
        if (request.ContentType is { } type && type.StartsWith(FormType, StringComparison.OrdinalIgnoreCase))
        {
            return await RequestBody.ReadBytesAsync(request) is { } form
                ? OfForm(Encoding.UTF8.GetString(form))
                : (0, Problem.Of(ErrorCode.BodyTooLarge, $"The body may have at most {RequestBody.MaxBytes} bytes."));
        }

        // No body at all is the documented error for a missing amount, not one for a missing content type.
        var body = await RequestBody.ReadAsync(request, optional: true);
        if (body.Fields is not { } fields)
        {
            return (0, body.Problem);
        }

        var cents = fields.Whole(Name, PurchaseFlow.LeastTopUpCents, PurchaseFlow.MostTopUpCents, required: true);
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? (cents!.Value, null) : (0, Problem.InvalidRequest(fields.Errors));
    }

    private static (long Cents, Problem? Problem) OfForm(string form)
    {
        var values = QueryHelpers.ParseQuery(form).GetValueOrDefault(Name);
        return values.Count == 1
            && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var cents)
            && cents is >= PurchaseFlow.LeastTopUpCents and <= PurchaseFlow.MostTopUpCents
            ? (cents, null)
            : (0, Problem.InvalidRequest(new FieldError("#/" + Name, values.Count == 0 ? "is required" : Wanted)));
    }
}
