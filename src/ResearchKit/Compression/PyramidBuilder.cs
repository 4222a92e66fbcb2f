namespace ResearchKit;

/// <summary>A node of the pyramid: a range of the table, and the objects that stand for it.</summary>
/// <param name="Start">First row.</param>
/// <param name="Count">Rows below.</param>
/// <param name="Frame">Frame of its bounding box.</param>
/// <param name="Left">First child, or -1 for a leaf.</param>
/// <param name="Right">Second child, or -1.</param>
internal sealed record PyramidNode(int Start, int Count, LocalFrame Frame, int Left, int Right)
{
    public int Parent { get; set; } = -1;

    /// <summary>Mass times diameter^(k+1): the error that reducing this node may add.</summary>
    public double Key { get; set; }

    public double Mass { get; set; }

    public int[] Rows { get; set; } = [];

    public double[] Weights { get; set; } = [];

    public int Rank { get; set; }

    public CellResidual Residual { get; set; }
}

/// <summary>Cuts and reduces the nodes of a pyramid, level by level from the leaves.</summary>
internal static unsafe class PyramidBuilder
{
    public static PyramidNode[] Build(PointTable table, MomentSpace space, CompressionOptions options)
    {
        var nodes = new List<PyramidNode>();
        var levels = new List<List<int>>();
        Cut(0, table.Count, 0);
        ParallelOptions parallel = CostModel.Fitting(table.Count, space, space.Count, options);
        var plan = CellPlan.OneCell(table.Frame(0, table.Count), space, 0, options.MomentsOnly);
        int done = 0;
        for (int level = levels.Count - 1; level >= 0; level--)
        {
            Parallel.ForEach(levels[level], parallel, () => new CellReducer(plan) { Cancellation = options.CancellationToken }, (index, _, reducer) =>
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                Reduce(table, nodes, nodes[index], reducer, space.Count, space.Count);
                // Counted and reported in one go: two threads must not report out of order.
                if (options.Progress is { } progress)
                    lock (nodes) progress.Report(new CompressionProgress("reduce", (double)++done / nodes.Count));
                return reducer;
            }, static reducer => reducer.Dispose());
        }
        foreach (PyramidNode n in nodes)
        {
            // Monotone by construction up to rounding: a parent is never merged before its children.
            n.Key = n.Mass * Math.Pow(n.Frame.Diameter(space.Metric), space.Order);
            if (n.Left >= 0) n.Key = Math.Max(n.Key, Math.Max(nodes[n.Left].Key, nodes[n.Right].Key));
        }
        return [.. nodes];

        int Cut(int start, int count, int depth)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            while (levels.Count <= depth) levels.Add([]);
            LocalFrame frame = table.Frame(start, count);
            int left = -1, right = -1;
            if (count > 2 * space.Count)
            {
                int half = count / 2;
                table.SelectNth(start, count, start + half, CellPartition.WidestSide(frame, space.Metric));
                left = Cut(start, half, depth + 1);
                right = Cut(start + half, count - half, depth + 1);
            }
            nodes.Add(new PyramidNode(start, count, frame, left, right) { Mass = table.Mass(start, count) });
            int index = nodes.Count - 1;
            if (left >= 0) nodes[left].Parent = nodes[right].Parent = index;
            levels[depth].Add(index);
            return index;
        }
    }

    /// <summary>The last merge of a budget, done again with more moments.</summary>
    public static PyramidNode Reread(PointTable table, MomentSpace space, PyramidNode[] nodes, int index, int spare)
    {
        var plan = CellPlan.OneCell(table.Frame(0, table.Count), space, spare, momentsOnly: false);
        using var reducer = new CellReducer(plan);
        var copy = nodes[index] with { };
        Reduce(table, nodes, copy, reducer, plan.KeptBy(0), space.Count);
        return copy;
    }

    /// <summary>A leaf that a budget leaves alone.</summary>
    public static CellResult Untouched(PointTable table, PyramidNode leaf)
    {
        var rows = new int[leaf.Count];
        var weights = new double[leaf.Count];
        for (int i = 0; i < leaf.Count; i++)
        {
            rows[i] = leaf.Start + i;
            weights[i] = table.Weights is null ? 1.0 : table.Weights[leaf.Start + i];
        }
        return new CellResult(rows, weights, 0, leaf.Mass, default);
    }

    private static void Reduce(PointTable table, IReadOnlyList<PyramidNode> nodes, PyramidNode node, CellReducer reducer, int keep, int matched)
    {
        int m = table.Dimension;
        // Every node is reduced for itself: which nodes a budget joins is not known yet.
        reducer.Neighbours.Clear();
        fixed (double* rows = table.Rows, given = table.Weights)
        {
            double* original = rows + (long)node.Start * m;
            double* weights = given == null ? null : given + node.Start;
            if (node.Left < 0)
            {
                node.Residual = reducer.ReduceAndRepair(original, weights, node.Count, node.Frame, keep, node.Mass);
                node.Residual.Require(node.Count);
                Store(node, reducer, i => node.Start + i);
                return;
            }
            PyramidNode a = nodes[node.Left], b = nodes[node.Right];
            int[] members = [.. a.Rows, .. b.Rows];
            double[] memberWeights = [.. a.Weights, .. b.Weights];
            var points = new double[members.Length * m];
            for (int i = 0; i < members.Length; i++) table.Rows.AsSpan(members[i] * m, m).CopyTo(points.AsSpan(i * m));
            fixed (double* p = points, w = memberWeights)
            {
                // Children carry rounding errors of their own: aim at the original points instead.
                node.Residual = reducer.ReduceAndRepair(p, w, members.Length, node.Frame, keep, node.Mass,
                    () => reducer.MeasureOriginal(original, weights, node.Count, node.Frame, matched));
                node.Residual.Require(node.Count);
            }
            Store(node, reducer, i => members[i]);
        }
    }

    private static void Store(PyramidNode node, CellReducer reducer, Func<int, int> row)
    {
        node.Rows = new int[reducer.Count];
        for (int i = 0; i < node.Rows.Length; i++) node.Rows[i] = row(reducer.Positions[i]);
        node.Weights = reducer.Weights.ToArray();
        node.Rank = reducer.Rank;
    }
}
