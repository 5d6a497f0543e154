using System.Buffers.Binary;

namespace MeteringGateway.Engine.Scripts;

/// <summary>The fields of an account, in the format of state.lua, that C# needs. Pure.</summary>
/// <param name="Epoch">Under which it was loaded.</param>
/// <param name="Balance">In credits.</param>
internal readonly record struct PackedAccount(long Epoch, long Balance)
{
    /// <summary>The number of the format in meta.lua.</summary>
    public const byte Format = 1;

    /// <summary>The format's number, then nine doubles: epoch, balance, held, active, version, and the budget's four.</summary>
    private const int Length = 1 + (9 * sizeof(double));

    /// <summary>False: the bytes are no account, or of a format that only another version of the gateway knows.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packed, out PackedAccount account)
    {
        account = default;
        if (packed.Length != Length || packed[0] != Format)
        {
            return false;
        }

        account = new PackedAccount(Number(packed, 0), Number(packed, 1));
        return true;
    }

    private static long Number(ReadOnlySpan<byte> packed, int index) =>
        (long)BinaryPrimitives.ReadDoubleLittleEndian(packed[(1 + (index * sizeof(double)))..]);
}
