using ResearchKit.Benchmarks;

// dotnet run -c Release --project tests/ResearchKit.Benchmarks -- fig2 --output FILE [options]
string command = args.Length == 0 ? "" : args[0];
switch (command)
{
    case "fig2": return Fig2Command.Run(args[1..]);
    default:
        Console.Error.WriteLine($"Unknown benchmark '{command}'; use fig2.");
        return 2;
}
