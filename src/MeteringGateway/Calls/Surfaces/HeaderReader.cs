using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>
/// Reads <c>Metadata:Header:&lt;Name&gt;</c> and fills in <c>${NAME}</c> from the environment. Values are never part of an
/// error: most of them are credentials.
/// </summary>
internal sealed partial class HeaderReader(Func<string, string?> environment)
{
    /// <summary>These frame the message or belong to one connection; HttpClient sets them itself.</summary>
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Content-Length", "Content-Type", "Expect", "Keep-Alive", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade");

    public ImmutableArray<KeyValuePair<string, string>> Read(IConfigurationSection section, ConfigurationErrors errors)
    {
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        if (section.Value is not null && !section.GetChildren().Any())
            errors.AddWithoutValue(section.Path, "is no header: must be Header:<Name>");
        foreach (var header in section.GetChildren())
        {
            if (!NameForm().IsMatch(header.Key))
                errors.AddWithoutValue(header.Path, "is no header's name: must be like Header:Authorization");
            else if (Reserved.Contains(header.Key))
                errors.AddWithoutValue(header.Path, "is set by the proxy: must be left out");
            else if (header.Value is null)
                errors.AddWithoutValue(header.Path, "has no value: must be text");
            else if (Expand(header, errors) is { } value)
                headers.Add(new(header.Key, value));
        }
        return headers.ToImmutable();
    }

    private string? Expand(IConfigurationSection header, ConfigurationErrors errors)
    {
        var complete = true;
        var value = VariableForm().Replace(header.Value!, match =>
        {
            var name = match.Groups[1].Value;
            var read = match.Groups[2].Success ? environment(name) : null;
            if (!match.Groups[2].Success)
                errors.AddWithoutValue(header.Path, "has a '${' without a name and '}': must be like Bearer ${ALPHA_KEY}");
            else if (string.IsNullOrWhiteSpace(read))
                errors.AddWithoutValue(header.Path, $"needs ${{{name}}}: {name} must be set in the environment");
            complete &= !string.IsNullOrWhiteSpace(read);
            return read ?? "";
        });
        if (!complete)
            return null;
        if (ValueForm().IsMatch(value))
            return value;
        errors.AddWithoutValue(
            header.Path, "has a value that is no header's (not shown): must be visible ASCII characters and inner spaces");
        return null;
    }

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)?(\})?")]
    private static partial Regex VariableForm();

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]+\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"^[!-~]([ \t!-~]*[!-~])?\z")]
    private static partial Regex ValueForm();
}
