using System.Globalization;
using System.Text.Json;

namespace MeteringGateway.Calls.Pricing.Usage;

/// <summary>
/// Finds the fields of <see cref="UsageRates"/> in one JSON document, token by token, so that the document may come in pieces.
/// </summary>
internal sealed class UsageWalk
{
    private readonly UsagePath[] _paths;

    /// <summary>By path: how many of its names the open objects stand for.</summary>
    private readonly int[] _matched;

    /// <summary>By path: whether the name that was read last is its next one.</summary>
    private readonly bool[] _named;

    private readonly bool _isEvent;
    private readonly decimal?[] _values;

    /// <summary>How many objects are open that a path leads into, the root among them. What lies beside them is not looked at.</summary>
    private int _open;

    public UsageWalk(UsageRates rates, bool isEvent)
    {
        _isEvent = isEvent;
        _paths = isEvent ? rates.EventPaths : rates.Paths;
        _matched = new int[_paths.Length];
        _named = new bool[_paths.Length];
        _values = new decimal?[rates.Fields.Length];
    }

    /// <summary>By field: its last value, none where it has none or is no number.</summary>
    public ReadOnlySpan<decimal?> Values => _values;

    /// <summary>Reads one document to its end. False: it is not one whole JSON document, and the values are to be forgotten.</summary>
    public bool TryRead(ReadOnlySpan<byte> json, int maxDepth)
    {
        Array.Clear(_values);
        Array.Clear(_matched);
        _open = 0;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                Take(ref reader);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>
    /// The next token of the document. An object that a path does not lead into has its tokens one level deeper than the open ones, which
    /// tells them apart.
    /// </summary>
    public void Take(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            if (_open > 0 && depth == _open - 1)
            {
                Leave();
            }
        }
        else if (depth != _open)
        {
            return;
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            Enter();
        }
        else if (_open > 0 && reader.TokenType == JsonTokenType.PropertyName)
        {
            Name(ref reader);
        }
        else if (_open > 0 && reader.TokenType != JsonTokenType.EndArray)
        {
            Set(reader.TokenType == JsonTokenType.Number ? Number(reader.ValueSpan) : null);
        }
    }

    private void Name(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < _paths.Length; i++)
        {
            _named[i] = _matched[i] == _open - 1 && JsonFields.TextEquals(ref reader, _paths[i].Names[_matched[i]]);
        }
    }

    private void Enter()
    {
        if (_open == 0)
        {
            _open = 1;
            return;
        }

        // Where a path ends, an object is no number.
        Set(null);
        var leads = false;
        for (var i = 0; i < _paths.Length; i++)
        {
            if (_named[i] && _matched[i] < _paths[i].Names.Length - 1)
            {
                _matched[i]++;
                leads = true;
            }

            _named[i] = false;
        }

        _open += leads ? 1 : 0;
    }

    private void Leave()
    {
        _open--;
        for (var i = 0; i < _paths.Length; i++)
        {
            if (_open > 0 && _matched[i] == _open)
            {
                _matched[i]--;
            }
        }
    }

    /// <summary>
    /// Of a name given twice the last counts, as with most parsers. In a stream only numbers do: what an event does not know it says as
    /// null.
    /// </summary>
    private void Set(decimal? value)
    {
        for (var i = 0; i < _paths.Length; i++)
        {
            if (_named[i] && _matched[i] == _paths[i].Names.Length - 1 && !(_isEvent && value is null))
            {
                _values[_paths[i].Field] = value;
            }
        }
    }

    /// <summary>
    /// What JSON calls a number and decimal can't hold is larger than any bound of ours; what is too small for it reads as 0.
    /// </summary>
    private static decimal Number(ReadOnlySpan<byte> text) =>
        text[0] == (byte)'-' ? 0
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : decimal.MaxValue;
}
