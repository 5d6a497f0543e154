using System.Globalization;
using MeteringGateway.Compare;
using MeteringGateway.Compare.Load;

CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
return args is [OpenLoadProcess.Verb, ..]
    ? OpenLoadProcess.Serve(args)
    : await CompareCommandLine.RunAsync(args, Console.Out, Console.Error);
