using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Edge;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Account.Keys;

/// <summary>The account's keys: made, limited, rotated, revoked.</summary>
internal static class KeyPages
{
    private const string Path = "/console/keys";
    private const string Api = "/api/me/keys";

    private static readonly KeyListPlace s_list = new("API keys", Path, Api, "Your new key");
    private static readonly KeySide s_side = new(Path, Api, _ => s_list) { AfterRevoke = Path };

    public static void MapKeyPages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/keys", (HttpContext context, ConsoleApi api, SurfaceSource surfaces) =>
            s_side.ListAsync(s_list, context, api, surfaces));
        visitors.MapPost("/keys", (FormFields form, HttpContext context, ConsoleApi api, SurfaceSource surfaces, PublicUrl address) =>
            s_side.CreateAsync(s_list, form, context, api, surfaces, address));
        visitors.MapGet("/keys/{id:long}", s_side.ShowAsync);
        visitors.MapPost("/keys/{id:long}", s_side.ChangeAsync);
        visitors.MapPost("/keys/{id:long}/rotate", s_side.RotateAsync);
        visitors.MapPost("/keys/{id:long}/revoke", s_side.RevokeAsync);
    }
}
