using System.CommandLine;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary>
/// How a verb reaches the operator API, and whether it answers in JSON. The token is never an argument: everybody on a machine can see
/// those. What nobody says is taken from what <c>./run</c> keeps in its data directory.
/// </summary>
internal sealed class OperatorOptions
{
    public const string TokenVariable = "METERING_ADMIN_TOKEN";

    /// <summary>Where <c>./run</c> keeps its files; <c>./mg</c> sets it to the directory beside itself.</summary>
    public const string DataVariable = "METERING_DATA";
    public const string TokenFile = "admin-token";
    public const string UrlFile = "gateway.url";
    private const string DefaultUrl = "http://127.0.0.1:8080";

    private readonly Option<string?> _url = new("--url")
    {
        Description = $"Where the gateway is. Default: where ./run last listened, else {DefaultUrl}.",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"A file with the operator's token. Default: the environment's {TokenVariable}, else (on this machine) what ./run "
            + $"keeps in .data/{TokenFile}.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Answer in JSON.", Recursive = true };

    /// <summary>Below which <c>./run</c> keeps its files.</summary>
    public static string Data =>
        Path.GetFullPath(Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } named ? named : ".data");

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_tokenFile);
        command.Options.Add(_json);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <exception cref="WrongUsageException">Something is missing or can't be a URL.</exception>
    public OperatorApi Open(ParseResult parsed, TimeSpan? patience = null)
    {
        var url = parsed.GetValue(_url) is { } given ? given : Kept(UrlFile) ?? DefaultUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var gateway) || gateway.Scheme is not ("http" or "https") || gateway.Host.Length == 0)
        {
            throw new WrongUsageException($"--url '{CommandInput.Plain(url)}' is no URL like {DefaultUrl}");
        }

        var token = Token(parsed, gateway);
        if (token.Length == 0)
        {
            throw new WrongUsageException(
                $"The operator's token is needed: in the environment's {TokenVariable}, or in a file that --token-file names (./run keeps "
                    + $"its own in .data/{TokenFile}).");
        }

        if (token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new WrongUsageException("The operator's token can't be right: it holds a blank or another sign that no token has.");
        }

        return new OperatorApi(gateway, token, patience);
    }

    private string Token(ParseResult parsed, Uri gateway)
    {
        if (parsed.GetValue(_tokenFile) is { } file)
        {
            return Read(file);
        }

        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
        {
            return token.Trim();
        }

        // The token of this machine's gateway goes to no other machine.
        return gateway.IsLoopback ? Kept(TokenFile) ?? "" : "";
    }

    private static string? Kept(string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(Data, name)).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new WrongUsageException($"--token-file '{CommandInput.Plain(file)}' can't be read: {e.Message}");
        }
    }
}

/// <summary>The command line asks for something that can't be; the message says what.</summary>
internal sealed class WrongUsageException(string message) : Exception(message);
