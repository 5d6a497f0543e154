using System.Xml.Linq;
using Dapper;
using MeteringGateway.Ledger.Background;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace MeteringGateway.WebConsole.Frame.Forms;

/// <summary>
/// Keeps the keys of form tokens in PostgreSQL, so that every gateway takes the forms of every other. The interface waits: it is asked at
/// the start and once a day.
/// </summary>
internal sealed class FormKeyRing(NpgsqlDataSource database, TimeProvider time) : IXmlRepository
{
    private static readonly string List = SqlFile.Read("WebConsole/Frame/Forms/list-form-keys.sql");
    private static readonly string Insert = SqlFile.Read("WebConsole/Frame/Forms/insert-form-key.sql");

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.OpenConnection();
        return [.. connection.Query<string>(List).Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.OpenConnection();
        var xml = element.ToString(SaveOptions.DisableFormatting);
        connection.Execute(Insert, new { name = friendlyName, xml, now = time.GetUtcNow() });
    }
}
