using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>One partition's part in a script of many, and how parts are put together as such a script reads them. Immutable.</summary>
/// <param name="Partition">Whose part it is.</param>
/// <param name="Epoch">The only epoch under which the part may run.</param>
/// <param name="Keys">Its head, and whatever else the script has of each partition.</param>
/// <param name="Values">What follows the epoch and the high-water mark.</param>
internal sealed record ScriptPart(int Partition, long Epoch, RedisKey[] Keys, RedisValue[] Values)
{
    /// <summary>What differs in number from part to part, such as accounts.</summary>
    public IReadOnlyList<RedisKey> States { get; init; } = [];

    /// <summary>What is said of <see cref="States"/>.</summary>
    public IReadOnlyList<RedisValue> StateValues { get; init; } = [];

    /// <summary>The first key of each part, the second of each, and so on, then the states of each.</summary>
    public static RedisKey[] KeysOf(IReadOnlyList<ScriptPart> parts)
    {
        var keys = new List<RedisKey>();
        for (var place = 0; place < parts[0].Keys.Length; place++)
        {
            keys.AddRange(parts.Select(part => part.Keys[place]));
        }

        keys.AddRange(parts.SelectMany(part => part.States));
        return [.. keys];
    }

    /// <summary>
    /// How many parts; for each the epoch, the high-water mark and its values; then what is said of the states of each.
    /// </summary>
    public static RedisValue[] ValuesOf(IReadOnlyList<ScriptPart> parts, Func<int, long> writeSequence)
    {
        var values = new List<RedisValue> { parts.Count };
        foreach (var part in parts)
        {
            values.Add(part.Epoch);
            values.Add(writeSequence(part.Partition));
            values.AddRange(part.Values);
        }

        values.AddRange(parts.SelectMany(part => part.StateValues));
        return [.. values];
    }
}
