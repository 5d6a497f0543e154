using MeteringGateway.WebConsole.Operation.Accounts;
using MeteringGateway.WebConsole.Operation.Audit;
using MeteringGateway.WebConsole.Operation.Catalog;
using MeteringGateway.WebConsole.Operation.Payments;
using MeteringGateway.WebConsole.Operation.Status;
using MeteringGateway.WebConsole.Operation.Surfaces;
using MeteringGateway.WebConsole.Operation.Usage;

namespace MeteringGateway.WebConsole.Operation;

/// <summary>The pages of operators.</summary>
internal static class OperatorPages
{
    public static void MapOperatorPages(this RouteGroupBuilder operators)
    {
        operators.MapStatusPages();
        operators.MapAccountsPages();
        operators.MapAccountPage();
        operators.MapOperatorKeyPages();
        operators.MapOperatorUsagePages();
        operators.MapSurfacePages();
        operators.MapCatalogPages();
        operators.MapPaymentPages();
        operators.MapAuditPages();
    }
}
