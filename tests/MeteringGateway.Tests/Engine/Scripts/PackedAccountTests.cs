using System.Buffers.Binary;
using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Tests.Engine.Scripts;

public sealed class PackedAccountTests
{
    [Fact]
    public void Account_AsTheScriptsPackIt_HasItsEpochAndBalance()
    {
        Assert.True(PackedAccount.TryParse(Packed(1, 17, 1_000_000_000_000_000, 5, 1, 3, -1, 24_322, 9, 5), out var account));
        Assert.Equal(new PackedAccount(17, 1_000_000_000_000_000), account);
    }

    [Fact]
    public void Bytes_OfAnotherFormatOrLength_AreNoAccount()
    {
        var packed = Packed(1, 17, 100, 0, 1, 3, -1, 0, 0, 0);
        Assert.False(PackedAccount.TryParse(Packed(2, 17, 100, 0, 1, 3, -1, 0, 0, 0), out _));
        Assert.False(PackedAccount.TryParse(packed.AsSpan(..^1), out _));
        Assert.False(PackedAccount.TryParse([.. packed, 0], out _));
        Assert.False(PackedAccount.TryParse([], out _));
    }

    private static byte[] Packed(byte format, params double[] numbers)
    {
        var packed = new byte[1 + (8 * numbers.Length)];
        packed[0] = format;
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(packed.AsSpan(1 + (8 * i)), numbers[i]);
        }

        return packed;
    }
}
