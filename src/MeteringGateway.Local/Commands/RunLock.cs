using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Local.Commands;

/// <summary>One ./run per data directory: the kernel drops the lock with the process, however it ends.</summary>
internal static class RunLock
{
    public static FileStream Take(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new LocalServerException($"Another ./run uses {Path.GetDirectoryName(path)}: stop it first.");
        }
    }
}
