using MeteringGateway.Http.Authentication;
using Microsoft.OpenApi;

namespace MeteringGateway.Http.OpenApi;

/// <summary>
/// The ways in which a caller may say who it is, by the group that an endpoint belongs to; within a group any one of them will do.
/// </summary>
internal static class SecuritySchemes
{
    private const string Operator = "operatorToken";
    private const string Bearer = "bearer";
    private const string ApiKey = "apiKey";
    private const string Session = "session";
    private const string KendrSession = "kendrSession";
    private const string SessionBearer = "sessionBearer";
    private const string KeyBearer = "keyBearer";

    public static void AddTo(OpenApiComponents components)
    {
        var schemes = components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        schemes[Operator] = Http("The bootstrap token, or a named operator's; one with access read_only only for GET.");
        schemes[KeyBearer] = Http("An API key.");
        schemes[SessionBearer] = Http("A session, or a token of the identity provider.");
        schemes[Bearer] = Http("An API key, a session, or a token of the identity provider.");
        schemes[ApiKey] = Header("X-Api-Key", "An API key.");
        schemes[Session] = Header("X-Session", "A session.");
        schemes[KendrSession] = Header("X-Kendr-Session", "A session.");
    }

    /// <param name="group">Null: the endpoint asks for nothing, which the document says with an empty list.</param>
    /// <param name="document">That has the schemes.</param>
    public static List<OpenApiSecurityRequirement> Of(CredentialsFirst? group, OpenApiDocument document)
    {
        string[] schemes =
            group is null ? []
            : group == CredentialsFirst.Operator ? [Operator]
            : group == CredentialsFirst.Key ? [KeyBearer, ApiKey]
            : group == CredentialsFirst.Session ? [SessionBearer, Session, KendrSession]
            : [Bearer, ApiKey, Session, KendrSession];
        return [.. schemes.Select(scheme =>
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] })];
    }

    private static OpenApiSecurityScheme Http(string description) =>
        new() { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = description };

    private static OpenApiSecurityScheme Header(string name, string description) =>
        new() { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = name, Description = description };
}
