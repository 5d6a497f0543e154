using System.Security.Cryptography;

namespace MeteringGateway.Local.LocalServers;

/// <summary>Files (0600) and directories (0700) of their owner alone: passwords, keys and data of the local servers.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnersDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void CreateDirectory(string path) => CreateDirectory(path, OwnersDirectory);

    /// <summary>Others may pass through but not look: PostgreSQL's user must reach its data below a directory of root's.</summary>
    public static void CreatePassage(string path) =>
        CreateDirectory(path, OwnersDirectory | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    public static void Write(string path, string text)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("The local servers run on Unix only.");
        }

        // Beside and renamed: a reader never sees half of it, and the mode is right from the first byte.
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(text);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The secret kept in that file; made at the first call.</summary>
    public static string Secret(string path)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } secret)
        {
            return secret;
        }

        secret = RandomNumberGenerator.GetHexString(40, lowercase: true);
        Write(path, secret + "\n");
        return secret;
    }

    private static void CreateDirectory(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("The local servers run on Unix only.");
        }

        Directory.CreateDirectory(path, mode);
    }
}
