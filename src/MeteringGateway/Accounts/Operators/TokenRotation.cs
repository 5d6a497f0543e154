namespace MeteringGateway.Accounts.Operators;

/// <summary>What a rotation comes to; where more than one is so, the first of them.</summary>
internal enum TokenRotationStatus
{
    Done,

    /// <summary>There is no such operator.</summary>
    NotFound,

    /// <summary>A revoked operator stays as it is.</summary>
    Revoked,

    /// <summary>The operator has another token by now than the one that was to be replaced.</summary>
    RotatedBefore,

    /// <summary>The new token would have ended already.</summary>
    Expired,
}

/// <summary>The row is there where there is such an operator, the token exactly where it is done.</summary>
internal readonly record struct TokenRotation(TokenRotationStatus Status, OperatorRow? Row, string? Token);
