using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.FaultTests;

/// <summary>One command to one server as it stands, master or replica: the product's own connection speaks to masters alone.</summary>
internal static class RedisText
{
    /// <summary>A list of texts.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(RedisServer server, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var head = await reader.ReadLineAsync();
        var list = new List<string>();
        for (var left = head is ['*', .. var count]
            ? int.Parse(count, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{command}: {head}"); left > 0; left--)
        {
            await reader.ReadLineAsync();
            list.Add(await reader.ReadLineAsync() ?? throw new IOException($"{command} broke off"));
        }

        return list;
    }

    /// <summary>A line, or a text of many.</summary>
    public static async Task<string> AskAsync(RedisServer server, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync() ?? throw new IOException($"No answer to {command}");
        if (line[0] == '-')
        {
            throw new InvalidOperationException($"{command}: {line}");
        }

        if (line[0] != '$')
        {
            return line;
        }

        if (line == "$-1")
        {
            return "";
        }

        var text = new char[int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture)];
        await reader.ReadBlockAsync(text);
        return new string(text);
    }
}
