using ResearchKit.Tasks;

namespace ResearchKit;

/// <summary>The free nodes of one cell.</summary>
/// <param name="Coordinates">n x m row-major, in the coordinates of the points.</param>
/// <param name="Weights">n positive weights.</param>
/// <param name="Mass">Mass of the cell's points.</param>
/// <param name="Residual">Largest difference of a promised moment and the root mean square of the first unmatched degree's.</param>
/// <param name="Free">False where the nodes are points of the cell after all.</param>
internal sealed record NodeCell(double[] Coordinates, double[] Weights, double Mass, CellResidual Residual, bool Free)
{
    /// <summary>n.</summary>
    public int Count => Weights.Length;
}

/// <summary>
/// Replaces the points of one cell by free nodes: on a line by the Gauss rule, elsewhere by a solution of the moment
/// equations in the flat that the points span; where neither reaches full precision, by a subset. One instance belongs to
/// one worker.
/// </summary>
/// <param name="levels">
/// Spaces of moments, each the beginning of the next: the first is promised, the richest that n nodes can keep is kept.
/// </param>
/// <param name="watched">The last level and one degree more, whose defect is reported; or the last level itself.</param>
/// <param name="containment">Where nodes may lie.</param>
/// <param name="seed">Seed of fresh starts.</param>
internal sealed unsafe partial class GaussCell(MomentSpace[] levels, MomentSpace watched, NodeContainment containment, int seed) : IDisposable
{
    /// <summary>Rounded nodes that miss a moment by more are not accepted.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>
    /// Equations per unknown that are tried with the degree after the last level: nearly always met, and met every second
    /// time.
    /// </summary>
    private static readonly double[] Efficiencies = [0.85, 0.92];

    /// <summary>Fresh starts for the promised moments; further ones get one, should they not be met from there.</summary>
    private const int FirstStarts = 4;

    private readonly MomentKernel kernel = new();
    private readonly NativeBuffer values = new();
    private readonly GaussReduction reduction = new();
    private readonly Dictionary<(int Rank, int Degree), MomentSpace> flats = [];
    private CancellationToken cancellation;
    private DefectMetric? metric;

    /// <summary>Cancels within a cell.</summary>
    public CancellationToken Cancellation
    {
        set => reduction.Cancellation = cancellation = value;
    }

    /// <summary>Finds nodes for a cell.</summary>
    /// <param name="points">count x m row-major coordinates.</param>
    /// <param name="given">count positive weights, or null for 1.</param>
    /// <param name="count">Number of points.</param>
    /// <param name="frame">The cell's frame.</param>
    /// <param name="nodes">n; 0 for as few as can be found.</param>
    /// <param name="number">Number of the cell: its fresh starts are its own.</param>
    /// <returns>At most n nodes; or as many as a subset takes, where n do not suffice.</returns>
    public NodeCell Reduce(double* points, double* given, int count, LocalFrame frame, int nodes, int number)
    {
        double[] masses = new double[count];
        for (int i = 0; i < count; i++) masses[i] = given == null ? 1 : given[i];
        double mass = CompensatedSum.Of(masses);
        if (count <= Math.Max(1, nodes)) return new NodeCell(new ReadOnlySpan<double>(points, count * frame.Dimension).ToArray(), masses, mass, default, false);

        var totals = new MomentTotals(watched.Count);
        kernel.SumCompensated(ProductBasis.Of(watched), frame, points, given, count, totals);
        for (int i = 0; i < count; i++) masses[i] /= mass;
        double[] local = Local(points, count, frame);
        if (TryFree(local, masses, frame, nodes, number, totals, mass) is { } free) return free;
        return Subset(points, given, count, frame, nodes, totals, mass);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        kernel.Dispose();
        values.Dispose();
        reduction.Dispose();
    }

    private NodeCell? TryFree(double[] local, double[] masses, LocalFrame frame, int nodes, int number, MomentTotals totals, double mass)
    {
        int m = frame.Dimension;
        AffineHull flat = AffineHull.Of(local, m);
        if (flat.Rank == m && m > 1)
        {
            var moments = new double[watched.Count];
            int[] counts = [.. levels.Select(l => l.Count)];
            for (int e = 0; e < moments.Length; e++) moments[e] = totals[e] / mass;
            DefectMetric? combinations = Combinations(nodes);
            combinations?.SetCell(frame);
            return Search(watched, counts, moments, new GaussSeeds(local, masses, m), combinations, Accept, nodes, number);
        }
        double[] reduced = flat.Reduce(local);
        if (flat.Rank == 0) return Accept([], [1.0]);
        if (flat.Rank == 1)
        {
            int most = (levels[^1].Degree + 2) / 2, least = (levels[0].Degree + 2) / 2;
            (double[] t, double[] w) = GolubWelsch.Rule(reduced, masses, nodes == 0 ? least : Math.Min(nodes, most));
            return Accept(t, w);
        }
        // In a flat a structured space becomes one of total degree, which may have more moments than were promised.
        if (levels.Any(l => MomentSpace.CountOf(flat.Rank, l.Degree) > l.Count)) return null;
        MomentSpace[] spaces = [.. levels.Select(l => Flat(flat.Rank, l.Degree))];
        return Search(spaces[^1], [.. spaces.Select(s => s.Count)], FlatMoments(reduced, masses, spaces[^1]), new GaussSeeds(reduced, masses, flat.Rank), null, Accept, nodes, number);

        NodeCell? Accept(ReadOnlySpan<double> positions, ReadOnlySpan<double> weights)
            => Measured(Place(positions, weights.Length, flat, frame), [.. weights], frame, totals, mass);
    }

    /// <summary>The metric on the degree after the last level, where nodes have unknowns to spare for it.</summary>
    private DefectMetric? Combinations(int nodes)
    {
        int spare = (int)(Efficiencies[^1] * nodes * (watched.Dimension + 1)) - levels[^1].Count;
        if (spare <= 0 || watched.Count == levels[^1].Count) return null;
        // One degree is watched, so the extent of the whole set (which weighs further ones) does not matter.
        metric ??= new DefectMetric(watched, levels[^1].Count, levels[^1].Layer + 1, UnitBox(watched.Dimension));
        metric.Combinations = Math.Min(spare, metric.Count);
        return metric;
    }

    private static LocalFrame UnitBox(int m) => new([.. Enumerable.Repeat(-1.0, m)], [.. Enumerable.Repeat(1.0, m)]);

    private delegate NodeCell? Acceptance(ReadOnlySpan<double> positions, ReadOnlySpan<double> weights);

    /// <summary>As many equations as so many nodes can meet; or as few nodes as meet the promised ones.</summary>
    private NodeCell? Search(MomentSpace space, int[] counts, double[] moments, GaussSeeds seeds, DefectMetric? combinations, Acceptance accept, int nodes, int number)
    {
        int m = seeds.Dimension;
        GaussRegion region = containment == NodeContainment.ConvexHull || m < levels[0].Dimension
            ? new GaussHull(seeds.Points, m)
            : new GaussBox(m);
        var random = new SeededRandom(seed, number);
        reduction.SetCell(space, moments, seeds, region, combinations, counts[^1]);
        if (nodes == 0)
        {
            bool found = reduction.TryFewest(counts[0], SyntheticPlan.Least(space, counts[0]), ref random);
            return found ? accept(reduction.Positions, reduction.Weights) : null;
        }
        int unknowns = nodes * (m + 1);
        // Each stage starts where the last one ended: a solution for few equations is a better start for more than none.
        bool any = false;
        foreach (int equations in Stages(counts, unknowns, combinations?.Count ?? 0))
        {
            bool met = any && reduction.TryExtend(equations);
            reduction.Starts = any ? 1 : FirstStarts;
            if (!met && !reduction.TryFit(nodes, equations, ref random)) break;
            any = true;
        }
        if (!any) return null;
        reduction.Polish(counts[0]);
        return accept(reduction.Positions, reduction.Weights);
    }

    /// <summary>Numbers of equations in ascending order.</summary>
    private static IEnumerable<int> Stages(int[] counts, int unknowns, int combinations)
    {
        foreach (int count in counts)
            if (count <= unknowns) yield return count;
        int last = counts[^1], most = last + combinations;
        foreach (double efficiency in Efficiencies)
        {
            int equations = Math.Min(most, (int)(efficiency * unknowns));
            if (equations <= last) continue;
            yield return last = equations;
        }
    }

    /// <summary>Points of the cell with the promised moments: always possible.</summary>
    private NodeCell Subset(double* points, double* given, int count, LocalFrame frame, int nodes, MomentTotals totals, double mass)
    {
        int m = frame.Dimension;
        var set = new WeightedPoints(new ReadOnlySpan<double>(points, count * m).ToArray(), m, given == null ? null : new ReadOnlySpan<double>(given, count).ToArray());
        CompressedSet subset = Compressor.Compress(set, new CompressionOptions
        {
            Budget = Math.Max(nodes, levels[0].Count),
            MomentSpace = levels[0],
            MaxDegreeOfParallelism = 1,
            CancellationToken = cancellation,
        });
        double[] coordinates = subset.Gather(set.Coordinates, m), weights = subset.Weights.ToArray();
        return new NodeCell(coordinates, weights, mass, Residual(coordinates, weights, frame, totals, mass), false);
    }

    private MomentSpace Flat(int rank, int degree)
    {
        if (!flats.TryGetValue((rank, degree), out MomentSpace? space))
            flats[(rank, degree)] = space = MomentSpace.TotalDegree(rank, degree);
        return space;
    }

    private double[] FlatMoments(double[] reduced, double[] masses, MomentSpace space)
    {
        int rank = space.Dimension;
        var unit = new LocalFrame([.. Enumerable.Repeat(-1.0, rank)], [.. Enumerable.Repeat(1.0, rank)]);
        var totals = new MomentTotals(space.Count);
        fixed (double* p = reduced, w = masses) kernel.SumCompensated(ProductBasis.Of(space), unit, p, w, masses.Length, totals);
        var moments = new double[space.Count];
        totals.CopyTo(moments);
        return moments;
    }

    private static double[] Local(double* points, int count, LocalFrame frame)
    {
        int m = frame.Dimension;
        var local = new double[count * m];
        for (int i = 0; i < local.Length; i++) local[i] = (points[i] - frame.Center[i % m]) * frame.InverseHalfWidth[i % m];
        return local;
    }
}
