using MeteringGateway.Http.Errors;

namespace MeteringGateway.Cli.Declarations;

/// <summary>Makes the gateway match a file. It looks at everything first and changes nothing while anything in the file is wrong.</summary>
internal sealed class DeclaredKeysApply(OperatorApi api, TimeProvider time)
{
    /// <summary>What to do, or all that is wrong with the file.</summary>
    public async Task<(IReadOnlyList<PlannedChange> Changes, IReadOnlyList<FieldError> Errors)> PlanAsync(
        byte[] file, bool prune, CancellationToken cancellation)
    {
        var surfaces = await api.SurfacesAsync(cancellation);
        var errors = new List<FieldError>();
        if (DeclaredKeysFile.Read(file, surfaces.Contains, errors) is not { } accounts)
        {
            return ([], errors);
        }

        var plan = new DeclaredKeysPlan(prune, time.GetUtcNow());
        foreach (var declared in accounts)
        {
            var account = await api.FindAccountAsync(declared.Id, declared.Email, cancellation);
            plan.Add(declared, account, account is null ? [] : await api.KeysAsync(account.Id, cancellation));
        }

        return plan.Errors.Count == 0 ? (plan.Changes, []) : ([], plan.Errors);
    }

    /// <summary>Stops at the first failure, with what was done before it done: the same file again does the rest.</summary>
    public async Task<(int Applied, string? Failure)> ApplyAsync(
        IReadOnlyList<PlannedChange> changes, NewSecrets secrets, CancellationToken cancellation)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            try
            {
                // A call that was sent is waited for: only its answer has the secret of a new key.
                cancellation.ThrowIfCancellationRequested();
                var key = await api.ChangeAsync<KeyAnswer>(change.Method, change.Path, change.Body, CancellationToken.None);
                if (change.Kind == ChangeKind.CreateKey)
                {
                    secrets.Write(change.Account, key!);
                }
            }
            catch (OperatorApiException e)
            {
                return (i, $"{change.Account}{(change.Key is null ? "" : " / " + change.Key)}: {e.Message}");
            }
            catch (OperationCanceledException)
            {
                return (i, "Stopped.");
            }
        }

        return (changes.Count, null);
    }
}
