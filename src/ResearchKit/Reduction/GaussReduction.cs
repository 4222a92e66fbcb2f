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

    /// <summary>Gauss-Newton steps of one attempt, at most.</summary>
    private const int Steps = 60;

    /// <summary>Nodes that are dropped on trial before a rule counts as irreducible.</summary>
    private const int Candidates = 6;

    private readonly GaussSolver solver = new();
    private GaussSeeds seeds = null!;
    private GaussRegion region = null!;
    private int equations;
    private double[] positions = [];
    private double[] weights = [];

    /// <summary>n x m row-major local coordinates of the nodes found.</summary>
    public ReadOnlySpan<double> Positions => positions;

    /// <summary>Their weights, relative to the mass.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>n.</summary>
    public int Count => weights.Length;

    /// <summary>Fresh starts per number of nodes.</summary>
    public int Starts { get; set; } = 4;

    /// <summary>Cancels between steps.</summary>
    public CancellationToken Cancellation
    {
        set => solver.Cancellation = value;
    }

    /// <summary>Takes up a cell.</summary>
    /// <param name="space">The moments.</param>
    /// <param name="moments">Their values, relative to the mass.</param>
    /// <param name="cell">The cell's points.</param>
    /// <param name="nodeRegion">Where nodes may lie.</param>
    /// <param name="combinations">How moments from <paramref name="first"/> on are combined; null for never.</param>
    /// <param name="first">The first moment that is combined.</param>
    public void SetCell(MomentSpace space, ReadOnlySpan<double> moments, GaussSeeds cell, GaussRegion nodeRegion, DefectMetric? combinations = null, int first = 0)
    {
        solver.System.SetTarget(space, moments, combinations, combinations is null ? moments.Length : first);
        seeds = cell;
        region = nodeRegion;
        positions = [];
        weights = [];
        equations = 0;
    }

    /// <summary>Looks for exactly n nodes that meet the first equations, from a fresh start.</summary>
    /// <param name="nodes">n.</param>
    /// <param name="wanted">Equations to be met.</param>
    /// <param name="random">For further starts.</param>
    public bool TryFit(int nodes, int wanted, ref SeededRandom random)
    {
        int met = equations;
        equations = wanted;
        if (TryStarts(nodes, ref random)) return true;
        equations = met;
        return false;
    }

    /// <summary>Moves the nodes found so that they meet more equations; they stay where they were if that fails.</summary>
    /// <param name="wanted">Equations to be met.</param>
    public bool TryExtend(int wanted)
    {
        int met = equations;
        equations = wanted;
        Load(-1);
        if (solver.TrySolve(region, Coarse, Steps))
        {
            Store();
            return true;
        }
        equations = met;
        return false;
    }

    /// <summary>Looks for as few nodes as it can that meet the first equations.</summary>
    /// <param name="wanted">Equations to be met.</param>
    /// <param name="least">A lower bound.</param>
    /// <param name="random">For fresh starts.</param>
    /// <returns>False where no start converged.</returns>
    public bool TryFewest(int wanted, int least, ref SeededRandom random)
    {
        equations = wanted;
        int most = Math.Min(wanted, seeds.Count), start = Math.Min(most, (int)Math.Ceiling(1.3 * least));
        while (!TryStarts(start, ref random))
        {
            if (start >= most) return false;
            start = Math.Min(most, start + Math.Max(1, start / 6));
        }
        while (Count > least && (TryDrop() || TryStarts(Count - 1, ref random))) { }
        Polish(wanted);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => solver.Dispose();

    private bool TryStarts(int nodes, ref SeededRandom random)
    {
        for (int restart = 0; restart < Starts; restart++)
            if (TryStart(nodes, restart, ref random)) return true;
        return false;
    }

    private bool TryStart(int nodes, int restart, ref SeededRandom random)
    {
        if (restart == 0) seeds.Cut(nodes, null);
        else seeds.Cut(nodes, new SeededRandom((long)random.NextUInt64()));
        solver.SetNodes(nodes, equations);
        Fill(seeds.Positions, seeds.Weights, -1);
        if (!solver.TrySolve(region, Coarse, Steps)) return false;
        Store();
        return true;
    }

    private bool TryDrop()
    {
        int n = Count;
        var significance = new double[n];
        Load(-1);
        solver.System.FillJacobian(solver.Positions, solver.Weights);
        solver.System.Significance(significance);
        var order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        Array.Sort(significance, order);
        for (int i = 0; i < Math.Min(n, Candidates); i++)
        {
            Load(order[i]);
            if (!solver.TrySolve(region, Coarse, Steps)) continue;
            Store();
            return true;
        }
        return false;
    }

    /// <summary>Newton's method to rounding; what the whole system's condition leaves is taken out of the promised part alone.</summary>
    public void Polish(int promised)
    {
        Load(-1);
        solver.TrySolve(region, Fine, 12);
        Store();
        if (solver.Largest <= Fine) return;
        int all = equations;
        equations = promised;
        Load(-1);
        solver.TrySolve(region, Fine, 30);
        Store();
        equations = all;
    }

    private void Load(int except)
    {
        solver.SetNodes(Count - (except < 0 ? 0 : 1), equations);
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
    }
}
