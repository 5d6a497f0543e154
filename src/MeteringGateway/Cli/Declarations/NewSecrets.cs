using System.Text.Json;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Cli.Declarations;

/// <summary>
/// Where the secrets of new keys go, each as soon as it is there: to a private file, a JSON object a line, or onto the screen.
/// </summary>
internal sealed class NewSecrets : IDisposable
{
    private readonly TextWriter _writer;
    private readonly bool _isFile;

    private NewSecrets(TextWriter writer, bool isFile) => (_writer, _isFile) = (writer, isFile);

    /// <exception cref="IOException">The file is there already, or can't be written: known before the first key is made.</exception>
    public static NewSecrets Open(string? path, TextWriter screen)
    {
        if (path is null)
        {
            return new NewSecrets(screen, isFile: false);
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new NewSecrets(new StreamWriter(new FileStream(path, options)) { AutoFlush = true }, isFile: true);
    }

    public void Write(string account, KeyAnswer key) => _writer.WriteLine(_isFile
        ? JsonSerializer.Serialize(new { key.AccountId, Account = account, key.Id, key.Name, key.Mode, key.Key }, WireJson.Options)
        : $"{account} / {key.Name}, shown this once: {key.Key}");

    public void Dispose()
    {
        if (_isFile)
        {
            _writer.Dispose();
        }
    }
}
