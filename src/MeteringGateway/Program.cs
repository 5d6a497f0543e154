using MeteringGateway.Console;

return await CommandLine.Build().Parse(args).InvokeAsync(CommandLine.Configuration);
