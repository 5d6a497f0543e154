using System.Runtime.InteropServices;

namespace MeteringGateway.Local.Commands;

/// <summary>Ctrl-C, a polite kill and the closing of the terminal, as tokens.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _insisted = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
            .Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    public CancellationToken Requested => _requested.Token;

    /// <summary>A second Ctrl-C: the person no longer wants to wait.</summary>
    public CancellationToken Insisted => _insisted.Token;

    public static Task UntilAsync(CancellationToken token)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(reached.SetResult);
        return reached.Task;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
        _insisted.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_requested.IsCancellationRequested)
        {
            _requested.Cancel();
        }
        else if (context.Signal == PosixSignal.SIGINT)
        {
            _insisted.Cancel();
        }
    }
}
