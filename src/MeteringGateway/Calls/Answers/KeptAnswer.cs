using System.Runtime.InteropServices;
using System.Text;
using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Calls.Answers;

/// <summary>
/// What is kept of the first answer to an idempotency key, so that a repeat gets the same bytes: all but the charge and the balance, which
/// the key's record has.
/// </summary>
/// <param name="Answer">Its body is empty where <paramref name="HasBody"/> is false.</param>
/// <param name="HasBody">False: too large to be kept, or it went out as it came.</param>
internal sealed record KeptAnswer(ProviderAnswer Answer, IReadOnlyList<AttemptReport> Attempts, bool HasBody)
{
    /// <summary>An answer of another format, which another version of the gateway has kept, is one that was not kept.</summary>
    private const byte Format = 1;

    /// <summary>No answer has more headers, and no chain more providers; what says so is damaged.</summary>
    private const int MostItems = 256;

    /// <summary>Memory of its own, with one copy of the body.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var bytes = new MemoryStream(Answer.Body.Length + 512);
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Format);
            writer.Write(Answer.Provider);
            writer.Write(Answer.Status);
            writer.Write(Answer.IsJson);
            writer.Write(HasBody);
            writer.Write7BitEncodedInt(Answer.Headers.Count);
            foreach (var (name, value) in Answer.Headers)
            {
                writer.Write(name);
                writer.Write(value);
            }

            writer.Write7BitEncodedInt(Attempts.Count);
            foreach (var attempt in Attempts)
            {
                writer.Write(attempt.Provider);
                writer.Write((byte)attempt.Outcome);
                writer.Write(attempt.Status ?? 0);
                writer.Write(attempt.Duration.Ticks);
            }

            writer.Write(Answer.Body.Span);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    /// <summary>Null: not of this format, or damaged.</summary>
    public static KeptAnswer? Read(ReadOnlyMemory<byte> kept)
    {
        try
        {
            var array = MemoryMarshal.TryGetArray(kept, out var whole) ? whole : kept.ToArray();
            using var bytes = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
            using var reader = new BinaryReader(bytes, Encoding.UTF8);
            if (reader.ReadByte() != Format)
            {
                return null;
            }

            var (provider, status, isJson, hasBody) = (reader.ReadString(), reader.ReadInt32(), reader.ReadBoolean(), reader.ReadBoolean());
            var headers = new KeyValuePair<string, string>[Math.Clamp(reader.Read7BitEncodedInt(), 0, MostItems)];
            for (var i = 0; i < headers.Length; i++)
            {
                headers[i] = new(reader.ReadString(), reader.ReadString());
            }

            var attempts = new AttemptReport[Math.Clamp(reader.Read7BitEncodedInt(), 0, MostItems)];
            for (var i = 0; i < attempts.Length; i++)
            {
                var (name, outcome, answered) = (reader.ReadString(), (AttemptOutcome)reader.ReadByte(), reader.ReadInt32());
                attempts[i] = new AttemptReport(name, outcome, answered == 0 ? null : answered, new TimeSpan(reader.ReadInt64()));
            }

            var answer = new ProviderAnswer
            {
                Provider = provider,
                Status = status,
                IsJson = isJson,
                Headers = headers,
                Body = kept[(int)bytes.Position..],
            };
            return new KeptAnswer(answer, attempts, hasBody);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or OverflowException)
        {
            return null;
        }
    }
}
