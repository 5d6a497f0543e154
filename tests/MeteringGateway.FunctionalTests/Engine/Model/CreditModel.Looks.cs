using MeteringGateway.Engine.Calls;

namespace MeteringGateway.FunctionalTests.Engine.Model;

internal sealed partial class CreditModel
{
    private static readonly ModelScope[] s_noScopes = [.. Enumerable.Repeat(new ModelScope(-1, 0, 0, 0), 4)];

    public long[] Clock(ScriptCaller caller, long now) => Guard(caller) ?? [1, Gen!.Value, now];

    public long[] SumHolds(ScriptCaller caller, ModelAccount account) =>
        Guard(caller)
        ?? (IsLoaded(account) ? [1, Gen!.Value, Balance(account.Id), Held(account.Id), Held(account.Id)] : [NotLoaded, Gen!.Value]);

    /// <summary>No secret and no surface: nothing is asked about them.</summary>
    public long[] Inspect(ScriptCaller caller, ModelKey key, long? secret, bool withKey, string? surface, long now)
    {
        var account = Accounts[key.Account];
        if (Guard(caller) is { } refused)
        {
            return refused;
        }

        if (!IsLoaded(account) || (withKey && !IsLoaded(key)))
        {
            return [NotLoaded, Gen!.Value];
        }

        var row = IsLoaded(key) ? key.Known : null;
        var code = secret is { } shown && row?.Admits(shown, now) != true ? ReserveStatus.InvalidKey
            : account.Known!.Status != "active" ? ReserveStatus.AccountSuspended
            : surface is not null && row?.Allows(surface) == false ? ReserveStatus.SurfaceNotAllowed
            : ReserveStatus.Reserved;
        return row is null
            ? Answer((long)code, account, s_noScopes, default, MonthInEffect(account, now), now)
            : Answer((long)code, key, now);
    }
}
