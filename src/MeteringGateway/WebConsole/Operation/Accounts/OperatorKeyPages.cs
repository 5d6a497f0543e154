using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Edge;
using MeteringGateway.WebConsole.Account.Keys;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Operation.Accounts;

/// <summary>The keys of any account, by the operator's calls.</summary>
internal static class OperatorKeyPages
{
    private const string Path = "/console/operator/keys";
    private const string Api = "/admin/keys";

    public static void MapOperatorKeyPages(this RouteGroupBuilder operators)
    {
        operators.MapGet("/accounts/{id:long}/keys", (long id, HttpContext context, ConsoleApi api, SurfaceSource surfaces) =>
            ListAsync(id, context, api, surfaces, null, null));
        operators.MapPost("/accounts/{id:long}/keys", CreateAsync);
        operators.MapGet("/keys/{id:long}", (long id, ConsoleApi api, SurfaceSource surfaces) => ShowAsync(id, api, surfaces, null));
        operators.MapPost("/keys/{id:long}", ChangeAsync);
        operators.MapPost("/keys/{id:long}/rotate", RotateAsync);
        operators.MapPost("/keys/{id:long}/revoke", RevokeAsync);
    }

    private static async Task<IResult> ListAsync(
        long id, HttpContext context, ConsoleApi api, SurfaceSource surfaces, ApiProblem? problem, KeyForm? typed)
    {
        var offset = PagerModel.OffsetOf(context.Request);
        var list = $"{AccountsPages.Path}/{id}/keys";
        var answer = await api.GetAsync<KeyList>($"/admin/accounts/{id}/keys?limit={KeyList.PageRows}&offset={offset}");
        if (answer.Problem?.Status == StatusCodes.Status404NotFound)
        {
            return MessagePage.NotFound("account");
        }

        var model = new KeysModel(answer.Value?.Keys, surfaces.Current.Slugs, problem ?? answer.Problem, typed)
        {
            Link = Path,
            NewLink = list,
            Pager = answer.Value is { } found ? new PagerModel(list, KeyList.PageRows, offset, found.Keys.Count, found.Total) : null,
        };
        return new ConsolePage<KeysView, KeysModel>($"Keys of account {id}", model)
        {
            Status = model.Problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> ShowAsync(long id, ConsoleApi api, SurfaceSource surfaces, ApiProblem? problem)
    {
        var answer = await api.GetAsync<KeyInfo>($"{Api}/{id}");
        return !answer.IsOk
            ? answer.Problem.Status == StatusCodes.Status404NotFound ? MessagePage.NotFound("key") : MessagePage.Of(answer.Problem)
            : new ConsolePage<KeyDetailView, KeyModel>(
                answer.Value.Name, new KeyModel(answer.Value, surfaces.Current.Slugs, problem) { Link = Path })
            {
                Status = problem?.Status ?? StatusCodes.Status200OK,
            };
    }

    private static async Task<IResult> CreateAsync(
        long id, FormFields form, HttpContext context, ConsoleApi api, SurfaceSource surfaces, PublicUrl address)
    {
        var answer = await api.SendAsync<KeyInfo>(HttpMethods.Post, $"/admin/accounts/{id}/keys", KeyForm.NewKey(form));
        return answer.IsOk
            ? Made(answer.Value, "The new key", surfaces, address)
            : await ListAsync(id, context, api, surfaces, answer.Problem, KeyForm.Of(form));
    }

    private static async Task<IResult> ChangeAsync(long id, FormFields form, ConsoleApi api, SurfaceSource surfaces)
    {
        var answer = await api.SendAsync<KeyInfo>(HttpMethods.Patch, $"{Api}/{id}", KeyForm.Change(form));
        return answer.IsOk ? SeeOther.Done($"{Path}/{id}", "key-changed") : await ShowAsync(id, api, surfaces, answer.Problem);
    }

    private static async Task<IResult> RotateAsync(long id, FormFields form, ConsoleApi api, SurfaceSource surfaces, PublicUrl address)
    {
        var answer = await api.SendAsync<KeyInfo>(
            HttpMethods.Post, $"{Api}/{id}/rotate", new { overlap_seconds = form.Number("overlap_seconds") ?? 0 });
        return answer.IsOk
            ? Made(answer.Value, "The key's new secret", surfaces, address)
            : await ShowAsync(id, api, surfaces, answer.Problem);
    }

    private static async Task<IResult> RevokeAsync(long id, ConsoleApi api, SurfaceSource surfaces)
    {
        var answer = await api.SendAsync<Nothing>(HttpMethods.Delete, $"{Api}/{id}");
        return answer.IsOk ? SeeOther.Done($"{Path}/{id}", "key-revoked") : await ShowAsync(id, api, surfaces, answer.Problem);
    }

    private static ConsolePage<KeyMadeView, KeyMadeModel> Made(KeyInfo key, string title, SurfaceSource surfaces, PublicUrl address) =>
        new(title, KeyMadeModel.Of(key, address, surfaces.Current) with { Link = $"{AccountsPages.Path}/{key.AccountId}/keys" });
}
