using System.Text.Json;
using System.Text.Json.Serialization;

namespace ResearchKit.Notebooks;

internal enum LayerKind { Line, Points, Band, ErrorBars, Bars, Heatmap, Surface, Scatter3D }

/// <summary>One axis: its label, whether it is logarithmic, and limits if they are not left to the data.</summary>
internal sealed record AxisSpec(string Label, bool Log = false, double? Min = null, double? Max = null);

/// <summary>One drawn series. Which arrays are set depends on the kind.</summary>
internal sealed record Layer(LayerKind Kind, string Name, Role Role)
{
    public double[] X { get; init; } = [];
    public double[] Y { get; init; } = [];
    public double[] Z { get; init; } = [];

    /// <summary>Lower ends of a band or of error bars, in the unit of the y axis.</summary>
    public double[] Lower { get; init; } = [];
    public double[] Upper { get; init; } = [];

    /// <summary>Marker area is proportional to these; empty means equal markers.</summary>
    public double[] Weights { get; init; } = [];
    public string[] Categories { get; init; } = [];

    /// <summary>Rows of a z grid, one per y value.</summary>
    public double[][] Grid { get; init; } = [];

    /// <summary>Whether a line shows its points.</summary>
    public bool Markers { get; init; }

    /// <summary>Whether a heat map's colours follow log10 of z.</summary>
    public bool LogColour { get; init; }

    [JsonIgnore]
    public bool IsSpatial => Kind is LayerKind.Surface or LayerKind.Scatter3D;

    [JsonIgnore]
    public bool HasColourBar => Kind is LayerKind.Heatmap;

    [JsonIgnore]
    public bool InLegend => Name.Length > 0 && Kind is not (LayerKind.Heatmap or LayerKind.Surface);
}

/// <summary>One pair (or triple) of axes with what is drawn in it.</summary>
internal sealed record PanelSpec(string Title, AxisSpec X, AxisSpec Y, AxisSpec Z, IReadOnlyList<Layer> Layers)
{
    public IReadOnlyList<string> Notes { get; init; } = [];

    [JsonIgnore]
    public bool IsSpatial => Layers.Any(l => l.IsSpatial);

    /// <summary>Category names if the x axis is one of names, otherwise empty.</summary>
    [JsonIgnore]
    public string[] Categories => Layers.FirstOrDefault(l => l.Kind == LayerKind.Bars)?.Categories ?? [];
}

/// <summary>A slider: the knob's name and unit, the labels of its stops, and where it stands at first.</summary>
internal sealed record ControlSpec(string Name, string Unit, IReadOnlyList<string> Stops, int Active);

/// <summary>A whole figure as plain data: what the static and the interactive renderers both draw.</summary>
internal sealed record FigureSpec(string Title, string Caption, IReadOnlyList<PanelSpec> Panels, int Columns, int Width, int PanelHeight)
{
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Sliders under the interactive view; the static picture has none.</summary>
    public IReadOnlyList<ControlSpec> Controls { get; init; } = [];

    [JsonIgnore]
    public int RowCount => (Panels.Count + Columns - 1) / Columns;

    /// <summary>One entry per name and look, in order of first use: grids share their legend.</summary>
    [JsonIgnore]
    public IReadOnlyList<Layer> Legend =>
        [.. Panels.SelectMany(p => p.Layers).Where(l => l.InLegend).GroupBy(l => (l.Name, l.Role, l.Kind is LayerKind.Band))
            // A line says more about a series than its points or its error bars do.
            .Select(g => g.OrderBy(l => l.Kind == LayerKind.Line ? 0 : 1).First())
            // A band that carries the name of a line belongs to that line.
            .GroupBy(l => (l.Name, l.Role)).Select(g => g.OrderBy(l => l.Kind == LayerKind.Band ? 1 : 0).First())];

    /// <summary>The caption with what had to be left out, said in words.</summary>
    [JsonIgnore]
    public string FullCaption => string.Join(' ', new[] { Caption }.Concat(Panels.SelectMany(p => p.Notes).Distinct()).Where(s => s.Length > 0));

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    public static FigureSpec FromJson(string json) => JsonSerializer.Deserialize<FigureSpec>(json, s_json)!;
}
