using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeteringGateway.Load.Measuring;

/// <summary>
/// A connection to Redis for the few commands that are asked here. Not the product's client, which hides MONITOR and would spend threads
/// beside what is measured. One caller at a time.
/// </summary>
internal sealed class RedisProbe : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    public RedisProbe(int port)
    {
        _client.Connect(IPAddress.Loopback, port);
        _stream = _client.GetStream();
        // Each byte is one character, so that a length in bytes is one in characters.
        _reader = new StreamReader(_stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16);
    }

    /// <summary>A text, a number, a list of them, or null.</summary>
    public object? Ask(params string[] command)
    {
        var packed = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var word in command)
        {
            packed.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        }

        _stream.Write(Encoding.Latin1.GetBytes(packed.ToString()));
        return Read();
    }

    public long Number(params string[] command) => Ask(command) is long number ? number : 0;

    public RedisInfo Info() => RedisInfo.Parse((string)Ask("INFO", "everything")!);

    /// <summary>always or everysec, from the next command on.</summary>
    public void SetFsync(string policy) => Ask("CONFIG", "SET", "appendfsync", policy);

    /// <summary>Some of the keys, no more than asked for.</summary>
    public IEnumerable<string> Scan(int most)
    {
        var (cursor, found) = ("0", 0);
        do
        {
            var page = (object?[])Ask("SCAN", cursor, "COUNT", "1000")!;
            cursor = (string)page[0]!;
            foreach (var key in ((object?[])page[1]!).Cast<string>().Take(most - found))
            {
                found++;
                yield return key;
            }
        }
        while (cursor != "0" && found < most);
    }

    /// <summary>Counts what Redis runs until the time is up or that many commands have been seen.</summary>
    public MonitorLines Monitor(TimeSpan atMost, long mostLines)
    {
        Ask("MONITOR");
        var (lines, end) = (new MonitorLines(), Environment.TickCount64 + (long)atMost.TotalMilliseconds);
        _client.ReceiveTimeout = (int)atMost.TotalMilliseconds;
        try
        {
            while (Environment.TickCount64 < end && lines.FromOutside + lines.InScripts < mostLines && _reader.ReadLine() is { } line)
            {
                lines.Count(line);
            }
        }
        catch (IOException)
        {
            // Nothing more came in that time.
        }

        return lines;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }

    private object? Read()
    {
        var line = _reader.ReadLine() ?? throw new IOException("Redis closed the connection.");
        switch (line[0])
        {
            case '+':
                return line[1..];
            case ':':
                return long.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            case '-':
                throw new InvalidOperationException("Redis says: " + line[1..]);
            case '$':
                var length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                return length < 0 ? null : Text(length);
            case '*':
                var count = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                return count < 0 ? null : Enumerable.Range(0, count).Select(_ => Read()).ToArray();
            default:
                throw new IOException("Redis answered with neither text, number nor list: " + line);
        }
    }

    private string Text(int length)
    {
        var text = new char[length + 2];
        for (var read = 0; read < text.Length;)
        {
            var more = _reader.Read(text, read, text.Length - read);
            read += more > 0 ? more : throw new IOException("Redis closed the connection.");
        }

        return new string(text, 0, length);
    }
}
