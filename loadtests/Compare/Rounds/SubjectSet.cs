using MeteringGateway.Compare.Subjects;
using MeteringGateway.Load.Accounts;
using MeteringGateway.Load.Stack;

namespace MeteringGateway.Compare.Rounds;

/// <summary>The subjects of a comparison, started. A subject with Redis counts once for each fsync policy that is asked for.</summary>
internal sealed class SubjectSet : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = new();

    public IReadOnlyList<Subject> All { get; private set; } = [];
    public DotnetServer? Gateway { get; private set; }

    public static async Task<SubjectSet> StartAsync(
        CompareOptions options, Workspace workspace, DotnetServer provider, CancellationToken cancellation)
    {
        var set = new SubjectSet();
        try
        {
            set.All = await set.StartAllAsync(options, workspace, provider, cancellation);
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var one))
        {
            await one.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<Subject>> StartAllAsync(
        CompareOptions options, Workspace workspace, DotnetServer provider, CancellationToken cancellation)
    {
        var (all, part) = (new List<Subject>(), new Part("provider", provider.Pid));
        if (options.Has(Subject.Bare))
        {
            var bare = await DotnetServer.StartAsync(
                workspace, "bare", Programs.BareProxy, url => ["proxy", url.AbsoluteUri, provider.Address.AbsoluteUri], "",
                Comparison.NoVariables, cancellation);
            _started.Push(bare);
            all.Add(new Subject(Subject.Bare, GatewayStack.Query(bare), [new Part("bare", bare.Pid), part])
            {
                AllocationSocket = bare.AllocationSocket,
            });
        }

        if (options.Has(Subject.Gateway))
        {
            var stack = await GatewayStack.StartAsync(workspace, [new SoldSurface("fast", provider.Address)], cancellation);
            _started.Push(stack);
            Gateway = await stack.StartGatewayAsync(cancellation);
            await stack.MakeAccountsAsync(Comparison.Accounts, cancellation);
            all.AddRange(options.Fsync.Select(fsync => Subject.Of(stack, fsync, part)));
        }
        else
        {
            KeyFiles.Write(workspace.KeyFile, Comparison.Accounts);
        }

        if (options.Has(Subject.Nginx))
        {
            var nginx = await NginxPeer.StartAsync(workspace, provider.Address, cancellation);
            _started.Push(nginx);
            all.AddRange(options.Fsync.Select(fsync => nginx.Subject(fsync, part)));
        }

        return all;
    }
}
