using System.Text.Json;
using Dapper;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Npgsql;

namespace MeteringGateway.Sales.Catalog;

/// <summary>
/// The packages and plans to start with, from a file. Applied at every start for slugs that do not exist: what an operator changed
/// or took off sale stays as it is.
/// </summary>
internal sealed record CatalogSeed(IReadOnlyList<PackageRow> Packages, IReadOnlyList<PlanRow> Plans)
{
    private const int Most = 1000;

    /// <summary>Where it was looked for; empty where it came from no file.</summary>
    public string File { get; private init; } = "";

    /// <summary>The file that <c>Catalog:File</c> names, else <c>catalog.json</c> beside the gateway's own configuration file.</summary>
    public static CatalogSeed Load(IConfigurationRoot configuration, ConfigurationErrors errors)
    {
        var options = OptionsBinder.Bind<CatalogOptions>(configuration, CatalogOptions.Section, errors);
        var folder = Path.GetDirectoryName(GatewayConfiguration.FileOf(configuration)?.FilePath) ?? "config";
        var named = string.IsNullOrWhiteSpace(options.File) ? null : options.File;
        var path = Path.GetFullPath(named ?? CatalogOptions.DefaultFile, Path.GetFullPath(folder));
        if (named is not null && !System.IO.File.Exists(path))
        {
            errors.Add(
                $"{CatalogOptions.Section}:{nameof(CatalogOptions.File)}",
                named, $"a file that is there, and {ConfigurationErrors.Shown(path)} is not");
        }

        return ReadFile(path, errors) with { File = path };
    }

    /// <summary>No file, no seed. <paramref name="errors"/> gets a line for everything that is wrong in it.</summary>
    public static CatalogSeed ReadFile(string path, ConfigurationErrors errors) =>
        System.IO.File.Exists(path) ? Read(path, System.IO.File.ReadAllBytes(path), errors) : new CatalogSeed([], []);

    public static CatalogSeed Read(string name, byte[] utf8, ConfigurationErrors errors)
    {
        var body = RequestBody.Parse(utf8);
        if (body.Fields is not { } fields)
        {
            errors.AddWithoutValue(name, $"is not a JSON object: {body.Problem!.Detail}");
            return new CatalogSeed([], []);
        }

        var packages = Rows(fields, "packages", item => CatalogFields.Package(item, null), row => row.Slug);
        var plans = Rows(fields, "plans", item => CatalogFields.Plan(item, null), row => row.Slug);
        fields.RefuseOthers();
        foreach (var error in fields.Errors)
        {
            errors.AddWithoutValue(name, Line(error));
        }

        return new CatalogSeed(packages, plans);
    }

    /// <summary>Several gateways may do it at once.</summary>
    public async Task ApplyAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var package in Packages)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(CatalogEditor.Packages.Insert, package, cancellationToken: cancellationToken));
        }

        foreach (var plan in Plans)
        {
            await connection.ExecuteAsync(new CommandDefinition(CatalogEditor.Plans.Insert, plan, cancellationToken: cancellationToken));
        }
    }

    private static List<T> Rows<T>(RequestFields fields, string name, Func<RequestFields, T?> read, Func<T, string> slugOf)
        where T : class
    {
        var rows = new List<T>();
        IReadOnlyList<JsonElement> items = fields.Items(name, Most) ?? [];
        for (var i = 0; i < items.Count; i++)
        {
            if (fields.Inside(name, i, items[i]) is { } item && read(item) is { } row)
            {
                if (rows.Any(other => slugOf(other) == slugOf(row)))
                {
                    item.Refuse("slug", $"'{slugOf(row)}' is used twice");
                }

                rows.Add(row);
            }
        }

        return rows;
    }

    private static string Line(FieldError error) => $"{error.Pointer} {error.Detail}";
}
