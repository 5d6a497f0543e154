using System.Runtime.InteropServices;

namespace MeteringGateway.Local.LocalServers;

/// <summary>The signals that .NET's Process can't send.</summary>
internal sealed class ProcessSignal
{
    public static readonly ProcessSignal Exists = new(0, 0);
    public static readonly ProcessSignal Kill = new(9, 9);
    public static readonly ProcessSignal Terminate = new(15, 15);
    public static readonly ProcessSignal Pause = new(19, 17);
    public static readonly ProcessSignal Resume = new(18, 19);

    private readonly int _number;

    private ProcessSignal(int linux, int mac) => _number = OperatingSystem.IsMacOS() ? mac : linux;

    /// <returns>False when there is no such process (any more).</returns>
    public bool SendTo(int pid) => kill(pid, _number) == 0;

#pragma warning disable SYSLIB1054 // The generated marshaller needs unsafe code in the whole project; two integers need no marshalling.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
#pragma warning restore SYSLIB1054
}
