namespace MeteringGateway.WebConsole.Frame.Inside;

/// <summary>What an API answered: a value, or why not.</summary>
internal sealed record ApiAnswer<T>(T? Value, ApiProblem? Problem)
    where T : class
{
    /// <summary>True: there is a value and no problem.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Problem))]
    public bool IsOk => Problem is null;
}

/// <summary>The answer of a call of which only the outcome counts.</summary>
internal sealed record Nothing;
