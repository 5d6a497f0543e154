using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Edge;
using MeteringGateway.WebConsole.Account.Keys;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Operation.Accounts;

/// <summary>The keys of any account, by the operator's calls.</summary>
internal static class OperatorKeyPages
{
    private static readonly KeySide s_side = new("/console/operator/keys", "/admin/keys", ListOf);

    public static void MapOperatorKeyPages(this RouteGroupBuilder operators)
    {
        operators.MapGet("/accounts/{id:long}/keys", (long id, HttpContext context, ConsoleApi api, SurfaceSource surfaces) =>
            s_side.ListAsync(ListOf(id), context, api, surfaces));
        operators.MapPost(
            "/accounts/{id:long}/keys",
            (long id, FormFields form, HttpContext context, ConsoleApi api, SurfaceSource surfaces, PublicUrl address) =>
                s_side.CreateAsync(ListOf(id), form, context, api, surfaces, address));
        operators.MapGet("/keys/{id:long}", s_side.ShowAsync);
        operators.MapPost("/keys/{id:long}", s_side.ChangeAsync);
        operators.MapPost("/keys/{id:long}/rotate", s_side.RotateAsync);
        operators.MapPost("/keys/{id:long}/revoke", s_side.RevokeAsync);
    }

    private static KeyListPlace ListOf(long account) =>
        new($"Keys of account {account}", $"{AccountsPages.Path}/{account}/keys", $"/admin/accounts/{account}/keys", "The new key");
}
