using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Edge;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Account.Keys;

/// <summary>The account's keys: made, limited, rotated, revoked.</summary>
internal static class KeyPages
{
    public const string Path = "/console/keys";
    private const string Api = "/api/me/keys";

    public static void MapKeyPages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/keys", (ConsoleApi api, SurfaceSource surfaces) => ListAsync(api, surfaces, null, null));
        visitors.MapPost("/keys", CreateAsync);
        visitors.MapGet("/keys/{id:long}", (long id, ConsoleApi api, SurfaceSource surfaces) => ShowAsync(id, api, surfaces, null));
        visitors.MapPost("/keys/{id:long}", ChangeAsync);
        visitors.MapPost("/keys/{id:long}/rotate", RotateAsync);
        visitors.MapPost("/keys/{id:long}/revoke", RevokeAsync);
    }

    private static async Task<IResult> ListAsync(ConsoleApi api, SurfaceSource surfaces, ApiProblem? problem, KeyForm? typed)
    {
        var answer = await api.GetAsync<KeyList>(Api);
        return new ConsolePage<KeysView, KeysModel>(
            "API keys", new KeysModel(answer.Value?.Keys, surfaces.Current.Slugs, problem ?? answer.Problem, typed))
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

    private static async Task<IResult> CreateAsync(FormFields form, ConsoleApi api, SurfaceSource surfaces, PublicUrl address)
    {
        var answer = await api.SendAsync<KeyInfo>(HttpMethods.Post, Api, KeyForm.NewKey(form));
        return answer.IsOk
            ? Made(answer.Value, "Your new key", surfaces, address)
            : await ListAsync(api, surfaces, answer.Problem, KeyForm.Of(form));
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
