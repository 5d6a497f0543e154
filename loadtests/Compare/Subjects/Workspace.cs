namespace MeteringGateway.Compare.Subjects;

/// <summary>
/// One folder for all that a run writes, gone afterwards. On the disk, for the price of an fsync is part of what is measured.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("metering-compare-").FullName;

    public Workspace()
    {
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL runs as another user than root.
            File.SetUnixFileMode(_path, File.GetUnixFileMode(_path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        using var script = typeof(Workspace).Assembly.GetManifestResourceStream("Load/post.lua")
            ?? throw new InvalidOperationException("Load/post.lua is not embedded.");
        using var file = File.Create(WrkScript);
        script.CopyTo(file);
    }

    public string WrkScript => In("post.lua");
    public string KeyFile => In("keys.txt");
    public string In(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
