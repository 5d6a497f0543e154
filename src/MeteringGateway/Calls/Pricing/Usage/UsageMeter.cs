namespace MeteringGateway.Calls.Pricing.Usage;

/// <summary>
/// Reads an answer while it passes, in pieces that may be cut anywhere, and knows at each moment what it costs by what it has shown.
/// One for each call, not for several threads at once. Its memory is bounded whatever the answer is: see <see cref="LineCutter"/> and
/// <see cref="JsonPieces"/>.
/// </summary>
internal sealed class UsageMeter
{
    /// <summary>As deep as an answer that is held may be.</summary>
    public const int MaxDepth = 512;

    private readonly UsageRates? _rates;
    private readonly UsageWalk? _walk;
    private readonly decimal?[] _last;
    private readonly EventCutter? _events;
    private readonly LineCutter? _lines;
    private readonly JsonPieces? _json;
    private LongDocument? _long;

    /// <param name="rates">None: nothing is charged by what it shows, and <see cref="Credits"/> stays null.</param>
    /// <param name="shape">What one document in it is.</param>
    public UsageMeter(UsageRates? rates, AnswerShape shape)
    {
        _rates = rates;
        _walk = rates is null ? null : new UsageWalk(rates, isEvent: shape != AnswerShape.Json);
        _last = new decimal?[rates?.Fields.Length ?? 0];
        _json = shape == AnswerShape.Json ? new JsonPieces(_walk, MaxDepth) : null;
        _events = _walk is not null && shape == AnswerShape.EventStream ? new EventCutter(Take, TakeLong) : null;
        _lines = _walk is not null && shape == AnswerShape.JsonLines ? new LineCutter(isCrAnEnd: false, Take, TakeLong) : null;
    }

    /// <summary>What the usage shown so far costs; null: none was shown yet. Of each field its last value counts.</summary>
    public long? Credits => _rates?.Credits(_json is null ? _last : _walk!.Values);

    /// <summary>It was to be one JSON document and turned out to be none. Known for certain only after <see cref="End"/>.</summary>
    public bool IsDamaged => _json is { IsDamaged: true };

    /// <summary>For one JSON document without a price by usage: it only tells whether it is one.</summary>
    public static UsageMeter JsonCheck() => new(null, AnswerShape.Json);

    public void Read(ReadOnlySpan<byte> bytes)
    {
        _events?.Read(bytes);
        _lines?.Read(bytes);
        _json?.Read(bytes);
    }

    /// <summary>The answer has ended. An event or a line that nothing ended counts if it is whole JSON.</summary>
    public void End()
    {
        _events?.End();
        _lines?.End();
        _json?.End();
    }

    /// <summary>The JSON of one event. What is none (<c>[DONE]</c>, a cut one) has shown nothing.</summary>
    private void Take(ReadOnlySpan<byte> json)
    {
        if (!_walk!.TryRead(json, MaxDepth))
        {
            return;
        }

        Keep(_walk.Values);
    }

    private void TakeLong(ReadOnlySpan<byte> part, bool isFirst, bool isLast)
    {
        _long = isFirst ? new LongDocument(_rates!) : _long;
        _long!.Read(part);
        if (isLast)
        {
            if (_long.End())
            {
                Keep(_long.Values);
            }

            _long = null;
        }
    }

    private void Keep(ReadOnlySpan<decimal?> values)
    {
        for (var i = 0; i < _last.Length; i++)
        {
            _last[i] = values[i] ?? _last[i];
        }
    }
}
