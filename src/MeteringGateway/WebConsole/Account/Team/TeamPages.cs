using MeteringGateway.Accounts.People;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Visits;

namespace MeteringGateway.WebConsole.Account.Team;

/// <summary>The visitor's teams, whose wallet the pages show, and the members of the team that is open.</summary>
internal static class TeamPages
{
    private const string Path = "/console/team";
    private const string Teams = "/api/me/teams";

    public static void MapTeamPages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/team", (HttpContext context, ConsoleApi api) => ShowAsync(context, api, null));
        visitors.MapPost("/team", CreateAsync);
        visitors.MapPost("/team/open", OpenAsync);
        visitors.MapPost("/team/invite", InviteAsync);
        visitors.MapPost("/team/withdraw", WithdrawAsync);
        visitors.MapPost("/team/members/change", ChangeMemberAsync);
        visitors.MapPost("/team/members/remove", RemoveMemberAsync);
        visitors.MapPost("/team/accept", (FormFields form, HttpContext context, ConsoleApi api) =>
            AnswerAsync("accept", "joined", form, context, api));
        visitors.MapPost("/team/decline", (FormFields form, HttpContext context, ConsoleApi api) =>
            AnswerAsync("decline", "declined", form, context, api));
    }

    private static async Task<IResult> ShowAsync(HttpContext context, ConsoleApi api, ApiProblem? problem)
    {
        var visitor = context.Features.Get<Visitor>()!;
        var teams = await api.GetAsync<TeamList>(Teams);
        var invitations = await api.GetAsync<InvitationList>("/api/me/invitations");
        var model = new TeamModel(teams.Value?.Teams, problem ?? teams.Problem)
        {
            Invitations = invitations.Value?.Invitations ?? [],
            Members = visitor.IsForTeam
                ? (await api.GetAsync<MemberList>($"{Teams}/{visitor.WalletId}/members")).Value?.Members
                : null,
            Sent = visitor.IsForTeam
                ? (await api.GetAsync<SentList>($"{Teams}/{visitor.WalletId}/invitations")).Value?.Invitations
                : null,
        };
        return new ConsolePage<TeamView, TeamModel>("Team", model) { Status = model.Problem?.Status ?? StatusCodes.Status200OK };
    }

    private static async Task<IResult> CreateAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<TeamInfo>(HttpMethods.Post, Teams, new { full_name = form.Text("full_name") });
        return answer.IsOk ? SeeOther.Done(Path, "team-made") : await ShowAsync(context, api, answer.Problem);
    }

    /// <summary>The pages show the wallet of a team from now on, or the visitor's own again.</summary>
    private static async Task<IResult> OpenAsync(FormFields form, HttpContext context, SessionStore sessions)
    {
        var visitor = context.Features.Get<Visitor>()!;
        var wallet = form.Number("account_id") is long id ? id : visitor.PersonId;
        return await sessions.TurnAsync(visitor.Session, visitor.PersonId, wallet, CancellationToken.None)
            ? SeeOther.To(ConsolePaths.Customers)
            : MessagePage.NotFound("team of yours");
    }

    private static async Task<IResult> InviteAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<Nothing>(
            HttpMethods.Post, $"{Open(context)}/members", new { email = form.Text("email"), role = form.Text("role") });
        return answer.IsOk ? SeeOther.Done(Path, "invited") : await ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> WithdrawAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<Nothing>(HttpMethods.Delete, $"{Open(context)}/invitations/{Id(form, "id")}");
        return answer.IsOk ? SeeOther.Done(Path, "invitation-withdrawn") : await ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> ChangeMemberAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<MemberInfo>(
            HttpMethods.Patch, $"{Open(context)}/members/{Id(form, "account_id")}",
            new { role = form.Text("role"), key_limit = form.Number("key_limit") });
        return answer.IsOk ? SeeOther.Done(Path, "member-changed") : await ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> RemoveMemberAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<Nothing>(HttpMethods.Delete, $"{Open(context)}/members/{Id(form, "account_id")}");
        return answer.IsOk ? SeeOther.Done(Path, "member-removed") : await ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> AnswerAsync(string answerWith, string done, FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<Nothing>(HttpMethods.Post, $"/api/me/invitations/{Id(form, "id")}/{answerWith}");
        return answer.IsOk ? SeeOther.Done(Path, done) : await ShowAsync(context, api, answer.Problem);
    }

    private static string Open(HttpContext context) => $"{Teams}/{context.Features.Get<Visitor>()!.WalletId}";

    private static string Id(FormFields form, string name) => Uri.EscapeDataString(form.Text(name) ?? "-");
}
