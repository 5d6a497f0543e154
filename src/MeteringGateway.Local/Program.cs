using System.Globalization;
using MeteringGateway.Local.Commands;

// What the program says is English, so what its libraries put into it should be, too.
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
return await LocalCommandLine.RunAsync(args, Console.Out, Console.Error);
