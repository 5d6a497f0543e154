using System.Collections.Immutable;

namespace MeteringGateway.Calls.Pricing.Usage;

/// <summary>
/// What the usage that a provider reports costs: each field at its own rate, added up exactly, rounded up once.
/// An answer that shows none of the fields costs the most: what was used is unknown, and a provider that says nothing must not make calls
/// free.
/// </summary>
/// <param name="Fields">At least one.</param>
/// <param name="Per">The rates are credits for so many.</param>
/// <param name="MinCredits">The least that an answer costs.</param>
/// <param name="MaxCredits">The most that it costs, and what is held.</param>
internal sealed record UsageRates(ImmutableArray<UsageField> Fields, long Per, long MinCredits, long MaxCredits)
{
    /// <summary>Answers are the provider's own affair, so far deeper nesting is read than requests may have.</summary>
    private const int MaxDepth = 1_000;

    /// <summary>In the JSON of an event, where providers put what a stream has used.</summary>
    private static readonly string[] s_eventRoots = ["message", "response"];

    /// <summary>Where the fields are looked for in a whole answer.</summary>
    internal UsagePath[] Paths { get; } = [.. Fields.Select((field, i) => new UsagePath(i, field.Path()))];

    /// <summary>The same in the JSON of an event: at the root, under <c>message</c> and under <c>response</c>.</summary>
    internal UsagePath[] EventPaths { get; } =
    [
        .. Fields.Select((field, i) => new UsagePath(i, field.Path())),
        .. s_eventRoots.SelectMany(root => Fields.Select((field, i) => new UsagePath(i, [root, .. field.Path()]))),
    ];

    public static UsageRates Of(string path, long creditsPerThousand, long maxCredits) =>
        new([new UsageField(path, creditsPerThousand)], 1000, 1, maxCredits);

    /// <summary>What a whole answer costs. An answer that is no JSON is passed as empty.</summary>
    public long Charge(ReadOnlySpan<byte> json)
    {
        var walk = new UsageWalk(this, isEvent: false);
        return walk.TryRead(json, MaxDepth) ? Credits(walk.Values) ?? MaxCredits : MaxCredits;
    }

    /// <summary>Reads an answer while it passes; one for each call, not for several threads at once.</summary>
    public UsageMeter Meter(AnswerShape shape) => new(this, shape);

    /// <summary>Null where no field has a value. A field that is missing beside others counts as 0.</summary>
    public long? Credits(ReadOnlySpan<decimal?> values)
    {
        var isShown = false;
        var sum = 0m;
        var most = (decimal)MaxCredits * Per;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is not { } value)
            {
                continue;
            }

            isShown = true;
            if (Fields[i].Rate == 0)
            {
                continue;
            }

            // Before the product is made, which may be larger than any number.
            if (value >= most / Fields[i].Rate)
            {
                return MaxCredits;
            }

            sum += value * Fields[i].Rate;
        }

        return !isShown ? null
            : sum >= most ? MaxCredits
            : Math.Clamp(RoundedUp(sum), MinCredits, MaxCredits);
    }

    /// <summary>The quotient may have been rounded; the product of it tells.</summary>
    private long RoundedUp(decimal sum)
    {
        var whole = decimal.Floor(sum / Per);
        return (long)(whole * Per < sum ? whole + 1 : whole);
    }
}
