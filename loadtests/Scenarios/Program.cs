using System.Globalization;
using MeteringGateway.Scenarios;

CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
return await RunCommandLine.RunAsync(args, Console.Out, Console.Error);
