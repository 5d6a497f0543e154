namespace MeteringGateway.Calls.Pricing.Usage;

internal delegate void EventRead(ReadOnlySpan<byte> data);

/// <summary>
/// Cuts an event stream (WHATWG HTML, 9.2) into the data of its events. An event of more than <see cref="LineCutter.LongestLine"/> is
/// passed over without being kept.
/// </summary>
internal sealed class EventCutter
{
    private readonly LineCutter _lines;
    private readonly BoundedBytes _data = new(LineCutter.LongestLine);
    private readonly EventRead _read;
    private bool _hasData;

    public EventCutter(EventRead read)
    {
        _read = read;
        _lines = new LineCutter(isCrAnEnd: true, Take);
    }

    public void Read(ReadOnlySpan<byte> bytes) => _lines.Read(bytes);

    /// <summary>An event that no blank line ended is handed on, too: a browser would drop it, but what it says was sent.</summary>
    public void End()
    {
        _lines.End();
        Dispatch();
    }

    private void Take(ReadOnlySpan<byte> line, bool isCut)
    {
        if (line.IsEmpty)
        {
            Dispatch();
            return;
        }

        // Comments begin with a colon; the other fields say nothing of usage.
        if (!line.StartsWith("data"u8) || (line.Length > 4 && line[4] != (byte)':'))
        {
            return;
        }

        var value = line.Length > 4 ? line[5..] : default;
        Add(value.StartsWith(" "u8) ? value[1..] : value, isCut);
    }

    private void Add(ReadOnlySpan<byte> value, bool isCut)
    {
        if (isCut)
        {
            _data.Spoil();
        }

        if (_hasData)
        {
            _data.Add("\n"u8);
        }

        _data.Add(value);
        _hasData = true;
    }

    private void Dispatch()
    {
        if (_hasData && !_data.IsOver)
        {
            _read(_data.Written);
        }

        _data.Clear();
        _hasData = false;
    }
}
