namespace MeteringGateway.Calls.Pricing.Usage;

/// <summary>Bytes that are collected up to a bound. Beyond it only their beginning is kept, and that they were more.</summary>
internal sealed class BoundedBytes(int most)
{
    /// <summary>Enough to tell what was begun.</summary>
    private const int Beginning = 16;

    /// <summary>What is kept for the next use; thousands of streams may run at once.</summary>
    private const int Kept = 16 * 1024;

    private byte[] _bytes = [];
    private int _length;

    public bool IsOver { get; private set; }

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Add(ReadOnlySpan<byte> more)
    {
        if (IsOver)
        {
            return;
        }

        if (more.Length > most - _length)
        {
            Overflow(more);
            return;
        }

        if (_length + more.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(most, Math.Max(_length + more.Length, _bytes.Length * 2)));
        }

        more.CopyTo(_bytes.AsSpan(_length));
        _length += more.Length;
    }

    /// <summary>It is known to be too much already.</summary>
    public void Spoil() => Overflow(default);

    public void Clear()
    {
        (_length, IsOver) = (0, false);
        if (_bytes.Length > Kept)
        {
            _bytes = [];
        }
    }

    private void Overflow(ReadOnlySpan<byte> more)
    {
        byte[] beginning = [.. Written[..Math.Min(_length, Beginning)], .. more[..Math.Min(more.Length, Beginning)]];
        _bytes = beginning[..Math.Min(beginning.Length, Beginning)];
        (_length, IsOver) = (_bytes.Length, true);
    }
}
