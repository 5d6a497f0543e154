using System.CommandLine;
using MeteringGateway.Local.Commands;

namespace MeteringGateway.Compare;

/// <summary>An option that takes some of the names that there are, with commas between them.</summary>
internal static class NamedOptions
{
    public static Option<string[]?> Of(string name, string description, IReadOnlyList<string> allowed) => new(name)
    {
        Description = $"{description} Of: {string.Join(", ", allowed)}.",
        HelpName = "NAMES",
        CustomParser = result =>
        {
            var names = (result.Tokens.Count > 0 ? result.Tokens[^1].Value : "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            foreach (var wrong in names.Where(one => !allowed.Contains(one)))
            {
                result.AddError($"{name} '{Typed.Plain(wrong)}' must be of: {string.Join(", ", allowed)}, with commas between them");
            }

            if (names.Length == 0)
            {
                result.AddError($"{name} must name some of: {string.Join(", ", allowed)}");
            }

            return names;
        },
    };
}
