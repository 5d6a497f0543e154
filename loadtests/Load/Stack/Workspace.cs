namespace MeteringGateway.Load.Stack;

/// <summary>
/// One folder for all that a run writes, gone afterwards. On the disk, for the price of an fsync is part of what is measured.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _path;

    /// <param name="purpose">A word for the folder's name: what the run is.</param>
    public Workspace(string purpose)
    {
        _path = Directory.CreateTempSubdirectory($"metering-{purpose}-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL runs as another user than root.
            File.SetUnixFileMode(_path, File.GetUnixFileMode(_path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>Whether servers are started with the hook that tells their allocations.</summary>
    public bool CountsAllocations { get; init; }

    public string KeyFile => In("keys.txt");
    public string In(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
