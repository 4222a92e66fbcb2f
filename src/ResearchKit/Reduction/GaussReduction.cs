using ResearchKit.Tasks;

namespace ResearchKit;

/// <summary>
/// Finds few nodes with the moments of a cell's points: from the centres of equal parts to a solution of the moment
/// equations, then node elimination (Xiao and Gimbutas, 2010): drop the node on which the equations lean least, restore
/// the moments, repeat until no node can go.
/// </summary>
internal sealed unsafe class GaussReduction : IDisposable
{
    /// <summary>A residual from which Newton's method converges in two or three steps.</summary>
    private const double Coarse = 1e-7;

    /// <summary>Beyond this the rounding of the sums takes over.</summary>
    private const double Fine = 3e-15;

    private readonly GaussSolver solver = new();
    private double[] positions = [];
    private double[] weights = [];

    /// <summary>n x m row-major local coordinates of the nodes found.</summary>
    public ReadOnlySpan<double> Positions => positions;

    /// <summary>Their weights, relative to the mass.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>n.</summary>
    public int Count => weights.Length;

    /// <summary>Largest residual of the nodes found.</summary>
    public double Residual { get; private set; }

    /// <summary>Candidates that are dropped on trial before a rule counts as irreducible.</summary>
    public int Candidates { get; set; } = 6;

    /// <summary>Fresh starts per number of nodes.</summary>
    public int Restarts { get; set; } = 3;

    /// <summary>Gauss-Newton steps made so far.</summary>
    public int Steps => solver.Steps;

    /// <summary>Cancels between steps.</summary>
    public CancellationToken Cancellation
    {
        set => solver.Cancellation = value;
    }

    /// <summary>Looks for exactly n nodes.</summary>
    /// <param name="space">The moments.</param>
    /// <param name="moments">Their values, relative to the mass.</param>
    /// <param name="seeds">The cell.</param>
    /// <param name="region">Where nodes may lie.</param>
    /// <param name="nodes">n.</param>
    /// <param name="random">For fresh starts.</param>
    public bool TryFit(MomentSpace space, ReadOnlySpan<double> moments, GaussSeeds seeds, GaussRegion region, int nodes, ref SeededRandom random)
    {
        solver.System.SetTarget(space, moments);
        for (int restart = 0; restart <= Restarts; restart++)
        {
            if (!TryStart(seeds, region, nodes, restart, ref random)) continue;
            Polish(region);
            return true;
        }
        return false;
    }

    /// <summary>Looks for as few nodes as it can.</summary>
    /// <returns>False where no start converged.</returns>
    public bool TryFewest(MomentSpace space, ReadOnlySpan<double> moments, GaussSeeds seeds, GaussRegion region, ref SeededRandom random)
    {
        solver.System.SetTarget(space, moments);
        int least = SyntheticPlan.Least(space), most = Math.Min(moments.Length, seeds.Count);
        int start = Math.Min(most, (int)Math.Ceiling(1.3 * least));
        while (!TryStarts(seeds, region, start, ref random))
        {
            if (start >= most) return false;
            start = Math.Min(most, start + Math.Max(1, start / 6));
        }
        while (Count > least && (TryDrop(region) || TryStarts(seeds, region, Count - 1, ref random))) { }
        Load(-1);
        Polish(region);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => solver.Dispose();

    private bool TryStarts(GaussSeeds seeds, GaussRegion region, int nodes, ref SeededRandom random)
    {
        for (int restart = 0; restart <= Restarts; restart++)
            if (TryStart(seeds, region, nodes, restart, ref random)) return true;
        return false;
    }

    private bool TryStart(GaussSeeds seeds, GaussRegion region, int nodes, int restart, ref SeededRandom random)
    {
        if (restart == 0) seeds.Cut(nodes, null);
        else seeds.Cut(nodes, new SeededRandom((long)random.NextUInt64()));
        solver.SetNodes(nodes);
        Fill(seeds.Positions, seeds.Weights, -1);
        if (solver.Solve(region, Coarse, 60) != GaussOutcome.Met) return false;
        Store();
        return true;
    }

    private bool TryDrop(GaussRegion region)
    {
        int n = Count;
        Span<double> significance = new double[n];
        Load(-1);
        solver.System.FillJacobian(solver.Positions, solver.Weights);
        solver.System.Significance(significance);
        var order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        Array.Sort(significance.ToArray(), order);
        for (int i = 0; i < Math.Min(n, Candidates); i++)
        {
            Load(order[i]);
            if (solver.Solve(region, Coarse, 40) != GaussOutcome.Met) continue;
            Store();
            return true;
        }
        return false;
    }

    private void Polish(GaussRegion region)
    {
        solver.Solve(region, Fine, 12);
        Store();
    }

    private void Load(int except)
    {
        solver.SetNodes(Count - (except < 0 ? 0 : 1));
        Fill(positions, weights, except);
    }

    private void Fill(ReadOnlySpan<double> from, ReadOnlySpan<double> mass, int except)
    {
        int m = solver.System.Dimension, at = 0;
        for (int i = 0; i < mass.Length; i++)
        {
            if (i == except) continue;
            for (int c = 0; c < m; c++) solver.Positions[(long)c * solver.System.Padded + at] = from[i * m + c];
            solver.Weights[at++] = mass[i];
        }
    }

    private void Store()
    {
        int n = solver.System.Nodes, m = solver.System.Dimension;
        positions = new double[n * m];
        weights = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < m; c++) positions[i * m + c] = solver.Positions[(long)c * solver.System.Padded + i];
            weights[i] = solver.Weights[i];
        }
        Residual = solver.Largest;
    }
}
