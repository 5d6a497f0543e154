using System.CommandLine;
using MeteringGateway.Declarations;

namespace MeteringGateway.Console;

/// <summary>How a verb reaches the operator API. The token is never an argument: everybody on a machine can see those.</summary>
internal sealed class OperatorOptions
{
    public const string TokenVariable = "METERING_ADMIN_TOKEN";
    private readonly Option<string> _url = new("--url") { Description = "Where the gateway is.", DefaultValueFactory = _ => "http://127.0.0.1:8080", Recursive = true };
    private readonly Option<FileInfo?> _tokenFile = new("--token-file") { Description = $"A file with the operator's token; else the environment's {TokenVariable}.", Recursive = true };

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_tokenFile);
    }

    /// <exception cref="WrongUsageException">Something is missing or can't be a URL.</exception>
    public OperatorApi Open(ParseResult parsed)
    {
        var url = parsed.GetValue(_url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var gateway) || gateway.Scheme is not ("http" or "https"))
        {
            throw new WrongUsageException($"--url '{url}' is no URL like http://127.0.0.1:8080");
        }

        var token = parsed.GetValue(_tokenFile) is { } file ? Read(file) : Environment.GetEnvironmentVariable(TokenVariable) ?? "";
        if (token.Length == 0 || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new WrongUsageException($"The operator's token is needed: in the environment's {TokenVariable}, or in the file that --token-file names.");
        }

        return new OperatorApi(gateway, token);
    }

    private static string Read(FileInfo file)
    {
        try
        {
            return File.ReadAllText(file.FullName).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"--token-file: {e.Message}");
        }
    }
}

/// <summary>The command line asks for something that can't be; the message says what.</summary>
internal sealed class WrongUsageException(string message) : Exception(message);
