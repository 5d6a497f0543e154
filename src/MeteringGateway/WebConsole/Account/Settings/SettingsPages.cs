using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Account.Settings;

/// <param name="Problem">What was wrong with the form.</param>
public sealed record SettingsModel(ApiProblem? Problem);

/// <summary>Who the visitor is, and the password.</summary>
internal static class SettingsPages
{
    public static void MapSettingsPages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/settings", () => Page(null));
        visitors.MapPost("/settings/password", ChangePasswordAsync);
    }

    private static async Task<IResult> ChangePasswordAsync(FormFields form, ConsoleApi api)
    {
        var answer = await api.SendAsync<Nothing>(HttpMethods.Post, "/api/auth/password", new
        {
            current_password = form.Raw("current_password") is { Length: > 0 } current ? current : null,
            new_password = form.Raw("new_password"),
        });
        return answer.IsOk ? SeeOther.Done("/console/settings", "password") : Page(answer.Problem);
    }

    private static ConsolePage<SettingsView, SettingsModel> Page(ApiProblem? problem) =>
        new("Settings", new SettingsModel(problem)) { Status = problem?.Status ?? StatusCodes.Status200OK };
}
