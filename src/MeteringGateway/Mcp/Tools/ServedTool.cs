using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace MeteringGateway.Mcp.Tools;

/// <summary>Whose credential a tool needs.</summary>
internal enum ToolCaller
{
    Account,

    /// <summary>A call is a key's to make.</summary>
    Key,

    /// <summary>Keys are a person's to hand out, where the operator allows it (<c>Mcp:Writes</c>).</summary>
    Writer,
}

/// <summary>A tool as it is listed, and what it does.</summary>
internal sealed record ServedTool(Tool Listed, ToolCaller Caller, Func<ToolCall, Task<CallToolResult>> RunAsync)
{
    private readonly string[] _arguments =
        [.. Listed.InputSchema.GetProperty("properties").EnumerateObject().Select(argument => argument.Name)];

    public string Name => Listed.Name;

    /// <summary>As <c>name.json</c> among the schemas describes it.</summary>
    public static ServedTool Of(string name, ToolCaller caller, Func<ToolCall, Task<CallToolResult>> runAsync)
    {
        using var file = typeof(ServedTool).Assembly.GetManifestResourceStream($"Mcp/Schemas/{name}.json")!;
        return new ServedTool(JsonSerializer.Deserialize<Tool>(file, McpJsonUtilities.DefaultOptions)!, caller, runAsync);
    }

    /// <summary>The same under the name that a published document has for it.</summary>
    public ServedTool Named(string name)
    {
        var listed = JsonSerializer.Deserialize<Tool>(
            JsonSerializer.SerializeToUtf8Bytes(Listed, McpJsonUtilities.DefaultOptions), McpJsonUtilities.DefaultOptions)!;
        listed.Name = name;
        return this with { Listed = listed };
    }

    /// <summary>An argument that nobody reads is a limit or a filter that the caller believes in.</summary>
    public void RefuseOthers(ToolCall call)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var given in call.Given.EnumerateObject())
        {
            if (!_arguments.Contains(given.Name))
            {
                call.Arguments.Refuse(given.Name, $"is not an argument of {Name}, which {Has()}");
            }
            else if (!seen.Add(given.Name))
            {
                call.Arguments.Refuse(given.Name, "is given twice");
            }
        }
    }

    private string Has() => _arguments.Length == 0 ? "has none" : "has " + string.Join(", ", _arguments);
}
