using System.Text;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Tests.Http.Requests;

/// <summary>Bodies for the tables of requests.</summary>
internal static class Body
{
    public static RequestFields Fields(string json) =>
        RequestBody.Parse(Encoding.UTF8.GetBytes(json)).Fields ?? throw new InvalidOperationException("Not an object: " + json);

    /// <summary>Where the errors are, in order, without what would be right.</summary>
    public static string Pointers(IEnumerable<FieldError> errors) => string.Join(' ', errors.Select(error => error.Pointer));
}
