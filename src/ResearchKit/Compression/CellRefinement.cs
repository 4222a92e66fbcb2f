using System.Diagnostics;

namespace ResearchKit;

/// <summary>
/// Cells of uneven size by measurement: a partition for a part of the budget, whose cells are cut in two wherever their
/// share of the probes' error is largest, until the budget is used. For functions that vary in one place and rest in others.
/// </summary>
/// <remarks>
/// The plain partition adapts to the density of the objects alone, which is all that can be known beforehand. Every cell
/// keeps N moments, none beyond, and is reduced anew when it is cut.
/// </remarks>
internal sealed class CellRefinement
{
    /// <summary>The part of the budget that the first partition takes.</summary>
    private const int FirstPart = 4;

    /// <summary>Cells with at least this part of the largest contribution are cut together: fewer rounds, nearly the same cells.</summary>
    private const double Together = 0.25;

    private readonly WeightedPoints set;
    private readonly CompressionOptions options;
    private readonly ErrorProbes probes;
    private readonly ParallelOptions parallel;
    private readonly MomentSpace space;
    private readonly PointTable table;
    private readonly CellPlan plan;
    private readonly List<Piece> pieces = [];

    private CellRefinement(WeightedPoints set, MomentSpace space, CompressionOptions options, ErrorProbes probes)
    {
        this.set = set;
        this.space = space;
        this.options = options;
        this.probes = probes;
        parallel = CostModel.Fitting(set.Count, space, space.Count, options);
        table = new PointTable(set, parallel);
        plan = CellPlan.OneCell(table.Frame(0, table.Count), space, 0, options.MomentsOnly);
    }

    private sealed record Piece(Cell Cell, CellResult Result, double Contribution);

    /// <summary>Compresses to at most <paramref name="budget"/> objects, which must be at least a few times N.</summary>
    public static CompressedSet Run(WeightedPoints set, MomentSpace space, int budget, CompressionOptions options, ErrorProbes probes, Stopwatch clock)
    {
        var run = new CellRefinement(set, space, options, probes);
        run.Refine(budget);
        Piece[] ordered = [.. run.pieces.OrderBy(p => p.Cell.Start)];
        return CertificateBuilder.Build(set, run.table, [.. ordered.Select(p => p.Cell)], [.. ordered.Select(p => p.Result)], run.space, options, probes, clock);
    }

    /// <summary>The part of the squared error that the worst quarter of the cells of a plain partition contributes.</summary>
    public static double Unevenness(WeightedPoints set, MomentSpace space, int cells, CompressionOptions options, ErrorProbes probes)
    {
        var run = new CellRefinement(set, space, options, probes);
        run.Start(cells);
        double[] sorted = [.. run.pieces.Select(p => p.Contribution).OrderDescending()];
        return sorted.Take((cells + 3) / 4).Sum() / sorted.Sum();
    }

    private void Start(int cells)
        => Add(Parallelism.Unwrap(() => CellPartition.Build(table, space, cells, parallel)));

    private void Refine(int budget)
    {
        Start(Math.Max(1, budget / FirstPart / space.Count));
        while (true)
        {
            int room = budget - pieces.Sum(p => p.Result.Rows.Length);
            Piece[] able = [.. pieces.Where(p => p.Cell.Count > space.Count).OrderByDescending(p => p.Contribution).ThenBy(p => p.Cell.Start)];
            if (able.Length == 0 || !(able[0].Contribution > 0)) return;
            var cut = new List<Piece>();
            foreach (Piece p in able.TakeWhile(p => p.Contribution >= Together * able[0].Contribution))
            {
                // A cell may have kept fewer than N objects (a lattice has degenerate vertices); its halves may not.
                int more = HalvesKeep(p.Cell) - p.Result.Rows.Length;
                if (more > room) break;
                room -= more;
                cut.Add(p);
            }
            if (cut.Count == 0) return;
            var gone = new HashSet<Piece>(cut, ReferenceEqualityComparer.Instance);
            pieces.RemoveAll(gone.Contains);
            Add([.. cut.SelectMany(p => Halves(p.Cell))]);
        }
    }

    private int HalvesKeep(Cell cell)
        => Math.Min(space.Count, cell.Count / 2) + Math.Min(space.Count, cell.Count - cell.Count / 2);

    private IEnumerable<Cell> Halves(Cell cell)
    {
        int half = cell.Count / 2;
        table.SelectNth(cell.Start, cell.Count, cell.Start + half, CellPartition.WidestSide(cell.Frame, space.Metric));
        yield return new Cell(cell.Start, half, table.Frame(cell.Start, half));
        yield return new Cell(cell.Start + half, cell.Count - half, table.Frame(cell.Start + half, cell.Count - half));
    }

    private void Add(Cell[] cells)
    {
        CellResult[] results = Parallelism.Unwrap(() => CellRun.Reduce(table, cells, plan, options, parallel, new CellProgress(null, cells.Length)));
        for (int c = 0; c < cells.Length; c++) pieces.Add(new Piece(cells[c], results[c], Contribution(cells[c], results[c])));
    }

    /// <summary>Sum over the probes of the squared error that a cell contributes.</summary>
    private double Contribution(Cell cell, CellResult result)
    {
        int m = set.Dimension;
        double[] original = probes.Sums(table.Rows.AsMemory(cell.Start * m, cell.Count * m), table.Weights is { } w ? w.AsMemory(cell.Start, cell.Count) : default, cell.Count);
        var rows = new double[result.Rows.Length * m];
        for (int i = 0; i < result.Rows.Length; i++) table.Rows.AsSpan(result.Rows[i] * m, m).CopyTo(rows.AsSpan(i * m));
        double[] kept = probes.Sums(rows, result.Weights, result.Rows.Length);
        double sum = 0;
        for (int f = 0; f < kept.Length; f++)
        {
            double error = (kept[f] - original[f]) / set.Mass;
            if (probes.Counts(f)) sum += error * error;
        }
        return sum;
    }
}
