using System.Globalization;
using MeteringGateway.Cli;

// What the program says is English, so what its libraries put into it should be, too.
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
