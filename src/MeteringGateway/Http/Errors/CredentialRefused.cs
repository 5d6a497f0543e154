namespace MeteringGateway.Http.Errors;

/// <summary>Is told of each request that is about to be answered <c>invalid_key</c>, before the answer is written.</summary>
internal delegate void CredentialRefused(HttpContext context);
