using MeteringGateway.Console;

var parsed = CommandLine.Build().Parse(args);
var code = await parsed.InvokeAsync(CommandLine.Configuration);

// The library ends a wrong usage like any failure; a script should be able to tell them apart.
return parsed.Errors.Count > 0 ? 2 : code;
