using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Http.Bounds;

/// <summary>Closes a connection beyond those that one address may have, before a byte of it is read, its TLS included.</summary>
internal sealed class ConnectionBound(IOptions<ClientOptions> clients, IOptions<ProxiesOptions> proxies)
{
    private readonly AddressCounter _open = new(clients.Value.MaxConnections);

    public void Apply(ListenOptions endpoint) => endpoint.Use(next => connection => ServeAsync(connection, next));

    private Task ServeAsync(ConnectionContext connection, ConnectionDelegate next) =>
        connection.RemoteEndPoint is IPEndPoint client && !proxies.Value.IsKnown(client.Address)
            ? CountAsync(connection, client.Address, next)
            : next(connection);

    private async Task CountAsync(ConnectionContext connection, IPAddress client, ConnectionDelegate next)
    {
        if (!_open.TryEnter(client))
        {
            connection.Abort(new ConnectionAbortedException("One address has too many connections."));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            _open.Leave(client);
        }
    }
}
