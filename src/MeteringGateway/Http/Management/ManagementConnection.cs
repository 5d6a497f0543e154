namespace MeteringGateway.Http.Management;

/// <summary>
/// The mark of a request that came in on one of <c>Management:Urls</c>. The server that listens there sets it, so no <c>Host</c> and no
/// other header can.
/// </summary>
internal sealed class ManagementConnection
{
    private static readonly ManagementConnection s_instance = new();

    private ManagementConnection()
    {
    }

    public static void Mark(HttpContext context) => context.Features.Set(s_instance);

    public static bool Is(HttpContext context) => context.Features.Get<ManagementConnection>() is not null;
}
