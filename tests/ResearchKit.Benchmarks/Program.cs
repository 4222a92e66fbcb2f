using ResearchKit.Benchmarks;

// dotnet run -c Release --project tests/ResearchKit.Benchmarks -- one-cell | reference | cells [m k d rounds] | all (the default)
//   | limits [one-cell|small|many|large|free|step ...]
//   | fig2 --output FILE [options] | polylog fig8|line --output FILE [options] | structured [seeds d]
//   | free nodes|fig2|labels [options] | tolerance [--trials 4] [...] | certificate | models
//   | neurons [seeds width budget candidates] | layers [seeds | train seeds epochs] | heads [seeds | train seeds]
//   | step [options] | fig4 --folder FOLDER [options] | fig7 --output FILE [--seeds 3] | width-budget --output FILE [options]
//   | stream file --folder FOLDER [options] | stream error [options] | stream drift
//   | audit [--scale 1] [--seed 1] [--large] | scaling | soak [--minutes 30] [--seed 1]
//   | fig3|fig5a|fig5b|stretched|landscape --output FILE [options]
string command = args.Length == 0 ? "all" : args[0];
switch (command)
{
    case "one-cell": OneCellCommand.Run(Machine.Describe()); break;
    case "reference": ReferenceCommand.Run(Machine.Describe()); break;
    case "limits": return LimitsCommand.Run(args[1..]);
    case "cells": CellsCommand.Run(Machine.Describe(), [.. args.Skip(1).Select(int.Parse)]); break;
    case "structured": StructuredCommand.Run([.. args.Skip(1).Select(int.Parse)]); break;
    case "fig2": return Fig2Command.Run(args[1..]);
    case "polylog": return PolylogCommand.Run(args[1..]);
    case "free": return FreeCommand.Run(args[1..]);
    case "tolerance": return ToleranceCommand.Run(args[1..]);
    case "step": return StepCommand.Run(args[1..]);
    case "fig4": return Fig4Command.Run(args[1..]);
    case "width-budget": return WidthBudgetCommand.Run(args[1..]);
    case "fig7": return Fig7Command.Run(args[1..]);
    case "housing": return HousingCommand.Run(args[1..]);
    case "fig3": return Fig3Command.Run(args[1..]);
    case "fig5a": return Fig5Command.RunDatasets(args[1..]);
    case "fig5b": return Fig5Command.RunWidths(args[1..]);
    case "stretched": return StretchedCommand.Run(args[1..]);
    case "landscape": return LandscapeCommand.Run(args[1..]);
    case "certificate": CertificateCommand.Run(); break;
    case "audit": return AuditCommand.Run(args[1..]);
    case "soak": return SoakCommand.Run(args[1..]);
    case "scaling": return ScalingCommand.Run(Machine.Describe());
    case "neurons": NeuronsCommand.Run(args[1..]); break;
    case "layers": LayersCommand.Run(args[1..]); break;
    case "stream": return StreamCommand.Run(args[1..]);
    case "heads": HeadsCommand.Run(args[1..]); break;
    case "models": ModelsCommand.Run(Machine.Describe()); break;
    case "all":
        Machine machine = Machine.Describe();
        OneCellCommand.Run(machine);
        ReferenceCommand.Run(machine);
        CellsCommand.Run(machine);
        break;
    default:
        Console.Error.WriteLine($"Unknown benchmark '{command}'; use limits, one-cell, reference, cells, fig2, polylog, structured, free, tolerance, certificate, audit, scaling, soak, models, neurons, layers, heads, step, fig3, fig4, fig5a, fig5b, fig7, landscape, stretched, width-budget, stream, housing or all.");
        return 2;
}
return 0;
