using MeteringGateway.Accounts.Keys;

namespace MeteringGateway.Cli.Declarations;

/// <summary>What a file says of one key. Only the fields in <paramref name="Given"/> are managed; the others stay as they are.</summary>
/// <param name="Pointer">Where in the file it stands.</param>
/// <param name="Wanted">As a key that is made new would be.</param>
/// <param name="Given">Names of the fields, with <c>limits</c> for any way to write them.</param>
internal sealed record DeclaredKey(string Pointer, KeyRow Wanted, IReadOnlySet<string> Given);

/// <summary>What a file says of one account, which is named by its number or its email.</summary>
internal sealed record DeclaredAccount(
    string Pointer, long? Id, string? Email, long? MonthlyBudget, long? LowBalanceMark, IReadOnlySet<string> Given,
    IReadOnlyList<DeclaredKey> Keys)
{
    public string Name => Email ?? $"account {Id}";
}
