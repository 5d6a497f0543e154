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
    private static readonly NullabilityInfoContext s_nullability = new();

    /// <summary>For callers that need a section before there are services, or one that stands many times.</summary>
    /// <param name="configuration">Where the section is.</param>
    /// <param name="sectionName">Its path there.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <param name="start">What holds where the section says nothing; null: the defaults of the class.</param>
    public static T Bind<T>(IConfiguration configuration, string sectionName, ConfigurationErrors errors, T? start = null)
        where T : class, new() => (T)Bind(new OptionsSection(sectionName, typeof(T)), configuration, errors, start ?? new T());

    public static object Bind(OptionsSection described, IConfiguration configuration, ConfigurationErrors errors, object options)
    {
        var isRoot = described.Path.Length == 0;
        var settings = isRoot ? configuration : configuration.GetSection(described.Path);
        var path = (settings as IConfigurationSection)?.Path ?? "";
        if (settings is IConfigurationSection { Value: not null } section)
            errors.AddWithoutValue(section.Path, ConfigurationShape.NoObject);
        foreach (var child in settings.GetChildren())
        {
            var property = described.Properties.FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                // The outermost names, and those of sections within this one, are other readers': SectionNames looks at them.
                if (!isRoot && !SectionNames.IsSection(child.Path))
                    errors.Unknown(path, child.Key, [.. described.Properties.Select(p => p.Name), .. SectionNames.Below(described.Path)]);
            }
            else if (property.PropertyType == typeof(IReadOnlyList<string>))
            {
                SetList(options, property, child, errors);
            }
            else if (child.GetChildren().Any())
            {
                errors.AddWithoutValue(child.Path, "is an object or a list: must be a single value");
            }
            else
            {
                Set(options, property, child, errors);
            }
        }
        foreach (var property in described.Properties)
        {
            if (property.IsDefined(typeof(RequiredAttribute)) && string.IsNullOrWhiteSpace(property.GetValue(options) as string))
                errors.Missing(isRoot ? property.Name : $"{path}:{property.Name}", "set");
        }
        return options;
    }

    private static void Set(object options, PropertyInfo property, IConfigurationSection setting, ConfigurationErrors errors)
    {
        // A null in the file, like an absent key, means the default; so does the empty text that a template leaves
        // of a setting without one.
        if (setting.Value is null || (setting.Value.Length == 0 && MayBeUnset(property)))
            return;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var expected = ConfigurationValue.Read(type, setting.Value, out var value);
        var range = property.GetCustomAttribute<RangeAttribute>();
        if (expected is null && range is not null && !range.IsValid(value))
            expected = $"from {Text(range.Minimum)} to {Text(range.Maximum)}";
        if (expected is not null)
            errors.Add(setting.Path, setting.Value, expected);
        else
            property.SetValue(options, value);
    }

    /// <summary>A list is an array, numbered names of the environment, or one text with ';' between.</summary>
    private static void SetList(object options, PropertyInfo property, IConfigurationSection setting, ConfigurationErrors errors)
    {
        var elements = setting.GetChildren().ToArray();
        if (elements.Length == 0)
        {
            if (setting.Value is not null)
                property.SetValue(
                    options, setting.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
        else if (elements.All(e => e.Value is not null && ConfigurationValue.TryWhole(e.Key, out _)))
        {
            property.SetValue(options, elements.Select(e => e.Value!.Trim()).ToArray());
        }
        else
        {
            errors.AddWithoutValue(setting.Path, "is an object: must be a list like [\"…\"]");
        }
    }

    private static bool MayBeUnset(PropertyInfo property)
    {
        lock (s_nullability)
            return s_nullability.Create(property).WriteState == NullabilityState.Nullable;
    }

    private static string? Text(object bound) => Convert.ToString(bound, CultureInfo.InvariantCulture);
}
