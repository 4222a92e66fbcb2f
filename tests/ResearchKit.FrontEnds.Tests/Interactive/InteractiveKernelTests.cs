using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ResearchKit.Engine;
using ResearchKit.Notebooks.Tests.Notebooks;

namespace ResearchKit.FrontEnds.Tests.Interactive;

/// <summary>One prepared clone for all classes about the kernel of .NET Interactive.</summary>
[CollectionDefinition(Name)]
public sealed class InteractiveCollection : ICollectionFixture<NotebookClone>
{
    public const string Name = "interactive";
}

/// <summary>
/// The notebooks in ResearchKit.InteractiveHost, a process of its own that has what the last .NET Interactive has (Roslyn 5.0
/// with C# 14, FSharp.Core 10.0, Microsoft's formatting package) and nothing of our engine.
/// </summary>
[Collection(InteractiveCollection.Name)]
public partial class InteractiveKernelTests(NotebookClone clone)
{
    private static readonly string[] FigureTypes = ["ResearchKit.Notebooks.Figure", "ResearchKit.Notebooks.KnobFigure"];

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Paths.Notebooks, "*.ipynb").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public async Task A_notebook_runs_and_shows_its_figures(string file)
    {
        string path = Path.Combine(clone.Root, "notebooks", "short-" + file);
        Notebook notebook = NotebookParameters.Apply(Notebook.Load(Path.Combine(Paths.Notebooks, file)),
            [.. TinyParameters.For(file).Select(NotebookParameters.ParseAssignment)]);
        notebook.Save(path);

        JsonNode result = await RunAsync(path);

        Assert.All(result["cells"]!.AsArray(), cell => Assert.True(cell!["error"] is null, $"{file}, cell {cell["id"]}:\n{cell["error"]}"));
        Assert.Equal(notebook.Cells.Count(c => c.Kind == CellKind.Code), result["cells"]!.AsArray().Count);
        JsonNode[] figures = [.. result["cells"]!.AsArray().SelectMany(c => c!["outputs"]!.AsArray()).Where(o => FigureTypes.Contains(o!["type"]!.GetValue<string>())).Select(o => o!["data"]!)];
        Assert.NotEmpty(figures);
        Assert.All(figures, figure =>
        {
            string html = figure["text/html"]!.GetValue<string>();
            Assert.Contains("<svg", html, StringComparison.Ordinal);
            JsonNode plotly = JsonNode.Parse(Data().Match(html).Groups[1].Value)!;
            // Behind sliders, the series and layouts of all pictures.
            Assert.NotEmpty((plotly["data"] ?? plotly["traces"])!.AsArray());
            Assert.NotNull(plotly["layout"] ?? plotly["layouts"]![0]);
        });
        Assert.Contains("plotly.js v", figures[0]["text/html"]!.GetValue<string>(), StringComparison.Ordinal);
        AssertTwoLibraries(result);
    }

    [Fact]
    public async Task A_bare_chart_of_Plotly_NET_does_not_compile_there()
    {
        // What Figure is for: the host has the kernel's FSharp.Core, not the one that Plotly.NET was built with.
        string path = Path.Combine(clone.Root, "notebooks", "bare.ipynb");
        const string Code = """
            #r "../environment/lib/Plotly.NET.dll"
            using Plotly.NET;
            GenericChart.toFigureJson(GenericChart.NewMultiChart(Microsoft.FSharp.Collections.FSharpList<Trace>.Empty, new Layout(), new Config(), new DisplayOptions()))
            """;
        await File.WriteAllTextAsync(path, new JsonObject
        {
            ["cells"] = new JsonArray(new JsonObject { ["cell_type"] = "code", ["id"] = "bare", ["source"] = Code }),
        }.ToJsonString(), TestContext.Current.CancellationToken);
        JsonNode result = await RunAsync(path, fails: true);
        string error = result["cells"]![0]!["error"]!.GetValue<string>();
        Assert.Contains("CS1705", error, StringComparison.Ordinal);
        Assert.Contains("'FSharp.Core, Version=10.1", error, StringComparison.Ordinal);
    }

    /// <summary>Cells live with the kernel's FSharp.Core; the newer one that Plotly.NET needs stays in its own context.</summary>
    private static void AssertTwoLibraries(JsonNode result)
    {
        ILookup<string, string> libraries = result["assemblies"]!.AsArray().Where(a => a!["name"]!.GetValue<string>() == "FSharp.Core")
            .ToLookup(a => a!["context"]!.GetValue<string>(), a => a!["version"]!.GetValue<string>());
        Assert.StartsWith("10.0.", Assert.Single(libraries["default"]), StringComparison.Ordinal);
        Assert.StartsWith("10.1.", Assert.Single(libraries["ResearchKit.Plotly"]), StringComparison.Ordinal);
        Assert.Equal(2, libraries.Count);
        Assert.DoesNotContain(result["assemblies"]!.AsArray(), a => a!["name"]!.GetValue<string>() == "ResearchKit.Engine");
        Assert.All(result["assemblies"]!.AsArray().Where(a => a!["name"]!.GetValue<string>().StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)),
            a => Assert.Equal("5.0.0.0", a!["version"]!.GetValue<string>()));
    }

    private async Task<JsonNode> RunAsync(string notebook, bool fails = false)
    {
        string result = Path.ChangeExtension(notebook, ".result.json");
        (int code, string text) = await clone.RunAsync(Host, notebook, result);
        Assert.True(File.Exists(result), text);
        JsonNode read = JsonNode.Parse(await File.ReadAllTextAsync(result, TestContext.Current.CancellationToken))!;
        Assert.True(code == (fails ? 1 : 0), $"{text}\n{read["cells"]!.AsArray()[^1]!["error"]}");
        return read;
    }

    /// <summary>The host beside this project, of the same configuration.</summary>
    private static string Host { get; } = Path.Combine(Paths.Root, "tests", "ResearchKit.InteractiveHost", "bin",
        new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "ResearchKit.InteractiveHost.dll");

    [GeneratedRegex("<script type=\"application/json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();
}
