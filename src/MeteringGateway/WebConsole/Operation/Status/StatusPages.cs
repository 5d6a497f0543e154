using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Operation.Status;

/// <summary>Whether money is moving right: one look, and the two walks over the books.</summary>
internal static class StatusPages
{
    public static void MapStatusPages(this RouteGroupBuilder operators)
    {
        operators.MapGet("", (ConsoleApi api) => ShowAsync(api, null, null, null));
        operators.MapPost("/verify", VerifyAsync);
        operators.MapPost("/reconcile", ReconcileAsync);
    }

    private static async Task<IResult> ShowAsync(
        ConsoleApi api, VerificationInfo? verification, ReconciliationInfo? reconciliation, ApiProblem? problem)
    {
        var readiness = await api.ReadinessAsync<ReadinessInfo>();
        return new ConsolePage<StatusView, StatusModel>("Status", new StatusModel(readiness, problem)
        {
            Verification = verification,
            Reconciliation = reconciliation,
        })
        {
            Status = problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    /// <summary>A walk over all entries: seconds to minutes, and not cut as a page's reads are.</summary>
    private static async Task<IResult> VerifyAsync(ConsoleApi api)
    {
        var answer = await api.SendAsync<VerificationInfo>(HttpMethods.Get, "/admin/ledger/verify");
        return await ShowAsync(api, answer.Value, null, answer.Problem);
    }

    private static async Task<IResult> ReconcileAsync(FormFields form, ConsoleApi api)
    {
        var answer = await api.SendAsync<ReconciliationInfo>(
            HttpMethods.Post, "/admin/ledger/reconcile" + (form.Ticked("heal") ? "?heal=true" : ""));
        return await ShowAsync(api, null, answer.Value, answer.Problem);
    }
}
