namespace ResearchKit;

/// <summary>
/// Damped Gauss-Newton (Levenberg-Marquardt) on the moment equations of free nodes: minimum-norm steps with as many
/// unknowns as there are, weights positive by construction, nodes kept in a region.
/// </summary>
internal sealed unsafe class GaussSolver : IDisposable
{
    /// <summary>This part of the mean diagonal of J J' is the least damping: it keeps dependent equations solvable.</summary>
    private const double LeastDamping = 1e-15;

    /// <summary>Steps within which the residual must halve.</summary>
    private const int Patience = 8;

    private readonly NativeBuffer buffer = new();
    private readonly double[] history = new double[Patience];
    private double* gram;
    private double* residual;
    private double* trialResidual;
    private double* solution;
    private double* combination;
    private double* trialPositions;
    private double* trialWeights;

    /// <summary>The equations.</summary>
    public GaussSystem System { get; } = new();

    /// <summary>The nodes: m x <see cref="GaussSystem.Padded"/>.</summary>
    public double* Positions { get; private set; }

    /// <summary>Their weights, summing to about 1.</summary>
    public double* Weights { get; private set; }

    /// <summary>Largest residual at the nodes.</summary>
    public double Largest { get; private set; }

    /// <summary>Cancels between steps.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Makes room for n nodes; fill <see cref="Positions"/> and <see cref="Weights"/> next, zero beyond n.</summary>
    public void SetNodes(int nodes, int equations)
    {
        System.SetNodes(nodes, equations);
        long order = System.Order, room = (long)System.Dimension * System.Padded;
        double* p = buffer.Ensure(order * order + 3L * System.Room + System.Stride + 2 * (room + System.Padded));
        gram = p;
        residual = gram + order * order;
        trialResidual = residual + System.Room;
        solution = trialResidual + System.Room;
        combination = solution + System.Room;
        Positions = combination + System.Stride;
        trialPositions = Positions + room;
        Weights = trialPositions + room;
        trialWeights = Weights + System.Padded;
        new Span<double>(Positions, (int)(2 * (room + System.Padded))).Clear();
    }

    /// <summary>Moves the nodes until the largest residual is at most <paramref name="wanted"/>.</summary>
    /// <param name="region">Where nodes may lie.</param>
    /// <param name="wanted">Residual to reach, relative to the mass.</param>
    /// <param name="most">Steps at most.</param>
    /// <returns>False where it fell too slowly or stayed where it was; the nodes are then the best ones met.</returns>
    public bool TrySolve(GaussRegion region, double wanted, int most)
    {
        region.Contain(Positions, System.Nodes, System.Padded);
        double square = Measure(Positions, Weights, residual);
        Largest = MaxAbs(residual);
        double damping = 1e-2;
        Array.Fill(history, double.PositiveInfinity);
        for (int step = 0; step < most; step++)
        {
            if (Largest <= wanted) return true;
            Cancellation.ThrowIfCancellationRequested();
            // A residual that has not halved in a while is on its way to a local minimum.
            if (!(square < 0.25 * history[step % Patience])) return false;
            history[step % Patience] = square;
            System.FillJacobian(Positions, Weights);
            System.Combine(residual, combination);
            region.Restrict(System, Positions, combination);
            if (!TryStep(region, ref square, ref damping)) return false;
        }
        return Largest <= wanted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        System.Dispose();
        buffer.Dispose();
    }

    private bool TryStep(GaussRegion region, ref double square, ref double damping)
    {
        int order = System.Order;
        for (int attempt = 0; attempt < 8; attempt++)
        {
            GaussNormal.Gram(System.Jacobian, order, System.Stride, gram);
            double mean = 0;
            for (int e = 0; e < System.Equations; e++) mean += gram[(long)e * order + e];
            mean /= System.Equations;
            double lambda = Math.Max(damping, LeastDamping) * mean;
            for (int e = 0; e < System.Equations; e++) gram[(long)e * order + e] += lambda;
            for (int e = System.Equations; e < order; e++) gram[(long)e * order + e] = 1;
            if (!GaussNormal.Cholesky(gram, order))
            {
                damping = Math.Max(10 * damping, 1e-14);
                continue;
            }
            new ReadOnlySpan<double>(residual, order).CopyTo(new Span<double>(solution, order));
            GaussNormal.Solve(gram, order, solution);
            System.Combine(solution, combination);
            Move();
            region.Contain(trialPositions, System.Nodes, System.Padded);
            double next = Measure(trialPositions, trialWeights, trialResidual);
            // J times the step is lambda y - r: what the linear model leaves is lambda y.
            double left = 0;
            for (int e = 0; e < System.Equations; e++) left += solution[e] * solution[e];
            double gain = (square - next) / (square - lambda * lambda * left);
            if (!(next < square))
            {
                damping *= 8;
                if (damping > 1e8) return false;
                continue;
            }
            if (gain > 0.75) damping *= 0.1;
            else if (gain < 0.25) damping *= 4;
            Accept(next, out square);
            return true;
        }
        return false;
    }

    private void Move()
    {
        int n = System.Nodes, padded = System.Padded;
        for (int i = 0; i < n; i++)
        {
            double root = System.Root(i), psi = combination[i] / root;
            trialWeights[i] = Weights[i] * Math.Exp(-Math.Clamp(psi, -2, 2));
            for (int c = 0; c < System.Dimension; c++)
                trialPositions[(long)c * padded + i] = Positions[(long)c * padded + i] - combination[(long)(1 + c) * padded + i] / root;
        }
    }

    private double Measure(double* positions, double* weights, double* target)
    {
        System.Residual(positions, weights, target);
        double sum = DotProduct.Of(target, target, System.Equations);
        return double.IsFinite(sum) ? sum : double.PositiveInfinity;
    }

    private void Accept(double next, out double square)
    {
        square = next;
        double* r = residual, p = Positions, w = Weights;
        residual = trialResidual;
        trialResidual = r;
        Positions = trialPositions;
        trialPositions = p;
        Weights = trialWeights;
        trialWeights = w;
        Largest = MaxAbs(residual);
    }

    private double MaxAbs(double* values)
    {
        double most = 0;
        for (int e = 0; e < System.Equations; e++) most = Math.Max(most, Math.Abs(values[e]));
        return most;
    }
}
