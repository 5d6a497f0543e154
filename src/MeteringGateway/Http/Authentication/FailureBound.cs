using MeteringGateway.Http.Bounds;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// How often one address may come with a credential that is none. Beyond that it is refused before anything is looked up, but not with a
/// credential that is known to be good: many people may share one address. Any number of callers at once.
/// </summary>
internal sealed class FailureBound(IOptions<ClientOptions> options, KeyDirectory keys, OperatorToken operators, TimeProvider time)
{
    /// <summary>About 150 bytes each.</summary>
    private const int Capacity = 50_000;
    private readonly AttemptThrottle _failures = new(options.Value.MaxFailures, options.Value.FailureWindow, Capacity, time);
    private readonly GenerationCache<bool> _good = new(Capacity);
    private long _quietAt = long.MinValue;

    /// <summary>Nobody has failed for a window: the way of every call in a gateway that is left alone.</summary>
    public bool IsQuiet => time.GetUtcNow().UtcTicks >= Volatile.Read(ref _quietAt);

    /// <summary>Null: go on; else how long to wait.</summary>
    public TimeSpan? Refuse(HttpContext context) =>
        _failures.Look(ClientAddress.Subject(context.Connection.RemoteIpAddress)) is { } wait && !IsGood(context) ? wait : null;

    /// <summary>The request is answered 401. Without any credential it was no attempt at one.</summary>
    public void Failed(HttpContext context)
    {
        if (!CredentialHeaders.AreIn(context.Request.Headers))
        {
            return;
        }

        Volatile.Write(ref _quietAt, (time.GetUtcNow() + options.Value.FailureWindow).UtcTicks);
        _failures.Take(ClientAddress.Subject(context.Connection.RemoteIpAddress));
        _good.Remove(HashOf(context));
    }

    /// <summary>The request's credential was accepted.</summary>
    public void Succeeded(HttpContext context) => _good.Set(HashOf(context), true);

    /// <summary>As far as memory tells: a key or session that nobody has used here before waits.</summary>
    private bool IsGood(HttpContext context)
    {
        var credential = Credential.ReadAny(context.Request.Headers);
        return credential.Status == CredentialStatus.Present
            && ((ApiKeySecret.TryParse(credential.Value, out var secret) && keys.Remembers(secret))
                || operators.Matches(credential.Value) || _good.TryGet(HashOf(context), out _));
    }

    /// <summary>Whatever headers it came in; what is kept in memory is a hash.</summary>
    private static SecretHash HashOf(HttpContext context)
    {
        var headers = context.Request.Headers;
        return SecretHash.OfText(string.Join('\n', CredentialHeaders.Names.Select(name => headers[name].ToString())));
    }
}
