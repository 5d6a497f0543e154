using System.Security.Cryptography;

namespace MeteringGateway.Testing;

/// <summary>A directory that others may pass through, as PostgreSQL's user must, and that is gone afterwards.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long Room = 2L << 30;

    public TemporaryDirectory() : this(Directory.CreateTempSubdirectory("metering-").FullName)
    {
    }

    private TemporaryDirectory(string path)
    {
        Path = path;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    public string Path { get; }

    /// <summary>
    /// For the files of a Redis that syncs every write: in memory, where the machine has room there. Its files outlive a kill -9 as well,
    /// and a disk that others write to stands still for a second now and then, which reads like a Redis that is away.
    /// </summary>
    public static TemporaryDirectory ForRedis()
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(Memory)
            || new DriveInfo(Memory) is not { DriveFormat: "tmpfs", AvailableFreeSpace: > Room })
        {
            return new TemporaryDirectory();
        }

        var path = System.IO.Path.Combine(Memory, "metering-" + RandomNumberGenerator.GetHexString(12, lowercase: true));
        return new TemporaryDirectory(
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName);
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
