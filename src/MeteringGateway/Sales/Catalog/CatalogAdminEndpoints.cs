using System.Globalization;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Sales.Catalog;

internal sealed record PackageList(IReadOnlyList<PackageRow> Packages);

/// <summary>
/// The operator's calls on packages. <c>PUT</c> changes what is given; <c>active: false</c> takes a package off sale. Nothing is deleted,
/// for orders point at it.
/// </summary>
internal static class CatalogAdminEndpoints
{
    public static IEndpointRouteBuilder MapCatalogAdmin(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/catalog/packages", ListAsync);
        admin.MapPost("/catalog/packages", CreateAsync);
        admin.MapGet("/catalog/packages/{id:long}", GetAsync);
        admin.MapPut("/catalog/packages/{id:long}", ChangeAsync);
        return admin;
    }

    private static async Task<Ok<PackageList>> ListAsync(
        CatalogStore catalog, SaleWarnings warnings, CancellationToken cancellationToken) =>
        WireJson.Ok(
            new PackageList([.. (await catalog.PackagesAsync(includeInactive: true, cancellationToken)).Select(warnings.WithWarnings)]));

    private static async Task<Results<Ok<PackageRow>, Problem>> GetAsync(
        long id, CatalogStore catalog, SaleWarnings warnings, CancellationToken cancellationToken) =>
        await catalog.FindPackageAsync(id, null, cancellationToken) is { } row ? WireJson.Ok(warnings.WithWarnings(row)) : Unknown(id);

    private static async Task<Results<Created<PackageRow>, Problem>> CreateAsync(
        RequestFields fields, HttpContext context, CatalogEditor editor, SaleWarnings warnings)
    {
        if (CatalogFields.Package(fields, null) is not { } wanted)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var change = await editor.AddAsync(CatalogEditor.Packages, wanted, Caller.Of(context), context.RequestAborted);
        return change.Row is { } made ? WireJson.Created(warnings.WithWarnings(made)) : SlugTaken;
    }

    private static async Task<Results<Ok<PackageRow>, Problem>> ChangeAsync(
        long id, RequestFields fields, HttpContext context, CatalogEditor editor, SaleWarnings warnings)
    {
        var change = await editor.ChangeAsync(
            CatalogEditor.Packages, id, current => CatalogFields.Package(fields, current), Caller.Of(context), context.RequestAborted);
        return change.Status switch
        {
            CatalogStatus.Done => WireJson.Ok(warnings.WithWarnings(change.Row!)),
            CatalogStatus.NotFound => Unknown(id),
            CatalogStatus.Refused => Problem.InvalidRequest(fields.Errors),
            CatalogStatus.SlugTaken => SlugTaken,
            _ => throw new InvalidOperationException($"Unknown status {change.Status}."),
        };
    }

    private static Problem SlugTaken => Problem.Of(ErrorCode.Conflict, "Another package has this slug.");

    private static Problem Unknown(long id) =>
        Problem.Of(ErrorCode.NotFound, string.Create(CultureInfo.InvariantCulture, $"There is no package {id}."));
}
