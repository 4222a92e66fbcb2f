namespace ResearchKit;

/// <summary>What became of one cell.</summary>
/// <param name="Rows">Rows of the table that were kept.</param>
/// <param name="Weights">Their weights.</param>
/// <param name="Rank">Numerical rank of the cell's moment matrix.</param>
/// <param name="Mass">Mass of the original points.</param>
/// <param name="Residual">What the moments still differ by.</param>
internal sealed record CellResult(int[] Rows, double[] Weights, int Rank, double Mass, CellResidual Residual);

/// <summary>Reduces all cells in parallel: neighbourhoods of consecutive cells in turn, neighbourhoods side by side.</summary>
internal static unsafe class CellRun
{
    /// <summary>
    /// Consecutive cells (neighbours in the k-d order) that balance their defects. More cells balance better, but a
    /// smooth function's derivative varies over them; fixed, so that the number of threads does not show.
    /// </summary>
    private const int Neighbourhood = 4;

    /// <summary>Reduces every cell of a plan.</summary>
    public static CellResult[] Reduce(PointTable table, Cell[] cells, CellPlan plan, CompressionOptions options, ParallelOptions parallel, CellProgress progress)
    {
        var results = new CellResult[cells.Length];
        int[] keep = Shares(cells, plan);
        int blocks = (cells.Length + Neighbourhood - 1) / Neighbourhood;
        Parallel.For(0, blocks, parallel, () => new CellReducer(plan) { Inner = blocks == 1 ? parallel : null, Cancellation = options.CancellationToken }, (block, _, reducer) =>
        {
            reducer.Neighbours.Clear();
            int end = Math.Min(cells.Length, (block + 1) * Neighbourhood);
            for (int c = block * Neighbourhood; c < end; c++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                results[c] = ReduceOne(table, cells[c], keep[c], reducer);
                progress.Done();
            }
            return reducer;
        }, static reducer => reducer.Dispose());
        return results;
    }

    /// <summary>
    /// Objects for each cell: as planned, but what a cell has too few points for goes to cells with points to spare.
    /// </summary>
    private static int[] Shares(Cell[] cells, CellPlan plan)
    {
        var keep = new int[cells.Length];
        int left = 0, most = plan.KeptBy(0);
        for (int c = 0; c < keep.Length; c++)
        {
            keep[c] = plan.KeptBy(c);
            left += Math.Max(0, keep[c] - cells[c].Count);
        }
        for (int c = 0; c < keep.Length && left > 0; c++)
        {
            if (keep[c] >= most || cells[c].Count <= keep[c]) continue;
            keep[c]++;
            left--;
        }
        return keep;
    }

    private static CellResult ReduceOne(PointTable table, Cell cell, int keep, CellReducer reducer)
    {
        double mass = table.Mass(cell.Start, cell.Count);
        fixed (double* rows = table.Rows, weights = table.Weights)
        {
            double* p = rows + (long)cell.Start * table.Dimension;
            double* w = weights == null ? null : weights + cell.Start;
            CellResidual residual = reducer.ReduceAndRepair(p, w, cell.Count, cell.Frame, keep, mass);
            residual.Require(cell.Count);
            int[] kept = reducer.Positions.ToArray();
            for (int i = 0; i < kept.Length; i++) kept[i] += cell.Start;
            return new CellResult(kept, reducer.Weights.ToArray(), reducer.Rank, mass, residual);
        }
    }
}
