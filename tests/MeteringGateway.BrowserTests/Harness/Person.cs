namespace MeteringGateway.BrowserTests.Harness;

/// <summary>Somebody who can sign in, and the session of the account API that the tests prepare things with.</summary>
internal sealed record Person(long Account, string Email, string Password, string Session);
