using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Edge;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Keys;

/// <summary>The account's keys: made, limited, rotated, revoked.</summary>
internal static class KeyPages
{
    public const string Path = "/console/keys";
    private const string Api = "/api/me/keys";

    public static void MapKeyPages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/keys", (HttpContext context, ConsoleApi api, SurfaceSource surfaces) =>
            ListAsync(context, api, surfaces, null, null));
        visitors.MapPost("/keys", CreateAsync);
        visitors.MapGet("/keys/{id:long}", (long id, ConsoleApi api, SurfaceSource surfaces) => ShowAsync(id, api, surfaces, null));
        visitors.MapPost("/keys/{id:long}", ChangeAsync);
        visitors.MapPost("/keys/{id:long}/rotate", RotateAsync);
        visitors.MapPost("/keys/{id:long}/revoke", RevokeAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ConsoleApi api, SurfaceSource surfaces, ApiProblem? problem, KeyForm? typed)
    {
        var offset = PagerModel.OffsetOf(context.Request);
        var answer = await api.GetAsync<KeyList>($"{Api}?limit={KeyList.PageRows}&offset={offset}");
        var model = new KeysModel(answer.Value?.Keys, surfaces.Current.Slugs, problem ?? answer.Problem, typed)
        {
            Pager = answer.Value is { } list ? new PagerModel(Path, KeyList.PageRows, offset, list.Keys.Count, list.Total) : null,
        };
        return new ConsolePage<KeysView, KeysModel>("API keys", model)
        {
            Status = (problem ?? answer.Problem)?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> ShowAsync(long id, ConsoleApi api, SurfaceSource surfaces, ApiProblem? problem)
    {
        var answer = await api.GetAsync<KeyInfo>($"{Api}/{id}");
        return !answer.IsOk
            ? answer.Problem.Status == StatusCodes.Status404NotFound ? MessagePage.NotFound("key") : MessagePage.Of(answer.Problem)
            : new ConsolePage<KeyDetailView, KeyModel>(answer.Value.Name, new KeyModel(answer.Value, surfaces.Current.Slugs, problem))
            {
                Status = problem?.Status ?? StatusCodes.Status200OK,
            };
    }

    private static async Task<IResult> CreateAsync(
        FormFields form, HttpContext context, ConsoleApi api, SurfaceSource surfaces, PublicUrl address)
    {
        var answer = await api.SendAsync<KeyInfo>(HttpMethods.Post, Api, KeyForm.NewKey(form));
        return answer.IsOk
            ? Made(answer.Value, "Your new key", surfaces, address)
            : await ListAsync(context, api, surfaces, answer.Problem, KeyForm.Of(form));
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
        return answer.IsOk ? SeeOther.Done(Path, "key-revoked") : await ShowAsync(id, api, surfaces, answer.Problem);
    }

    /// <summary>Shown in the form's own answer, this once: no address leads to a secret.</summary>
    private static ConsolePage<KeyMadeView, KeyMadeModel> Made(KeyInfo key, string title, SurfaceSource surfaces, PublicUrl address) =>
        new(title, KeyMadeModel.Of(key, address, surfaces.Current));
}
