using System.Reflection;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Configuration;

/// <summary>
/// The options classes and the sections that they read. A class belongs to them by its name, which ends in Options, and by its constant
/// <c>Section</c> (<c>Payments:Stripe</c>; empty: the outermost names): nothing has to be registered, so nobody can forget it. A method
/// <c>Check(ConfigurationErrors)</c> is called after its values have been read; a static <c>Read(IConfiguration, ConfigurationErrors)</c>
/// reads them itself, where they are of types that the binder does not know.
/// </summary>
internal sealed record OptionsSection(string Path, Type Type)
{
    public static readonly IReadOnlyList<OptionsSection> All =
    [
        .. Assemblies().SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsClass && type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(type => (type, Field: type.GetField("Section", BindingFlags.Public | BindingFlags.Static)))
            .Where(found => found.Field is { IsLiteral: true })
            .Select(found => new OptionsSection((string)found.Field!.GetRawConstantValue()!, found.type))
            .OrderBy(section => section.Path, StringComparer.Ordinal),
    ];

    /// <summary>This one and those below it that are the gateway's own.</summary>
    private static IEnumerable<Assembly> Assemblies() => typeof(OptionsSection).Assembly.GetReferencedAssemblies()
        .Where(name => name.Name!.StartsWith("MeteringGateway", StringComparison.Ordinal))
        .Select(Assembly.Load)
        .Prepend(typeof(OptionsSection).Assembly);

    public PropertyInfo[] Properties { get; } =
        [.. Type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)];

    /// <summary>The value, bound and checked; what is wrong with it has been reported.</summary>
    public object Read(IConfiguration configuration, ConfigurationErrors errors)
    {
        if (Type.GetMethod("Read", [typeof(IConfiguration), typeof(ConfigurationErrors)]) is { IsStatic: true } own)
            return own.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [configuration, errors], null)!;
        var options = OptionsBinder.Bind(this, configuration, errors, Activator.CreateInstance(Type)!);
        Type.GetMethod("Check", [typeof(ConfigurationErrors)])?.Invoke(options, BindingFlags.DoNotWrapExceptions, null, [errors], null);
        return options;
    }

    public void Register(IServiceCollection services, object options) => services.AddSingleton(
        typeof(IOptions<>).MakeGenericType(Type), Activator.CreateInstance(typeof(OptionsWrapper<>).MakeGenericType(Type), options)!);
}
