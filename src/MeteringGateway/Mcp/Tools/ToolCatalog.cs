using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Mcp.Tools;

/// <summary>
/// The tools by name. What is listed has names that the APIs of models take (<c>[a-zA-Z0-9_-]</c>): a dot in one of them makes each prompt
/// fail there, so the name of the published document is listed at an address of its own. Any number of callers at once.
/// </summary>
internal sealed class ToolCatalog
{
    /// <summary>As the document <c>001</c> calls it.</summary>
    private const string DessertBalance = "dessert.get_balance";

    private readonly ServedTool[] _tools;
    private readonly ServedTool _dessert;
    private readonly bool _writes;

    public ToolCatalog(SurfaceSource surfaces, CreditPrice price, bool writes)
    {
        var balance = ServedTool.Of("get_balance", ToolCaller.Account, AccountTools.BalanceAsync);
        (_dessert, _writes) = (balance.Named(DessertBalance), writes);
        _tools =
        [
            balance,
            ServedTool.Of("get_usage", ToolCaller.Account, AccountTools.UsageAsync),
            ServedTool.Of("get_pricing", ToolCaller.Account, _ => Task.FromResult(ToolAnswer.Of(PriceList.Of(surfaces.Current, price)))),
            ServedTool.Of("get_key", ToolCaller.Key, AccountTools.KeyAsync),
            ServedTool.Of("quote", ToolCaller.Key, QueryTools.QuoteAsync),
            ServedTool.Of("query", ToolCaller.Key, QueryTools.QueryAsync),
            ServedTool.Of("list_keys", ToolCaller.Writer, KeyTools.ListAsync),
            ServedTool.Of("create_key", ToolCaller.Writer, KeyTools.CreateAsync),
            ServedTool.Of("set_key_limit", ToolCaller.Writer, KeyTools.SetLimitAsync),
            ServedTool.Of("revoke_key", ToolCaller.Writer, KeyTools.RevokeAsync),
        ];
    }

    public IEnumerable<ServedTool> Listed(AccountIdentity caller, bool isDessert) =>
        isDessert ? [_dessert] : _tools.Where(tool => Refuse(tool, caller) is null);

    /// <summary>Null: there is none of that name at that address.</summary>
    public ServedTool? Find(string name, bool isDessert) =>
        name == DessertBalance ? _dessert : isDessert ? null : _tools.FirstOrDefault(tool => tool.Name == name);

    /// <summary>Why a tool that there is is not this caller's; null: it is.</summary>
    public Problem? Refuse(ServedTool tool, AccountIdentity caller)
    {
        var isKey = caller.CredentialKind == AccountIdentity.Key;
        return tool.Caller switch
        {
            ToolCaller.Account => null,
            ToolCaller.Key => isKey ? null : Problem.Of(
                ErrorCode.Forbidden,
                $"{tool.Name} needs an API key: connect with 'Authorization: Bearer mg_live_…' in place of a session."),
            ToolCaller.Writer when !_writes => Problem.Of(
                ErrorCode.Forbidden, $"{tool.Name} is off at this gateway: its operator turns it on with Mcp:Writes."),
            ToolCaller.Writer => isKey ? Problem.Of(ErrorCode.Forbidden, $"{tool.Name} needs a session, not a key.") : null,
            _ => throw new ArgumentOutOfRangeException(nameof(tool), tool.Caller, null),
        };
    }
}
