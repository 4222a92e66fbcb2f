using System.CommandLine;
using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`researchkit info`: the machine, the versions, the clone, and what is missing.</summary>
internal static class InfoCommand
{
    private static readonly (string Package, string Assembly)[] Packages =
    [
        ("MathNet.Numerics", "MathNet.Numerics"),
        ("Microsoft.CodeAnalysis.CSharp.Scripting", "Microsoft.CodeAnalysis.CSharp.Scripting"),
        ("Microsoft.DotNet.Interactive.Formatting", "Microsoft.DotNet.Interactive.Formatting"),
        ("Microsoft.Data.Analysis", "Microsoft.Data.Analysis"),
        ("Parquet.Net", "Parquet"),
        ("Plotly.NET", "Plotly.NET"),
        ("Spectre.Console", "Spectre.Console"),
        ("System.CommandLine", "System.CommandLine"),
    ];

    public static Command Create(CliContext context)
    {
        var command = new DocumentedCommand("info", "Shows the machine, the versions, the clone and what is missing.");
        command.Examples.Add(("researchkit info", "what to paste into a bug report"));
        command.SetAction(_ => Run(context));
        return command;
    }

    private static int Run(CliContext context)
    {
        var machine = new List<(string, string)>
        {
            ("system", $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}"),
            ("processors", $"{Environment.ProcessorCount}"),
            ("vectors", $"Vector<double>.Count = {Vector<double>.Count}; {VectorSets()}"),
            ("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:F1} GB available to this process"),
            (".NET", RuntimeInformation.FrameworkDescription),
        };
        Table(context, "Machine", machine);

        var versions = new List<(string, string)> { ("ResearchKit", Versions.OfResearchKit) };
        var missing = new List<(string What, string Remedy)>();
        foreach ((string package, string assembly) in Packages)
        {
            string? version = VersionOf(context, assembly);
            versions.Add((package, version ?? "missing"));
            if (version is null) missing.Add((package, "build the solution again: dotnet build"));
        }
        Table(context, "Versions", versions);
        Table(context, "Clone", Clone(context, missing));

        context.Out.WriteLine();
        if (missing.Count == 0)
            context.Out.MarkupLine("[green]Nothing is missing.[/]");
        foreach ((string what, string remedy) in missing)
            context.Out.MarkupLine($"[yellow]missing:[/] {Markup.Escape(what)}; {Markup.Escape(remedy)}");
        return ExitCodes.Ok;
    }

    private static List<(string, string)> Clone(CliContext context, List<(string What, string Remedy)> missing)
    {
        if (Repository.Find(context) is not { } repository)
        {
            missing.Add(("a clone of ResearchKit", "change into it; `compress` works anywhere, `reproduce` and `notebooks` need it"));
            return [("root", "not found")];
        }
        int notebooks = Directory.Exists(repository.Notebooks) ? Directory.GetFiles(repository.Notebooks, "*.ipynb").Length : 0;
        if (notebooks == 0) missing.Add(($"notebooks in '{context.Display(repository.Notebooks)}'", "restore them: git checkout -- notebooks"));
        if (!Directory.Exists(repository.Datasets)) missing.Add(($"folder '{context.Display(repository.Datasets)}'", "restore it: git checkout -- datasets"));
        LibraryState state = NotebookLibrary.StateOf(repository.Library, DependencyClosure.Of(context.BaseDirectory));
        if (state != LibraryState.Current)
            missing.Add(($"an up-to-date '{context.Display(repository.Library)}'", "run: researchkit notebooks prepare"));
        string report = Path.Combine(repository.Report, "index.html");
        return
        [
            ("root", repository.Root),
            ("notebooks", $"{notebooks} in {repository.Notebooks}"),
            ("datasets", Directory.Exists(repository.Datasets) ? repository.Datasets : "missing"),
            ("library for notebooks", $"{state.ToString().ToLowerInvariant()} ({repository.Library})"),
            ("last report", File.Exists(report) ? $"{report}, {File.GetLastWriteTime(report):yyyy-MM-dd HH:mm}" : "none"),
        ];
    }

    /// <summary>The instruction sets that the runtime may use here.</summary>
    internal static string VectorSets()
    {
        string[] sets =
        [
            .. Set("AVX-512F", Avx512F.IsSupported), .. Set("AVX2", Avx2.IsSupported), .. Set("FMA", Fma.IsSupported),
            .. Set("SSE4.2", Sse42.IsSupported), .. Set("AdvSimd", AdvSimd.Arm64.IsSupported), .. Set("SVE", IsSve()),
        ];
        string hardware = Vector512.IsHardwareAccelerated ? "512 bits" : Vector256.IsHardwareAccelerated ? "256 bits" : Vector128.IsHardwareAccelerated ? "128 bits" : "none";
        return $"{(sets.Length > 0 ? string.Join(", ", sets) : "no vector instructions")}; widest in use {hardware}";

        static string[] Set(string name, bool supported) => supported ? [name] : [];
    }

    private static bool IsSve()
    {
#pragma warning disable SYSLIB5003 // Sve is marked as experimental; asking whether it exists is not.
        return Sve.IsSupported;
#pragma warning restore SYSLIB5003
    }

    private static string? VersionOf(CliContext context, string assembly)
    {
        string file = Path.Combine(context.BaseDirectory, assembly + ".dll");
        if (!File.Exists(file)) return null;
        string? product = System.Diagnostics.FileVersionInfo.GetVersionInfo(file).ProductVersion;
        return string.IsNullOrWhiteSpace(product) ? AssemblyName.GetAssemblyName(file).Version?.ToString() : product.Split('+')[0];
    }

    private static void Table(CliContext context, string title, IEnumerable<(string Name, string Value)> rows)
    {
        Table table = new Table().Border(TableBorder.None).HideHeaders().AddColumn(new TableColumn("").NoWrap().PadLeft(2)).AddColumn("");
        foreach ((string name, string value) in rows)
            table.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
        context.Out.WriteLine();
        context.Out.MarkupLine($"[bold]{title}[/]");
        context.Out.Write(table);
    }
}
