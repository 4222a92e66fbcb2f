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
    private const int Neighbourhood = 8;

    /// <summary>How much of its neighbours' defect a cell sees.</summary>
    private const double NeighbourShare = 0.5;

    /// <summary>Reduces every cell of a plan.</summary>
    public static CellResult[] Reduce(PointTable table, Cell[] cells, CellPlan plan, CompressionOptions options, ParallelOptions parallel)
    {
        var results = new CellResult[cells.Length];
        int done = 0;
        int blocks = (cells.Length + Neighbourhood - 1) / Neighbourhood;
        Parallel.For(0, blocks, parallel, () => new Worker(plan, blocks == 1 ? parallel : null), (block, _, worker) =>
        {
            worker.Neighbours?.Clear();
            int end = Math.Min(cells.Length, (block + 1) * Neighbourhood);
            for (int c = block * Neighbourhood; c < end; c++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                results[c] = ReduceOne(table, cells[c], worker.For(c), worker.Neighbours);
                if (options.Progress is not { } progress) continue;
                // Counted and reported in one go: two threads must not report out of order.
                lock (results) progress.Report(new CompressionProgress("reduce", 0.1 + 0.85 * ++done / cells.Length));
            }
            return worker;
        }, static worker => worker.Dispose());
        return results;
    }

    private static CellResult ReduceOne(PointTable table, Cell cell, CellReducer reducer, NeighbourDefect? neighbours)
    {
        double mass = table.Mass(cell.Start, cell.Count);
        fixed (double* rows = table.Rows, weights = table.Weights)
        {
            double* p = rows + (long)cell.Start * table.Dimension;
            double* w = weights == null ? null : weights + cell.Start;
            reducer.Reduce(p, w, cell.Count, cell.Frame, neighbours);
            CellResidual residual = reducer.Repair(p, cell.Frame, mass);
            int[] kept = reducer.Positions.ToArray();
            for (int i = 0; i < kept.Length; i++) kept[i] += cell.Start;
            return new CellResult(kept, reducer.Weights.ToArray(), reducer.Rank, mass, residual);
        }
    }

    /// <summary>One thread's buffers, for cells with and without one more moment.</summary>
    private sealed class Worker(CellPlan plan, ParallelOptions? inner) : IDisposable
    {
        private readonly CellReducer?[] reducers = new CellReducer?[2];

        public NeighbourDefect? Neighbours { get; private set; }

        public CellReducer For(int cell)
        {
            int which = cell < plan.OneMore ? 1 : 0;
            if (reducers[which] is { } known) return known;
            var reducer = new CellReducer(plan.SpaceOf(cell), plan.UnmatchedDegree) { Inner = inner };
            if (Neighbours is null && reducer.WatchesDefect)
            {
                int watched = (int)MomentSpace.CountOf(plan.Space.Dimension - 1, plan.UnmatchedDegree);
                Neighbours = new NeighbourDefect(watched, NeighbourShare);
            }
            return reducers[which] = reducer;
        }

        public void Dispose()
        {
            foreach (CellReducer? r in reducers) r?.Dispose();
        }
    }
}
