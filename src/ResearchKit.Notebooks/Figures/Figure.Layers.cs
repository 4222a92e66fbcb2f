using System.Numerics;

namespace ResearchKit.Notebooks;

public sealed partial class Figure
{
    /// <summary>Adds a line through the points in the order given; NaN breaks it.</summary>
    /// <typeparam name="T">Any number: counts need no conversion.</typeparam>
    /// <param name="name">Legend entry.</param>
    /// <param name="x">Positions, any length.</param>
    /// <param name="y">Values, same length.</param>
    /// <param name="role">Decides the look.</param>
    /// <param name="markers">Whether the points are marked; by default where they are few enough to be told apart (25).</param>
    public Figure Line<T>(string name, IEnumerable<T> x, IEnumerable<double> y, Role role, bool? markers = null) where T : INumberBase<T>
    {
        var (xs, ys) = Pair(name, x, y);
        return Add(new(LayerKind.Line, name, role) { X = xs, Y = ys, Markers = markers ?? (xs.Length <= 25 && Style.Of(role).Marker != Marker.None) });
    }

    /// <summary>Adds a theorem's line: dotted, no markers.</summary>
    /// <typeparam name="T">Any number: counts need no conversion.</typeparam>
    /// <param name="name">Legend entry, such as "slope -2.5".</param>
    /// <param name="x">Positions.</param>
    /// <param name="y">Values, same length.</param>
    /// <param name="series">The family member that the line belongs to, if any (see <see cref="Role.TheoryOf"/>).</param>
    public Figure Theory<T>(string name, IEnumerable<T> x, IEnumerable<double> y, int? series = null) where T : INumberBase<T> =>
        Line(name, x, y, series is int i ? Role.TheoryOf(i) : Role.Theory, markers: false);

    /// <summary>Adds markers without a line.</summary>
    /// <typeparam name="T">Any number: counts need no conversion.</typeparam>
    /// <param name="name">Legend entry.</param>
    /// <param name="x">Positions.</param>
    /// <param name="y">Values, same length.</param>
    /// <param name="role">Decides the look; <see cref="Role.Authors"/> is hollow.</param>
    public Figure Points<T>(string name, IEnumerable<T> x, IEnumerable<double> y, Role role) where T : INumberBase<T>
    {
        var (xs, ys) = Pair(name, x, y);
        return Add(new(LayerKind.Points, name, role) { X = xs, Y = ys });
    }

    /// <summary>Adds markers whose area is proportional to a weight: a weighted point set as it is.</summary>
    /// <typeparam name="T">Any number: counts need no conversion.</typeparam>
    /// <param name="name">Legend entry.</param>
    /// <param name="x">Positions.</param>
    /// <param name="y">Values, same length.</param>
    /// <param name="weights">Nonnegative weights, same length.</param>
    /// <param name="role">Decides the look.</param>
    public Figure Scatter<T>(string name, IEnumerable<T> x, IEnumerable<double> y, IEnumerable<double> weights, Role role) where T : INumberBase<T>
    {
        var (xs, ys) = Pair(name, x, y);
        return Add(new(LayerKind.Points, name, role) { X = xs, Y = ys, Weights = CheckedWeights(name, weights, xs.Length) });
    }

    /// <summary>Adds a shaded band between two curves, such as a confidence interval. A line of the same name and role shares its legend entry.</summary>
    /// <typeparam name="T">Any number: counts need no conversion.</typeparam>
    /// <param name="name">Legend entry.</param>
    /// <param name="x">Positions.</param>
    /// <param name="lower">Lower curve, same length; runs down to the frame where a log axis cannot show it.</param>
    /// <param name="upper">Upper curve, same length.</param>
    /// <param name="role">Decides the colour.</param>
    public Figure Band<T>(string name, IEnumerable<T> x, IEnumerable<double> lower, IEnumerable<double> upper, Role role) where T : INumberBase<T>
    {
        double[] xs = Values(x), lo = Values(lower), hi = Values(upper);
        LayerCheck.SameLength(name, ("x", xs.Length), ("lower", lo.Length), ("upper", hi.Length));
        return Add(new(LayerKind.Band, name, role) { X = xs, Lower = lo, Upper = hi });
    }

    /// <summary>Adds points with vertical error bars.</summary>
    /// <typeparam name="T">Any number: counts need no conversion.</typeparam>
    /// <param name="name">Legend entry.</param>
    /// <param name="x">Positions.</param>
    /// <param name="y">Values, same length.</param>
    /// <param name="lower">Lower ends of the bars (values, not differences), same length.</param>
    /// <param name="upper">Upper ends of the bars, same length.</param>
    /// <param name="role">Decides the look.</param>
    public Figure ErrorBars<T>(string name, IEnumerable<T> x, IEnumerable<double> y, IEnumerable<double> lower, IEnumerable<double> upper, Role role) where T : INumberBase<T>
    {
        var (xs, ys) = Pair(name, x, y);
        double[] lo = Values(lower), hi = Values(upper);
        LayerCheck.SameLength(name, ("x", xs.Length), ("lower", lo.Length), ("upper", hi.Length));
        return Add(new(LayerKind.ErrorBars, name, role) { X = xs, Y = ys, Lower = lo, Upper = hi });
    }

    /// <summary>Adds points with symmetric vertical error bars.</summary>
    /// <typeparam name="T">Any number: counts need no conversion.</typeparam>
    /// <param name="name">Legend entry.</param>
    /// <param name="x">Positions.</param>
    /// <param name="y">Values, same length.</param>
    /// <param name="error">Half lengths of the bars, same length.</param>
    /// <param name="role">Decides the look.</param>
    public Figure ErrorBars<T>(string name, IEnumerable<T> x, IEnumerable<double> y, IEnumerable<double> error, Role role) where T : INumberBase<T>
    {
        var (xs, ys) = Pair(name, x, y);
        double[] e = Values(error);
        LayerCheck.SameLength(name, ("y", ys.Length), ("error", e.Length));
        return ErrorBars(name, xs, ys, ys.Zip(e, (v, s) => v - s), ys.Zip(e, (v, s) => v + s), role);
    }

    /// <summary>Adds one bar per category; several calls with the same categories stand side by side.</summary>
    /// <param name="name">Legend entry.</param>
    /// <param name="categories">Names along the x axis.</param>
    /// <param name="values">Heights, same length.</param>
    /// <param name="role">Decides the look.</param>
    public Figure Bars(string name, IEnumerable<string> categories, IEnumerable<double> values, Role role)
    {
        string[] names = [.. categories ?? throw new ArgumentNullException(nameof(categories))];
        double[] ys = Values(values);
        LayerCheck.SameLength(name, ("categories", names.Length), ("values", ys.Length));
        return Add(new(LayerKind.Bars, name, role) { Categories = names, X = [.. Enumerable.Range(0, names.Length).Select(i => (double)i)], Y = ys });
    }

    /// <summary>Adds a field of colours over a rectangular grid.</summary>
    /// <param name="name">What is shown; labels the colours unless <see cref="Z"/> does.</param>
    /// <param name="x">Column positions, ascending.</param>
    /// <param name="y">Row positions, ascending.</param>
    /// <param name="z">Values [rows, columns] = [y, x].</param>
    /// <param name="logColour">Colours follow log10 of the value.</param>
    public Figure Heatmap(string name, IEnumerable<double> x, IEnumerable<double> y, double[,] z, bool logColour = false)
    {
        ArgumentNullException.ThrowIfNull(z);
        double[] xs = Values(x), ys = Values(y);
        return Add(new(LayerKind.Heatmap, name, Role.Compressed) { X = xs, Y = ys, Grid = LayerCheck.Rows(name, xs, ys, z), LogColour = logColour });
    }

    /// <summary>Adds a surface in space over a rectangular grid.</summary>
    /// <param name="name">What is shown; labels the z axis unless <see cref="Z"/> does.</param>
    /// <param name="x">Column positions, ascending.</param>
    /// <param name="y">Row positions, ascending.</param>
    /// <param name="z">Heights [rows, columns] = [y, x].</param>
    public Figure Surface(string name, IEnumerable<double> x, IEnumerable<double> y, double[,] z)
    {
        ArgumentNullException.ThrowIfNull(z);
        double[] xs = Values(x), ys = Values(y);
        return Add(new(LayerKind.Surface, name, Role.Compressed) { X = xs, Y = ys, Grid = LayerCheck.Rows(name, xs, ys, z) });
    }

    /// <summary>Adds points in space, optionally with marker area proportional to a weight.</summary>
    /// <param name="name">Legend entry.</param>
    /// <param name="x">First coordinate.</param>
    /// <param name="y">Second coordinate, same length.</param>
    /// <param name="z">Third coordinate (up), same length.</param>
    /// <param name="role">Decides the look.</param>
    /// <param name="weights">Nonnegative weights, same length.</param>
    public Figure Scatter3D(string name, IEnumerable<double> x, IEnumerable<double> y, IEnumerable<double> z, Role role, IEnumerable<double>? weights = null)
    {
        double[] xs = Values(x), ys = Values(y), zs = Values(z);
        LayerCheck.SameLength(name, ("x", xs.Length), ("y", ys.Length), ("z", zs.Length));
        return Add(new(LayerKind.Scatter3D, name, role) { X = xs, Y = ys, Z = zs, Weights = weights is null ? [] : CheckedWeights(name, weights, xs.Length) });
    }

    private Figure Add(Layer layer) => Panel(p =>
    {
        if (layer.Role is { Kind: RoleKind.Baseline, Index: < 0 }) layer = layer with { Role = Role.BaselineAt(NextBaseline(p, layer.Name)) };
        return p with { Layers = [.. p.Layers, layer] };
    });

    private static int NextBaseline(PanelSpec panel, string name)
    {
        var baselines = panel.Layers.Where(l => l.Role.Kind == RoleKind.Baseline).ToList();
        return baselines.FirstOrDefault(l => l.Name == name) is { } same ? same.Role.Index
            : baselines.Count == 0 ? 0 : baselines.Max(l => l.Role.Index) + 1;
    }

    private static double[] CheckedWeights(string name, IEnumerable<double> weights, int points)
    {
        double[] w = Values(weights);
        LayerCheck.SameLength(name, ("x", points), ("weights", w.Length));
        int bad = Array.FindIndex(w, v => !(v >= 0 && double.IsFinite(v)));
        if (bad >= 0) throw new ArgumentException(FormattableString.Invariant($"Series '{name}': weights[{bad}] = {w[bad]:R}; an area needs a finite nonnegative weight."));
        return w;
    }

    private static (double[] X, double[] Y) Pair<T>(string name, IEnumerable<T> x, IEnumerable<double> y) where T : INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(name);
        double[] xs = Values(x), ys = Values(y);
        LayerCheck.SameLength(name, ("x", xs.Length), ("y", ys.Length));
        return (xs, ys);
    }

    private static double[] Values<T>(IEnumerable<T> values) where T : INumberBase<T> =>
        [.. (values ?? throw new ArgumentNullException(nameof(values))).Select(double.CreateChecked)];
}
