namespace MeteringGateway.Http.Errors;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Pointer">A JSON pointer as URI fragment (<c>#/limits/0/period</c>), or <c>?name</c> for a query parameter.</param>
/// <param name="Detail">What would be right.</param>
internal sealed record FieldError(string Pointer, string Detail);
