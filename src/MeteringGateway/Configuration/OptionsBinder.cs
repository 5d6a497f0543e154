using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace MeteringGateway.Configuration;

/// <summary>
/// Binds a section to an options class. The framework's binder stops at the first value that doesn't convert and
/// ignores what it doesn't know; this one reports every wrong value and every unknown key.
/// </summary>
internal static class OptionsBinder
{
    public static T Bind<T>(IConfiguration configuration, string sectionName, ConfigurationErrors errors)
        where T : class, new()
    {
        var options = new T();
        var section = configuration.GetSection(sectionName);
        var properties = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToArray();
        foreach (var child in section.GetChildren())
        {
            var property = properties.FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
                errors.Unknown(section.Path, child.Key, [.. properties.Select(p => p.Name)]);
            else if (child.GetChildren().Any())
                errors.AddWithoutValue(child.Path, "is an object or a list: must be a single value");
            else
                Set(options, property, child, errors);
        }
        foreach (var property in properties)
        {
            if (property.IsDefined(typeof(RequiredAttribute)) && string.IsNullOrWhiteSpace(property.GetValue(options) as string))
                errors.Missing($"{section.Path}:{property.Name}", "set");
        }
        return options;
    }

    private static void Set(object options, PropertyInfo property, IConfigurationSection setting, ConfigurationErrors errors)
    {
        // A null in the file, like an absent key, means the default.
        if (setting.Value is null)
            return;
        var expected = ConfigurationValue.Read(property.PropertyType, setting.Value, out var value);
        var range = property.GetCustomAttribute<RangeAttribute>();
        if (expected is null && range is not null && !range.IsValid(value))
            expected = $"from {Text(range.Minimum)} to {Text(range.Maximum)}";
        if (expected is not null)
            errors.Add(setting.Path, setting.Value, expected);
        else
            property.SetValue(options, value);
    }

    private static string? Text(object bound) => Convert.ToString(bound, CultureInfo.InvariantCulture);
}
