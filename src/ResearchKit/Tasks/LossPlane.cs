using ResearchKit.Networks;

namespace ResearchKit.Tasks;

/// <summary>
/// A plane of parameter vectors through a trained network: theta + a u + b v on a rectangular grid, on which the loss of a
/// compressed training set can be compared with the original's.
/// </summary>
/// <remarks>
/// Random directions are normal in every parameter and scaled neuron by neuron (Li et al., 2018, filter normalisation): the
/// part of a direction that belongs to a neuron (v, w, b) is as long as that neuron, and that of the output bias as large as
/// the bias. a = 1 then changes every neuron by its own size.
/// </remarks>
public sealed class LossPlane
{
    private readonly TwoLayerNetwork centre;
    private readonly double[] first, second;

    private LossPlane(TwoLayerNetwork centre, double[] first, double[] second, double[] a, double[] b)
    {
        (this.centre, this.first, this.second) = ((TwoLayerNetwork)centre.Clone(), first, second);
        (A, B) = (a, b);
    }

    /// <summary>Grid values of a, ascending; the columns.</summary>
    public IReadOnlyList<double> A { get; }

    /// <summary>Grid values of b, ascending; the rows.</summary>
    public IReadOnlyList<double> B { get; }

    /// <summary>Two random directions, a and b from -extent to extent.</summary>
    /// <param name="centre">The trained network; copied.</param>
    /// <param name="steps">Grid points along each axis, at least 2; an odd number has the network itself.</param>
    /// <param name="extent">Positive and finite; 1 changes every neuron by its own size.</param>
    /// <param name="seed">Seed of the directions.</param>
    public static LossPlane Random(TwoLayerNetwork centre, int steps, double extent = 1, int seed = 1)
    {
        Require(centre, steps, extent);
        double[] grid = Grid(-extent, extent, steps);
        return new LossPlane(centre, Direction(centre, seed, 1), Direction(centre, seed, 2), grid, grid);
    }

    /// <summary>The line from a start (a = -1) to the trained network (a = 0) and beyond, a from -1.5 to 0.5; a random direction for b.</summary>
    /// <param name="start">Where training began; of the same shape.</param>
    /// <param name="centre">Where it ended; copied.</param>
    /// <param name="steps">Grid points along each axis, at least 2; 4 n + 1 have both networks.</param>
    /// <param name="extent">b goes from -extent to extent.</param>
    /// <param name="seed">Seed of the random direction.</param>
    public static LossPlane Along(TwoLayerNetwork start, TwoLayerNetwork centre, int steps, double extent = 1, int seed = 1)
    {
        Require(centre, steps, extent);
        ArgumentNullException.ThrowIfNull(start);
        if (start.Width != centre.Width || start.InputSize != centre.InputSize || start.OutputSize != centre.OutputSize)
            throw new ArgumentException($"The start is {start.InputSize}-{start.Width}-{start.OutputSize}, the trained network {centre.InputSize}-{centre.Width}-{centre.OutputSize}; give two of one training.", nameof(start));
        var line = new double[centre.Parameters.Length];
        for (int i = 0; i < line.Length; i++) line[i] = centre.Parameters[i] - start.Parameters[i];
        return new LossPlane(centre, line, Direction(centre, seed, 1), Grid(-1.5, 0.5, steps), Grid(-extent, extent, steps));
    }

    /// <summary>The mean squared loss at every grid point.</summary>
    /// <param name="samples">A training set, with weights or without.</param>
    /// <param name="offset">Added to every loss: <see cref="ReducedDataset.LossOffset"/>.</param>
    /// <param name="maxDegreeOfParallelism">Threads to use at most; -1 means all processors. The result has the same bits for every value.</param>
    /// <param name="cancellation">Cancels between grid points.</param>
    /// <returns>[rows, columns] = [b, a].</returns>
    public double[,] Losses(Samples samples, double offset = 0, int maxDegreeOfParallelism = -1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var losses = new double[B.Count, A.Count];
        Parallelism.ForEach(B.Count, maxDegreeOfParallelism, row =>
        {
            var network = (TwoLayerNetwork)centre.Clone();
            for (int column = 0; column < A.Count; column++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < first.Length; i++)
                    network.Parameters[i] = centre.Parameters[i] + A[column] * first[i] + B[row] * second[i];
                network.Arrange();
                losses[row, column] = network.Loss(samples, 1) + offset;
            }
        });
        return losses;
    }

    /// <summary>The largest |L' - L| / L over a grid of losses.</summary>
    /// <param name="exact">L, positive.</param>
    /// <param name="other">L', of the same shape.</param>
    public static double LargestRelativeError(double[,] exact, double[,] other)
    {
        ArgumentNullException.ThrowIfNull(exact);
        ArgumentNullException.ThrowIfNull(other);
        if (exact.GetLength(0) != other.GetLength(0) || exact.GetLength(1) != other.GetLength(1))
            throw new ArgumentException($"The grids are {exact.GetLength(0)} x {exact.GetLength(1)} and {other.GetLength(0)} x {other.GetLength(1)}; give losses on one plane.", nameof(other));
        double largest = 0;
        for (int row = 0; row < exact.GetLength(0); row++)
            for (int column = 0; column < exact.GetLength(1); column++)
                largest = Math.Max(largest, Math.Abs(other[row, column] - exact[row, column]) / exact[row, column]);
        return largest;
    }

    private static void Require(TwoLayerNetwork centre, int steps, double extent)
    {
        ArgumentNullException.ThrowIfNull(centre);
        if (steps < 2) throw new ArgumentOutOfRangeException(nameof(steps), steps, "A grid needs at least 2 points along each axis.");
        if (!(extent > 0) || double.IsInfinity(extent))
            throw new ArgumentOutOfRangeException(nameof(extent), extent, "The extent must be positive and finite; 1 changes every neuron by its own size.");
    }

    private static double[] Grid(double from, double to, int steps) => [.. Enumerable.Range(0, steps).Select(i => from + (to - from) * i / (steps - 1))];

    private static double[] Direction(TwoLayerNetwork network, int seed, int stream)
    {
        var random = new SeededRandom(seed, stream);
        ReadOnlySpan<double> p = network.Parameters;
        var direction = new double[p.Length];
        random.FillNormal(direction);
        int rows = network.InputSize + 1 + network.OutputSize, width = network.Width;
        for (int neuron = 0; neuron < width; neuron++)
        {
            double own = 0, drawn = 0;
            for (int row = 0; row < rows; row++)
            {
                int i = row * width + neuron;
                own += p[i] * p[i];
                drawn += direction[i] * direction[i];
            }
            for (int row = 0; row < rows; row++) direction[row * width + neuron] *= Math.Sqrt(own / drawn);
        }
        for (int i = rows * width; i < p.Length; i++) direction[i] = Math.CopySign(p[i], direction[i]);
        return direction;
    }
}
