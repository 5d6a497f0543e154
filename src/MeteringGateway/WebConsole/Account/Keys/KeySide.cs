using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Edge;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Keys;

/// <summary>The keys of one account: the page that lists them, and the call that does.</summary>
/// <param name="Title">Of the page.</param>
/// <param name="Path">Of the page; a new key is made there.</param>
/// <param name="Api">Of the call.</param>
/// <param name="MadeTitle">Of the page that shows a new key.</param>
internal sealed record KeyListPlace(string Title, string Path, string Api, string MadeTitle);

/// <summary>
/// What the pages of keys do, the same for customers on their own and for operators on those of any account: the sides differ in where
/// they are and in whose calls they ask.
/// </summary>
/// <param name="path">Of the pages of one key, which its number follows.</param>
/// <param name="api">Of the calls on one key, likewise.</param>
/// <param name="listOf">The list that a key of this account stands in.</param>
internal sealed class KeySide(string path, string api, Func<long, KeyListPlace> listOf)
{
    /// <summary>Where a visitor goes from a key that is revoked; null: to its page.</summary>
    public string? AfterRevoke { get; init; }

    public Task<IResult> ListAsync(KeyListPlace list, HttpContext context, ConsoleApi console, SurfaceSource surfaces) =>
        ListAsync(list, context, console, surfaces, null, null);

    public Task<IResult> ShowAsync(long id, ConsoleApi console, SurfaceSource surfaces) => ShowAsync(id, console, surfaces, null);

    public async Task<IResult> CreateAsync(
        KeyListPlace list, FormFields form, HttpContext context, ConsoleApi console, SurfaceSource surfaces, PublicUrl address)
    {
        var answer = await console.SendAsync<KeyInfo>(HttpMethods.Post, list.Api, KeyForm.NewKey(form));
        return answer.IsOk
            ? Made(answer.Value, list.MadeTitle, surfaces, address)
            : await ListAsync(list, context, console, surfaces, answer.Problem, KeyForm.Of(form));
    }

    public async Task<IResult> ChangeAsync(long id, FormFields form, ConsoleApi console, SurfaceSource surfaces)
    {
        var answer = await console.SendAsync<KeyInfo>(HttpMethods.Patch, $"{api}/{id}", KeyForm.Change(form));
        return answer.IsOk ? SeeOther.Done($"{path}/{id}", "key-changed") : await ShowAsync(id, console, surfaces, answer.Problem);
    }

    public async Task<IResult> RotateAsync(long id, FormFields form, ConsoleApi console, SurfaceSource surfaces, PublicUrl address)
    {
        var answer = await console.SendAsync<KeyInfo>(
            HttpMethods.Post, $"{api}/{id}/rotate",
            new { overlap_seconds = form.Number("overlap_seconds") ?? 0, prefix = form.Text("prefix") });
        return answer.IsOk
            ? Made(answer.Value, "The key's new secret", surfaces, address)
            : await ShowAsync(id, console, surfaces, answer.Problem);
    }

    public async Task<IResult> RevokeAsync(long id, ConsoleApi console, SurfaceSource surfaces)
    {
        var answer = await console.SendAsync<Nothing>(HttpMethods.Delete, $"{api}/{id}");
        return answer.IsOk
            ? SeeOther.Done(AfterRevoke ?? $"{path}/{id}", "key-revoked")
            : await ShowAsync(id, console, surfaces, answer.Problem);
    }

    private async Task<IResult> ListAsync(
        KeyListPlace list, HttpContext context, ConsoleApi console, SurfaceSource surfaces, ApiProblem? problem, KeyForm? typed)
    {
        var offset = PagerModel.OffsetOf(context.Request);
        var answer = await console.GetAsync<KeyList>($"{list.Api}?limit={KeyList.PageRows}&offset={offset}");
        if (answer.Problem?.Status == StatusCodes.Status404NotFound)
        {
            return MessagePage.NotFound("account");
        }

        var model = new KeysModel(answer.Value?.Keys, surfaces.Current.Slugs, problem ?? answer.Problem, typed)
        {
            Link = path,
            NewLink = list.Path,
            Pager = answer.Value is { } found ? new PagerModel(list.Path, KeyList.PageRows, offset, found.Keys.Count, found.Total) : null,
        };
        return new ConsolePage<KeysView, KeysModel>(list.Title, model) { Status = model.Problem?.Status ?? StatusCodes.Status200OK };
    }

    private async Task<IResult> ShowAsync(long id, ConsoleApi console, SurfaceSource surfaces, ApiProblem? problem)
    {
        var answer = await console.GetAsync<KeyInfo>($"{api}/{id}");
        return !answer.IsOk
            ? answer.Problem.Status == StatusCodes.Status404NotFound ? MessagePage.NotFound("key") : MessagePage.Of(answer.Problem)
            : new ConsolePage<KeyDetailView, KeyModel>(
                answer.Value.Name, new KeyModel(answer.Value, surfaces.Current.Slugs, problem) { Link = path })
            {
                Status = problem?.Status ?? StatusCodes.Status200OK,
            };
    }

    /// <summary>Shown in the form's own answer, this once: no address leads to a secret.</summary>
    private ConsolePage<KeyMadeView, KeyMadeModel> Made(KeyInfo key, string title, SurfaceSource surfaces, PublicUrl address) =>
        new(title, KeyMadeModel.Of(key, address, surfaces.Current, listOf(key.AccountId).Path));
}
