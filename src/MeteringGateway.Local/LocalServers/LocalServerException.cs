namespace MeteringGateway.Local.LocalServers;

/// <summary>A local server can't be had; the message is the one line that the person at the terminal needs.</summary>
internal sealed class LocalServerException(string message) : Exception(message);
