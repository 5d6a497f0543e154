namespace MeteringGateway.WebConsole.Operation;

/// <summary>The pages of operators.</summary>
internal static class OperatorPages
{
    public static void MapOperatorPages(this RouteGroupBuilder operators)
    {
    }
}
