using System.Globalization;

namespace ResearchKit.Notebooks;

/// <summary>Checks series against each other and against their axes, and turns what cannot be drawn into gaps that are counted.</summary>
internal static class LayerCheck
{
    public static void SameLength(string series, params (string Name, int Length)[] parts)
    {
        if (parts.Any(p => p.Length != parts[0].Length))
            throw new ArgumentException(
                $"Series '{series}' has arrays of different lengths: {string.Join(", ", parts.Select(p => $"{p.Name} has {p.Length}"))}. Give one value per point.");
    }

    /// <summary>Copies a z grid into rows, which survive the trip through JSON.</summary>
    public static double[][] Rows(string series, double[] x, double[] y, double[,] z)
    {
        if (z.GetLength(0) != y.Length || z.GetLength(1) != x.Length)
            throw new ArgumentException(
                $"'{series}': the z grid is {z.GetLength(0)} x {z.GetLength(1)}, but there are {y.Length} y values (rows) and {x.Length} x values (columns).");
        if (z.Length == 0) throw new ArgumentException($"'{series}': the z grid is empty.");
        return [.. Enumerable.Range(0, y.Length).Select(r => Enumerable.Range(0, x.Length).Select(c => z[r, c]).ToArray())];
    }

    /// <summary>The panel with undrawable values replaced by NaN, and a sentence for each series that lost some.</summary>
    /// <exception cref="ArgumentException">A series has values, yet none that its axes can show.</exception>
    public static PanelSpec Clean(PanelSpec panel)
    {
        var notes = new List<string>();
        if (panel.IsSpatial && panel.Layers.Any(l => !l.IsSpatial))
            throw new ArgumentException("A figure is flat or spatial: Surface and Scatter3D cannot share axes with other kinds. Use Figure.Grid to set them side by side.");
        if (panel.IsSpatial && (panel.X.Log || panel.Y.Log || panel.Z.Log))
            throw new ArgumentException("Spatial figures have linear axes: take the logarithm of the data instead.");
        var bars = panel.Layers.Where(l => l.Kind == LayerKind.Bars).ToList();
        if (bars.Count > 0 && (panel.X.Log || panel.Layers.Any(l => l.Kind is not (LayerKind.Bars or LayerKind.ErrorBars))))
            throw new ArgumentException("Bars stand on an axis of names: they cannot share it with other kinds or be logarithmic in x.");
        if (bars.Any(b => !b.Categories.SequenceEqual(bars[0].Categories)))
            throw new ArgumentException($"Bars '{bars.First(b => !b.Categories.SequenceEqual(bars[0].Categories)).Name}' name other categories than '{bars[0].Name}'.");
        return panel with { Layers = [.. panel.Layers.Select(l => Clean(l, panel, notes))], Notes = notes };
    }

    private static Layer Clean(Layer layer, PanelSpec panel, List<string> notes)
    {
        int gaps = 0, below = 0, kept = 0;
        string? offender = null;
        double[] Pass(double[] values, bool log, string axis)
        {
            var copy = new double[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                copy[i] = values[i];
                if (!double.IsFinite(values[i])) { gaps++; copy[i] = double.NaN; }
                else if (log && values[i] <= 0)
                {
                    below++;
                    offender ??= string.Create(CultureInfo.InvariantCulture, $"{axis}[{i}] = {values[i]:R}");
                    copy[i] = double.NaN;
                }
                else kept++;
            }

            return copy;
        }

        bool y = panel.Y.Log;
        Layer clean = layer with
        {
            X = Pass(layer.X, panel.X.Log, "x"),
            Y = Pass(layer.Y, y, "y"),
            Z = Pass(layer.Z, false, "z"),
            Upper = Pass(layer.Upper, y, "upper"),
            Grid = [.. layer.Grid.Select(row => Pass(row, layer.LogColour, "z"))],
        };
        // A lower end at or below zero on a log axis runs down to the frame; it is no lost point.
        clean = clean with { Lower = [.. layer.Lower.Select(v => double.IsFinite(v) && !(y && v <= 0) ? v : double.NaN)] };
        if (below > 0 && !clean.Drawable())
            throw new ArgumentException($"Series '{layer.Name}' cannot be shown on a logarithmic axis: {offender} is not positive, and no point is left without such values.");
        string name = layer.Name.Length > 0 ? $"'{layer.Name}'" : "an unnamed series";
        if (gaps > 0) notes.Add($"{Count(gaps, "value")} of {name} {(gaps == 1 ? "is" : "are")} not a finite number and shown as a gap.");
        int outside = layer.Role.Kind == RoleKind.Theory ? 0 : clean.Y.Zip(clean.X).Count(p => Outside(p.First, panel.Y) || Outside(p.Second, panel.X));
        if (outside > 0) notes.Add($"{Count(outside, "point")} of {name} {(outside == 1 ? "lies" : "lie")} beyond the axes' limits.");
        if (below > 0) notes.Add($"{Count(below, "value")} of {name} {(below == 1 ? "is" : "are")} not positive and left out of the log axis (first: {offender}).");
        return clean;
    }

    /// <summary>Whether at least one point (or cell) has all its coordinates.</summary>
    private static bool Drawable(this Layer layer) => layer.Kind switch
    {
        LayerKind.Heatmap or LayerKind.Surface => layer.Grid.Any(r => r.Any(double.IsFinite)),
        LayerKind.Bars => layer.Y.Any(double.IsFinite),
        LayerKind.Band => layer.X.Zip(layer.Upper).Any(p => double.IsFinite(p.First) && double.IsFinite(p.Second)),
        _ => layer.X.Zip(layer.Y).Any(p => double.IsFinite(p.First) && double.IsFinite(p.Second)),
    };

    private static bool Outside(double value, AxisSpec axis) => value < axis.Min || value > axis.Max;

    private static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";
}
