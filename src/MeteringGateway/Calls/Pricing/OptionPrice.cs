using System.Collections.Frozen;
using System.Globalization;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Pricing;

/// <summary>The request says how many it wants and of which kind.</summary>
/// <param name="Per">The request field with the number of units; null: always one.</param>
/// <param name="By">The request field whose value picks the price; null: there is one price, under the empty name.</param>
/// <param name="Credits">Price of one unit by value of <paramref name="By"/>.</param>
internal sealed record OptionPrice(string? Per, string? By, FrozenDictionary<string, long> Credits) : Price
{
    public override bool ReadsRequest => true;

    public override Quote Quote(ReadOnlySpan<byte> body)
    {
        var choice = RequestChoice.Read(body, Per, By, Credits.Keys);
        return choice.Error is { } error ? new Quote(0, null, error) : Multiply(choice.Count, choice.Option);
    }

    private Quote Multiply(long? count, string option)
    {
        var price = Credits[option];
        var most = Ceiling / price;
        return count is { } units && units >= 1 && units <= most
            ? new Quote(units * price, Detail(units, option), null)
            : new Quote(0, null, new FieldError(
                JsonFields.Pointer(Per!), string.Create(CultureInfo.InvariantCulture, $"must be a whole number from 1 to {most}")));
    }

    private string Detail(long units, string option) => (Per, By) switch
    {
        (null, _) => $"{By}={option}",
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"{Per}={units}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Per}={units}, {By}={option}"),
    };
}
