using System.Diagnostics;

namespace ResearchKit;

/// <summary>
/// Replaces regression objects (x, y) by d' synthetic ones for squared losses: free nodes in x with free labels.
/// </summary>
/// <remarks>
/// <para>
/// A mean squared loss (1/C) sum_i c_i (f(x_i) - y_i)^2 sees of the labels only sum c y f(x) and the constant sum c y^2.
/// So cells are cut in x alone, and each keeps the moments of p(x) of degree 2k and those of y p(x) of degree k; the
/// constant is reported (<see cref="SyntheticSet.ConstantOffset"/>): loss of the originals = loss of the nodes + offset,
/// up to what f has beyond those degrees. Gradients need no offset at all.
/// </para>
/// <para>
/// The label of a node is the value there of the least-squares polynomial of degree k of its cell's labels: with the
/// moments of p(x) of degree 2k kept, these values have exactly the moments of y p(x). They are as smooth as the labels'
/// mean, and noise in the labels averages out in them, so labels do not grow.
/// </para>
/// <para>
/// A cell takes about 1.2 C(m+2k, 2k) / (m+1) nodes, m the coordinates of x: 3 at m = 2, k = 1, where a subset in (x, y)
/// takes C(m+1+k, k) for one degree less in x. The nodes are fit for squared losses only; another loss sees labels that
/// have lost their noise.
/// </para>
/// </remarks>
public static class FreeLabels
{
    private const string Method = "free nodes and labels";

    /// <summary>Compresses regression objects.</summary>
    /// <param name="set">d objects with their label among the coordinates, at least two of them.</param>
    /// <param name="labelCoordinate">Which coordinate is the label y, 0 to m.</param>
    /// <param name="options">
    /// k as <see cref="FreeNodeOptions.Degree"/>, the budget, and how to run; 1 or 2 is best for functions with kinks.
    /// A moment space cannot be given, and there are no degrees beyond 2k.
    /// </param>
    /// <returns>
    /// Nodes (x, y), their label at the same place, with the offset of the loss. A set of at most d' objects of positive
    /// weight comes back as it is.
    /// </returns>
    /// <exception cref="ArgumentException">No such coordinate, only one, a moment space, or a budget below one cell's nodes.</exception>
    /// <exception cref="ArithmeticException">The coordinates or weights span more than double precision holds.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static SyntheticSet Compress(WeightedPoints set, int labelCoordinate, FreeNodeOptions options)
    {
        var clock = Stopwatch.StartNew();
        MomentSpace space = Validated(set, labelCoordinate, options);
        options.CancellationToken.ThrowIfCancellationRequested();
        options.Progress?.Report(new CompressionProgress("partition", 0));
        (WeightedPoints inputs, double[] labels) = Separate(set, labelCoordinate);
        var table = new PointTable(inputs, options.Parallel());
        SyntheticSet result = table.Count <= options.Budget
            ? SyntheticRun.Unchanged(set, space, Method, clock)
            : WithLabels(set, labelCoordinate, space, Parallelism.Unwrap(() => SyntheticRun.Reduce(table, space, options, 0)), labels, options.Degree, clock);
        options.Progress?.Report(new CompressionProgress("done", 1));
        return result;
    }

    private static MomentSpace Validated(WeightedPoints set, int labelCoordinate, FreeNodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        if (set.Dimension < 2)
            throw new ArgumentException($"The set has m = {set.Dimension} coordinate; a label and at least one coordinate of x are needed. Put both into the set, or use FreeNodes for points without labels.", nameof(set));
        if (labelCoordinate < 0 || labelCoordinate >= set.Dimension)
            throw new ArgumentOutOfRangeException(nameof(labelCoordinate), labelCoordinate, $"The label must be one of the coordinates 0 to {set.Dimension - 1}.");
        if (options.MomentSpace is not null)
            throw new ArgumentException($"A moment space was given ({options.MomentSpace.Name}); free labels keep p(x) of degree 2k and y p(x) of degree k: set Degree = k instead.", nameof(options));
        if (options.Degree is < 0 or > byte.MaxValue / 2)
            throw new ArgumentOutOfRangeException(nameof(options), options.Degree, $"Degree k = {options.Degree}; it must lie between 0 and {byte.MaxValue / 2}, since degree 2k is kept in x (1 or 2 is a good choice).");
        return (options with { Degree = Math.Max(1, 2 * options.Degree) }).Validated(set.Dimension - 1);
    }

    private static (WeightedPoints Inputs, double[] Labels) Separate(WeightedPoints set, int labelCoordinate)
    {
        int m = set.Dimension, at = 0;
        var x = new double[set.Count * (m - 1)];
        var y = new double[set.Count];
        for (int i = 0; i < set.Count; i++)
        {
            ReadOnlySpan<double> row = set[i];
            for (int c = 0; c < m; c++)
            {
                if (c == labelCoordinate) y[i] = row[c];
                else x[at++] = row[c];
            }
        }
        return (new WeightedPoints(x, m - 1, set.WeightArray), y);
    }

    private static SyntheticSet WithLabels(WeightedPoints set, int labelCoordinate, MomentSpace space, SyntheticCells found, double[] labels, int degree, Stopwatch clock)
    {
        MomentSpace labelSpace = MomentSpace.TotalDegree(space.Dimension, degree);
        var coordinates = new double[found.Total * set.Dimension];
        var weights = new double[found.Total];
        var fitted = new LabelFit[found.Cells.Length];
        using var fitter = new LabelFitter(found.Table, labels, labelSpace);
        for (int c = 0; c < fitted.Length; c++) fitted[c] = fitter.Fit(found.Cells[c], found.Nodes[c]);
        double unit = Math.Sqrt(fitted.Select((f, c) => f.Original * found.Nodes[c].Mass).Sum() / set.Mass), kept = 0, defect = 0, diameter = 0;
        var offset = new CompensatedSum();
        int node = 0;
        for (int c = 0; c < fitted.Length; c++)
        {
            NodeCell cell = found.Nodes[c];
            offset.Add(cell.Mass * (fitted[c].Original - fitted[c].Synthetic));
            kept = Math.Max(kept, Math.Max(cell.Residual.Kept, unit > 0 ? fitted[c].Residual / unit : 0));
            defect += cell.Mass / set.Mass * cell.Residual.Next * cell.Residual.Next;
            diameter = Math.Max(diameter, found.Cells[c].Frame.Diameter(space.Metric));
            for (int i = 0; i < cell.Count; i++, node++)
            {
                weights[node] = cell.Weights[i];
                for (int j = 0, x = 0; j < set.Dimension; j++)
                    coordinates[node * set.Dimension + j] = j == labelCoordinate ? fitted[c].Labels[i] : cell.Coordinates[i * space.Dimension + x++];
            }
        }
        return SyntheticRun.Finish(set, space, found, new WeightedPoints(coordinates, set.Dimension, weights), Method,
            kept, Math.Sqrt(defect), diameter, offset.Total / set.Mass, clock);
    }
}

/// <summary>The labels of one cell's nodes.</summary>
/// <param name="Labels">One per node.</param>
/// <param name="Original">Mean of y^2 over the cell's objects.</param>
/// <param name="Synthetic">The same over its nodes.</param>
/// <param name="Residual">Largest difference of a moment of y p(x), relative to the cell's mass.</param>
internal readonly record struct LabelFit(double[] Labels, double Original, double Synthetic, double Residual);
