using System.Diagnostics;

namespace ResearchKit;

/// <summary>A set cut into cells, each with its free nodes.</summary>
/// <param name="Table">The objects in the order of the cells.</param>
/// <param name="Cells">The cells.</param>
/// <param name="Nodes">Their nodes.</param>
/// <param name="Plan">How the budget was spent.</param>
internal sealed record SyntheticCells(PointTable Table, Cell[] Cells, NodeCell[] Nodes, SyntheticPlan Plan)
{
    /// <summary>Nodes of all cells.</summary>
    public int Total => Nodes.Sum(n => n.Count);
}

/// <summary>Finds the free nodes of all cells, cells side by side, and meets the budget.</summary>
internal static unsafe class SyntheticRun
{
    /// <summary>The method's name in certificates.</summary>
    public const string Method = "free nodes";

    /// <summary>Plans that are tried before one with which even subsets fit.</summary>
    private const int Attempts = 3;

    /// <summary>Cuts a set of more objects than the budget into cells and reduces them.</summary>
    public static SyntheticCells Reduce(PointTable table, MomentSpace space, FreeNodeOptions options, int beyond)
    {
        ParallelOptions parallel = options.Parallel();
        var plan = SyntheticPlan.For(space, options.Budget, beyond);
        double done = 0;
        for (int attempt = 1; ; attempt++)
        {
            Cell[] cells = CellPartition.Build(table, space, plan.Cells, parallel, plan.NodesOf(0));
            NodeCell[] nodes = Run(table, cells, plan, options, parallel, ref done);
            var result = new SyntheticCells(table, cells, nodes, plan);
            if (result.Total <= options.Budget) return result;
            plan = plan.After(result.Total, attempt >= Attempts) ?? throw Impossible(space, options.Budget, result.Total);
        }
    }

    private static NodeCell[] Run(PointTable table, Cell[] cells, SyntheticPlan plan, FreeNodeOptions options, ParallelOptions parallel, ref double done)
    {
        var results = new NodeCell[cells.Length];
        double from = done, last = done;
        int ready = 0;
        Parallel.For(0, cells.Length, parallel, () => new GaussCell(plan.Levels, plan.Watched, options.Containment, options.Seed) { Cancellation = options.CancellationToken }, (c, _, worker) =>
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            fixed (double* rows = table.Rows, weights = table.Weights)
            {
                Cell cell = cells[c];
                results[c] = worker.Reduce(rows + (long)cell.Start * table.Dimension, weights == null ? null : weights + cell.Start, cell.Count, cell.Frame, plan.NodesOf(c), c);
            }
            // Counted and reported in one go: two threads must not report out of order.
            lock (results)
            {
                // Should some cells need more than planned, what is left of the bar is for the next attempt.
                last = from + (0.9 - from) * 0.8 * ++ready / cells.Length;
                options.Progress?.Report(new CompressionProgress("reduce", 0.1 + last));
            }
            return worker;
        }, static worker => worker.Dispose());
        done = last;
        return results;
    }

    /// <summary>Nodes, weights and members of the cells as a set, with its certificate.</summary>
    /// <param name="set">The original.</param>
    /// <param name="space">The promised moments.</param>
    /// <param name="found">The cells.</param>
    /// <param name="clock">Runs since the beginning.</param>
    public static SyntheticSet Collect(WeightedPoints set, MomentSpace space, SyntheticCells found, Stopwatch clock)
    {
        double kept = 0, squares = 0, diameter = 0;
        for (int c = 0; c < found.Cells.Length; c++)
        {
            CellResidual residual = found.Nodes[c].Residual;
            kept = Math.Max(kept, residual.Kept);
            squares += found.Nodes[c].Mass / set.Mass * residual.Next * residual.Next;
            diameter = Math.Max(diameter, found.Cells[c].Frame.Diameter(space.Metric));
        }
        double[] coordinates = [.. found.Nodes.SelectMany(n => n.Coordinates)], weights = [.. found.Nodes.SelectMany(n => n.Weights)];
        return Finish(set, space, found, new WeightedPoints(coordinates, set.Dimension, weights), Method, kept, Math.Sqrt(squares), diameter, 0, clock);
    }

    /// <summary>A set from points that are already made.</summary>
    public static SyntheticSet Finish(WeightedPoints set, MomentSpace space, SyntheticCells found, WeightedPoints points, string method, double kept, double next, double diameter, double offset, Stopwatch clock)
    {
        int[] members = [.. found.Table.Indices], starts = [.. found.Cells.Select(c => c.Start), found.Table.Count];
        for (int c = 0; c < found.Cells.Length; c++) Array.Sort(members, starts[c], starts[c + 1] - starts[c]);
        int[] cellOfNode = [.. found.Nodes.SelectMany((n, c) => Enumerable.Repeat(c, n.Count))];
        return new SyntheticSet(points, cellOfNode, members, starts, new Certificate
        {
            Method = method,
            MomentSpace = space.Name,
            OriginalCount = set.Count,
            Count = points.Count,
            Degree = space.Degree,
            Moments = space.Count,
            Cells = found.Cells.Length,
            MaxRank = found.Nodes.Max(n => n.Count),
            OriginalMass = set.Mass,
            Mass = points.Mass,
            MaxMomentResidual = kept,
            NextDegreeDefect = next,
            MaxCellDiameter = diameter,
            Seconds = clock.Elapsed.TotalSeconds,
            Bytes = sizeof(double) * ((long)found.Table.Count * (set.Dimension + 1) + (long)points.Count * (set.Dimension + 2)),
        }, offset);
    }

    /// <summary>A set that fits its budget, as one cell of nodes that have not moved.</summary>
    public static SyntheticSet Unchanged(WeightedPoints set, MomentSpace space, string method, Stopwatch clock)
    {
        var table = new PointTable(set);
        double[] rows = table.Rows.AsSpan(0, table.Count * table.Dimension).ToArray();
        double[] weights = table.Weights is { } given ? given.AsSpan(0, table.Count).ToArray() : [.. Enumerable.Repeat(1.0, table.Count)];
        var nodes = new NodeCell(rows, weights, set.Mass, default, false);
        var found = new SyntheticCells(table, [new Cell(0, table.Count, table.Frame(0, table.Count))], [nodes], SyntheticPlan.For(space, table.Count, 0));
        return Finish(set, space, found, new WeightedPoints(rows, set.Dimension, weights), method, 0, 0, 0, 0, clock);
    }

    internal static ArgumentOutOfRangeException Impossible(MomentSpace space, int budget, int taken)
        => new("options", budget, $"Budget d' = {budget} is too small: keeping {space.Name} took {taken} nodes on this set (N = {space.Count} moments, {SyntheticPlan.Least(space)} nodes at the very least). Raise the budget to at least {taken}, or lower the degree.");
}
