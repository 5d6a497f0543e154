using System.CommandLine;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary><c>surfaces list</c>: what a running gateway sells now.</summary>
internal static class SurfacesCommand
{
    public static Command Build()
    {
        var operators = new OperatorOptions();
        var list = new Command("list", "List the surfaces with their chains of providers.").Run(operators, async verb =>
        {
            // As it came, for a gateway may say more of a surface than this table shows.
            if (verb.IsJson)
            {
                verb.ShowJson(await verb.Api.AskAsync(HttpMethod.Get, "admin/surfaces", verb.Cancellation));
                return KeysCommand.Done;
            }

            var table = Tables.WithColumns("Surface", "Name", "Providers");
            foreach (var surface in (await verb.Api.GetAsync<SurfacesAnswer>("admin/surfaces", verb.Cancellation)).Surfaces)
            {
                table.Add(surface.Slug, surface.Name, string.Join(", ", surface.Providers));
            }

            Tables.Write(verb.Output, table);
            return KeysCommand.Done;
        });
        var command = new Command("surfaces", "What a running gateway sells.") { list };
        operators.AddTo(command);
        return command;
    }
}
