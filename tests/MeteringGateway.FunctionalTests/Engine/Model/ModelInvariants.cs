namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>
/// What must be true of the model after every step, whatever the step was: a model that agrees with a wrong script is no use.
/// </summary>
internal static class ModelInvariants
{
    /// <summary>Every limit that is known now, by name, in the window in effect.</summary>
    public static Dictionary<string, ModelScope> Scopes(CreditModel model, long now)
    {
        var scopes = new Dictionary<string, ModelScope>();
        foreach (var account in model.Accounts.Values.Where(model.IsLoaded))
        {
            scopes[$"account {account.Id}"] = model.Budget(account, CreditModel.MonthInEffect(account, now));
        }

        foreach (var key in model.Keys.Values.Where(model.IsLoaded))
        {
            var all = model.Scopes(key, model.InEffect(key, now));
            for (var i = 0; i < all.Length; i++)
            {
                scopes[$"key {key.Id} limit {i}"] = all[i];
            }
        }

        return scopes;
    }

    /// <summary>What is broken, in words; empty where nothing is.</summary>
    public static IEnumerable<string> Broken(CreditModel model, Dictionary<string, ModelScope> before, long now)
    {
        foreach (var account in model.Accounts.Keys)
        {
            var (balance, held) = (model.Balance(account), model.Held(account));
            if (held < 0 || balance < held)
            {
                yield return $"account {account} has {balance} and holds {held}";
            }

            if (model.History.LastOrDefault(entry => entry.Account == account) is { } last && last.Balance != balance)
            {
                yield return $"account {account} has {balance}, its last entry says {last.Balance}";
            }
        }

        foreach (var twice in model.History.GroupBy(entry => entry.Id).Where(entries => entries.Count() > 1))
        {
            yield return $"{twice.Key} has {twice.Count()} entries";
        }

        foreach (var (name, scope) in Scopes(model, now))
        {
            if (scope.Spent < 0 || scope.Held < 0)
            {
                yield return $"{name} is {scope}";
            }

            // Only a limit that was lowered is ever passed, and no step goes further past it.
            if (before.TryGetValue(name, out var was) && (was.Limit, was.Window) == (scope.Limit, scope.Window) && scope.Over > was.Over)
            {
                yield return $"{name} is {scope}, was {was}";
            }
        }
    }
}
