using System.Reflection;
using System.Text.Json;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.InnerCalls;
using MeteringGateway.Http.Requests;
using MeteringGateway.WebConsole.Frame.Visits;

namespace MeteringGateway.WebConsole.Frame.Inside;

/// <summary>
/// The gateway's own APIs, asked in the name of the visitor of one request. A page decides nothing and reads no table: what a visitor may
/// see and do, the APIs say. A parameter of a handler.
/// </summary>
internal sealed class ConsoleApi(HttpContext context) : IBindableFromHttpContext<ConsoleApi>
{
    static ValueTask<ConsoleApi?> IBindableFromHttpContext<ConsoleApi>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<ConsoleApi?>(new ConsoleApi(context));

    /// <summary>Reads within the console's bounds: few at once, and none for long.</summary>
    public Task<ApiAnswer<T>> GetAsync<T>(string target)
        where T : class =>
        GetAsync<T>(target, Vouched());

    private Task<ApiAnswer<T>> GetAsync<T>(string target, Vouched? vouched)
        where T : class =>
        context.RequestServices.GetRequiredService<ReadBound>().RunAsync(
            context.Features.Get<Visitor>()?.WalletId,
            async token => Read<T>(await SendAsync(new InnerCall(HttpMethods.Get, target) { Vouched = vouched }, token)),
            new ApiAnswer<T>(null, ApiProblem.Late),
            context.RequestAborted);

    /// <summary>
    /// Reads what an account's own APIs show to its customer, for an operator, who may open a session of any account. Reads alone: what an
    /// operator changes goes through the operator's calls and stands under the operator's name in the audit.
    /// </summary>
    public Task<ApiAnswer<T>> GetAsCustomerAsync<T>(long accountId, string target)
        where T : class
    {
        _ = context.Features.Get<OperatorVisitor>() ?? throw new InvalidOperationException("Only operators look at accounts of others.");
        var identity = new AccountIdentity(accountId, accountId, null, AccountIdentity.Session);
        return GetAsync<T>(target, new Vouched(new AuthenticationReply(AuthenticationStatus.Accepted, identity), null));
    }

    /// <summary>Changes something. It is not given up half-way: a form that is sent is done with to its end.</summary>
    /// <param name="method">Of HTTP.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="body">The call's fields; null: none.</param>
    /// <param name="once">The form's own key (<see cref="Forms.FormFields.Once"/>), where the call takes an <c>Idempotency-Key</c>.</param>
    public async Task<ApiAnswer<T>> SendAsync<T>(string method, string target, object? body = null, string? once = null)
        where T : class
    {
        var call = new InnerCall(method, target)
        {
            Vouched = Vouched(),
            Body = body is null ? default : JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options),
            Headers = once is null ? [] : [new("Idempotency-Key", once)],
            RunsToItsEnd = true,
        };
        return Read<T>(await SendAsync(call, CancellationToken.None));
    }

    private Task<InnerAnswer> SendAsync(InnerCall call, CancellationToken cancellationToken) =>
        context.RequestServices.GetRequiredService<InnerCalls>().SendAsync(call, context, cancellationToken);

    private static ApiAnswer<T> Read<T>(InnerAnswer answer)
        where T : class
    {
        if (!answer.IsSuccess)
        {
            return new ApiAnswer<T>(null, ApiProblem.Read(answer.Status, answer.Body));
        }

        return typeof(T) == typeof(Nothing)
            ? new ApiAnswer<T>((T)(object)new Nothing(), null)
            : new ApiAnswer<T>(JsonSerializer.Deserialize<T>(answer.Body.Span, WireJson.Options), null);
    }

    private Vouched? Vouched() =>
        context.Features.Get<OperatorVisitor>()?.Vouched() ?? context.Features.Get<Visitor>()?.Vouched();
}
