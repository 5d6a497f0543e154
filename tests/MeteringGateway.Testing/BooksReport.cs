using System.Globalization;

namespace MeteringGateway.Testing;

/// <summary>What the checker found after a fault: one line of the table.</summary>
/// <param name="Requests">Calls that clients sent.</param>
/// <param name="Charged">Of these, charged in the ledger.</param>
/// <param name="Lost">Answered as charged and not in the ledger, or answered as free and charged, or money in without its entry.</param>
/// <param name="Forgotten">Answered as charged and forgotten by a Redis that may: in the customer's favour.</param>
/// <param name="Doubled">Charged more than once.</param>
/// <param name="Overspent">Balances or limits that were passed at some instant.</param>
/// <param name="Drift">Credits by which Redis and the ledger differ at rest.</param>
/// <param name="Uncollected">Answered whole and free of charge, because the hold had expired and the credits were gone.</param>
/// <param name="Problems">Everything that breaks a promise, in words.</param>
public sealed record BooksReport(
    string Fault, int Requests, int Charged, int Lost, int Forgotten, int Doubled, int Overspent, long Drift,
    int Uncollected, IReadOnlyList<string> Problems)
{
    public const string Head =
        "| fault | requests | charged | lost | forgotten | doubled | overspent | drift |\n|---|---|---|---|---|---|---|---|";

    public string Row => string.Create(
        CultureInfo.InvariantCulture, $"| {Fault} | {Requests} | {Charged} | {Lost} | {Forgotten} | {Doubled} | {Overspent} | {Drift} |");

    public override string ToString() => $"{Row}\n{string.Join('\n', Problems)}";
}
