using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Loading;

internal enum ConfigureStatus
{
    /// <summary>Redis has this version of the row, or a newer one.</summary>
    Configured = 1,
}

/// <summary>What configure-account-2.lua and configure-key-2.lua answer.</summary>
internal readonly record struct ConfigureAnswer(ConfigureStatus Status) : IScriptAnswer<ConfigureAnswer>
{
    public static readonly GuardedScript<ConfigureAnswer> Account = new("configure-account-2");

    public static readonly GuardedScript<ConfigureAnswer> Key = new("configure-key-2");

    public static int Length => 2;

    public static ConfigureAnswer Of(long[] values) => new((ConfigureStatus)values[0]);
}
