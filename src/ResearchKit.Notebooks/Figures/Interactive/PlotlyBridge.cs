using System.Text.Json;
using Microsoft.FSharp.Collections;
using Plotly.NET;

namespace ResearchKit.Notebooks;

/// <summary>
/// The only code that touches Plotly.NET and F# types. It runs in <see cref="PlotlyContext"/>; calling it from the
/// default context would tie the process to one FSharp.Core.
/// </summary>
internal static class PlotlyBridge
{
    private const string Prefix = "Plotly.NET.plotly-", Suffix = ".min.js";

    /// <summary>Turns a figure's specification into Plotly's JSON: {data, layout, config}.</summary>
    internal static string Build(string specification)
    {
        FigureSpec figure = FigureSpec.FromJson(specification);
        var traces = PlotlyTraces.Of(figure).Select(members =>
        {
            var trace = new Trace((string)members["type"]);
            foreach (var (name, value) in members.Where(m => m.Key != "type")) trace.SetProperty(name, value);
            return trace;
        });
        var layout = new Layout();
        foreach (var (name, value) in PlotlyLayout.Of(figure)) layout.SetProperty(name, value);
        string chart = GenericChart.toFigureJson(GenericChart.NewMultiChart(ListModule.OfSeq(traces), layout, new Config(), new DisplayOptions()));
        // Plotly.NET leaves the config to its own pages: it joins data and layout here.
        return chart.TrimEnd()[..^1] + ",\"config\":" + JsonSerializer.Serialize(PlotlyLayout.Config()) + "}";
    }

    /// <summary>The plotly.js that this Plotly.NET was made for, licence header included.</summary>
    internal static string Script()
    {
        using Stream stream = typeof(Trace).Assembly.GetManifestResourceStream(Resource())!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Its version, such as 2.28.0.</summary>
    internal static string Version() => Resource()[Prefix.Length..^Suffix.Length];

    private static string Resource() =>
        typeof(Trace).Assembly.GetManifestResourceNames().FirstOrDefault(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal))
        ?? throw new InvalidOperationException("This Plotly.NET carries no plotly.js.");
}
