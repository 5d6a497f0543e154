using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using Microsoft.Extensions.Options;

namespace MeteringGateway.WebConsole.Operation.Status;

/// <summary>Whether money is moving right: one look, and the two walks over the ledger.</summary>
internal static class StatusPages
{
    private const string Api = "/admin/status";

    public static void MapStatusPages(this RouteGroupBuilder operators)
    {
        operators.MapGet("", (HttpContext context, ConsoleApi api) => ShowAsync(context, api, null, null, null));
        operators.MapGet("/now", async (ConsoleApi api) =>
            (await api.GetAsync<StatusInfo>(Api)) is { IsOk: true } answer
                ? new ConsolePart<StatusNowView, StatusInfo>(answer.Value)
                : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        operators.MapPost("/verify", VerifyAsync);
        operators.MapPost("/reconcile", ReconcileAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext context, ConsoleApi api, VerificationInfo? verification, ReconciliationInfo? reconciliation, ApiProblem? problem)
    {
        var status = await api.GetAsync<StatusInfo>(Api);
        return new ConsolePage<StatusView, StatusModel>("Status", new StatusModel(status.Value, problem ?? status.Problem)
        {
            Verification = verification,
            Reconciliation = reconciliation,
            Dashboards = context.RequestServices.GetRequiredService<IOptions<ConsoleOptions>>().Value.Dashboards,
        })
        {
            Status = problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    /// <summary>A walk over all entries: seconds to minutes, and not cut as a page's reads are.</summary>
    private static async Task<IResult> VerifyAsync(HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<VerificationInfo>(HttpMethods.Get, "/admin/ledger/verify");
        return await ShowAsync(context, api, answer.Value, null, answer.Problem);
    }

    private static async Task<IResult> ReconcileAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<ReconciliationInfo>(
            HttpMethods.Post, "/admin/ledger/reconcile" + (form.Ticked("heal") ? "?heal=true" : ""));
        return await ShowAsync(context, api, null, answer.Value, answer.Problem);
    }
}
