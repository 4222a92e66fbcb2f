namespace ResearchKit;

/// <summary>
/// Moves given nodes, and changes their weights, by as little as gives them the moments of a cell's points: the free nodes of
/// <see cref="GaussSystem"/>, but more of them than there are moments, and where they were wanted. One instance belongs to
/// one worker.
/// </summary>
internal sealed unsafe class NodeRestoration : IDisposable
{
    /// <summary>Beyond this the rounding of the sums takes over.</summary>
    private const double Wanted = 1e-14;

    /// <summary>Gauss-Newton steps at most; few do where nodes abound.</summary>
    private const int Steps = 60;

    private readonly MomentKernel kernel = new();
    private readonly GaussSolver solver = new();

    /// <summary>Cancels between steps.</summary>
    public CancellationToken Cancellation
    {
        set => solver.Cancellation = value;
    }

    /// <summary>Restores the moments of a space.</summary>
    /// <param name="points">The cell's points.</param>
    /// <param name="space">The moments, in the cell's frame.</param>
    /// <param name="nodes">n x m row-major; moved within the points' bounding box.</param>
    /// <param name="weights">n positive weights; they keep the points' mass.</param>
    /// <returns>
    /// False, with the nodes as they were, where the moments were not met to <see cref="GaussCell.Tolerance"/>. What rounding the
    /// nodes to their place costs comes on top: it is that of the coordinates, large for a tight cell far from the origin.
    /// </returns>
    public bool TryRestore(WeightedPoints points, MomentSpace space, Span<double> nodes, Span<double> weights)
    {
        int m = points.Dimension, n = weights.Length;
        LocalFrame frame = LocalFrame.Of(points);
        var totals = new MomentTotals(space.Count);
        fixed (double* p = points.CoordinateArray, c = points.WeightArray)
            kernel.SumCompensated(ProductBasis.Of(space), frame, p, c, points.Count, totals);
        var moments = new double[space.Count];
        for (int e = 0; e < moments.Length; e++) moments[e] = totals[e] / points.Mass;
        solver.System.SetTarget(space, moments, null, moments.Length);
        solver.SetNodes(n, moments.Length);
        int padded = solver.System.Padded;
        for (int i = 0; i < n; i++)
        {
            solver.Weights[i] = weights[i] / points.Mass;
            for (int j = 0; j < m; j++) solver.Positions[(long)j * padded + i] = (nodes[i * m + j] - frame.Center[j]) * frame.InverseHalfWidth[j];
        }
        var box = new GaussBox(m);
        // Nodes that have the moments already (as many as there are different points) stay as they are to the last bit.
        if (solver.TrySolve(box, Wanted, 0)) return true;
        if (!solver.TrySolve(box, Wanted, Steps) && !(solver.Largest <= GaussCell.Tolerance)) return false;
        for (int i = 0; i < n; i++)
            if (!(solver.Weights[i] * points.Mass > 0)) return false;
        for (int i = 0; i < n; i++)
        {
            weights[i] = solver.Weights[i] * points.Mass;
            for (int j = 0; j < m; j++)
            {
                double inverse = frame.InverseHalfWidth[j];
                double x = inverse > 0 ? frame.Center[j] + solver.Positions[(long)j * padded + i] / inverse : frame.Center[j];
                nodes[i * m + j] = Math.Clamp(x, frame.Lower[j], frame.Upper[j]);
            }
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        kernel.Dispose();
        solver.Dispose();
    }
}
