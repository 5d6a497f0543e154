namespace MeteringGateway.Calls.Pricing.Usage;

internal delegate void EventRead(ReadOnlySpan<byte> data);

/// <summary>
/// Cuts an event stream (WHATWG HTML, 9.2) into the data of its events. Of an event whose data is longer than
/// <see cref="LineCutter.LongestLine"/> the data goes out in parts.
/// </summary>
/// <param name="read">Gets the data of each event.</param>
/// <param name="readLong">Gets the data of an event in parts that is longer than what is kept.</param>
internal sealed class EventCutter(EventRead read, LongLineRead readLong)
{
    private const string Field = "data";

    private LineCutter? _lines;
    private byte[] _data = [];
    private int _length;
    private bool _hasData;

    /// <summary>The data of the event goes out in parts.</summary>
    private bool _isLong;

    /// <summary>The line that comes in parts is data.</summary>
    private bool _isData;

    private LineCutter Lines => _lines ??= new LineCutter(isCrAnEnd: true, Take, TakeLong);

    public void Read(ReadOnlySpan<byte> bytes) => Lines.Read(bytes);

    /// <summary>An event that no blank line ended is handed on, too: a browser would drop it, but what it says was sent.</summary>
    public void End()
    {
        Lines.End();
        Dispatch();
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            Dispatch();
        }
        else if (IsData(line))
        {
            AddLine(Value(line));
        }
    }

    private void TakeLong(ReadOnlySpan<byte> part, bool isFirst, bool isLast)
    {
        if (isFirst)
        {
            _isData = IsData(part);
            if (_isData)
            {
                AddLine(Value(part));
            }
        }
        else if (_isData)
        {
            Add(part);
        }
    }

    /// <summary>Comments begin with a colon; the other fields say nothing of usage.</summary>
    private static bool IsData(ReadOnlySpan<byte> line) =>
        line.StartsWith("data"u8) && (line.Length == Field.Length || line[Field.Length] == (byte)':');

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line)
    {
        var value = line.Length > Field.Length ? line[(Field.Length + 1)..] : default;
        return value.StartsWith(" "u8) ? value[1..] : value;
    }

    private void AddLine(ReadOnlySpan<byte> value)
    {
        if (_hasData)
        {
            Add("\n"u8);
        }

        _hasData = true;
        Add(value);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (!_isLong && _length + bytes.Length > LineCutter.LongestLine)
        {
            readLong(_data.AsSpan(0, _length), isFirst: true, isLast: false);
            (_isLong, _length) = (true, 0);
        }

        if (_isLong)
        {
            readLong(bytes, isFirst: false, isLast: false);
            return;
        }

        if (_length + bytes.Length > _data.Length)
        {
            Array.Resize(ref _data, Math.Min(LineCutter.LongestLine, Math.Max(_length + bytes.Length, _data.Length * 2)));
        }

        bytes.CopyTo(_data.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Dispatch()
    {
        if (_isLong)
        {
            readLong(default, isFirst: false, isLast: true);
        }
        else if (_hasData)
        {
            read(_data.AsSpan(0, _length));
        }

        (_length, _hasData, _isLong) = (0, false, false);
        _data = _data.Length > LineCutter.Kept ? [] : _data;
    }
}
