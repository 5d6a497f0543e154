namespace MeteringGateway.Engine.Upkeep;

/// <summary>
/// Told of each hold that this gateway has given back past its deadline: its call was not charged, and the gateway that served it is gone.
/// Must neither block nor fail.
/// </summary>
internal delegate void HoldExpired(string requestId, long accountId, long credits);
