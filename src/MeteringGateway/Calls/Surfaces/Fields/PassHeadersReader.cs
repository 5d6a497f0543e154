using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces.Fields;

/// <summary>Reads a surface's <c>PassHeaders</c>: what of a client's request its provider is told, beside what all are.</summary>
internal static partial class PassHeadersReader
{
    /// <summary>They go to every provider anyway.</summary>
    private static readonly FrozenSet<string> s_always = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Accept", "Content-Type");

    /// <summary>What only a proxy may say, or what is said by another header already.</summary>
    private static readonly FrozenSet<string> s_never = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "Set-Cookie", "Content-Encoding", "Via", "X-Real-IP");

    public static ImmutableArray<string> Read(SectionFields fields, ConfigurationErrors errors)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var element in fields.List("PassHeaders") ?? [])
        {
            if (element.Value is not { } name || !NameForm().IsMatch(name))
                errors.Add(element.Path, element.Value, "a header's name like X-Trace");
            else if (s_always.Contains(name))
                errors.Add(element.Path, name, "left out: it goes to every provider anyway");
            else if (s_never.Contains(name) || ConnectionHeaders.Contains(name))
                errors.Add(element.Path, name, "left out: it belongs to the client's connection or to the gateway, and goes no further");
            else if (names.Contains(name, StringComparer.OrdinalIgnoreCase))
                errors.Add(element.Path, name, "named once");
            else
                names.Add(name);
        }
        return names.ToImmutable();
    }

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z")]
    private static partial Regex NameForm();
}
