namespace MeteringGateway.Testing.Stripe;

/// <summary>What goes wrong with a call.</summary>
public enum StripeFault
{
    /// <summary>500 without an effect. Under an idempotency key it is the answer from then on.</summary>
    ErrorBefore,

    /// <summary>The effect, and 500. Under an idempotency key it is the answer from then on.</summary>
    ErrorAfter,

    /// <summary>503, and nothing is executed or kept.</summary>
    Busy,

    /// <summary>No answer and no effect until the client leaves.</summary>
    HangBefore,

    /// <summary>The effect, and no answer.</summary>
    HangAfter,

    /// <summary>No answer, and the effect once the client has left: a payment that comes after its time-out.</summary>
    LateEffect,

    /// <summary>The connection breaks, and nothing was executed.</summary>
    DropBefore,

    /// <summary>The effect, and the connection breaks in place of the answer.</summary>
    DropAfter,

    /// <summary>The effect, and a gateway's page of HTML with status 502.</summary>
    BadGateway,
}
