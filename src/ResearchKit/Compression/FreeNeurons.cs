using ResearchKit.Baselines;

namespace ResearchKit.Networks;

/// <summary>
/// Compresses a two-layer network to neurons that need not be among the original's: one for each of d' small cells, with the
/// cell's mass, which keeps what drives the training of a cell. For long training it follows the original closest.
/// </summary>
/// <remarks>
/// <para>
/// A selection with the moments of degree k has N neurons in a cell wherever elimination leaves them, with weights of all
/// sizes. Long training turns the neurons' sum into that of functions with kinks, which no degree resolves and which evenly
/// spread neurons of about equal weights sum best; so cells are made as small as the budget allows, and a single free node (as
/// Gauss's, in degree 1) stands for each.
/// </para>
/// <para>
/// Under ReLU, which is homogeneous, cells are clusters of directions (w, b) / |(w, b)|, in which the length counts little
/// and v less. A node has its cell's mass, mean direction and root mean square length, so that the kernel of gradient
/// flow keeps its strength (the mean length loses some of it, and the learning curves part), and the v that keeps the sum of
/// v (w, b) along that direction, which is the network's function on either side of the cell's kinks. Other activations:
/// clusters and means of (v, w, b), standardised, with v counting less.
/// </para>
/// <para>
/// The result has the same bits for any number of threads, and for any order of the neurons; a refit, whose sums run along
/// the original's neurons, differs by round-off between orders.
/// </para>
/// </remarks>
public static class FreeNeurons
{
    /// <summary>How much the standardised length counts against a direction.</summary>
    public const double DefaultLengthScale = 0.2;

    /// <summary>How much the standardised v counts against a direction.</summary>
    public const double DefaultOutputScale = 0.1;

    private const double SmoothOutputScale = 0.3;

    /// <summary>Compresses.</summary>
    /// <param name="network">d weighted neurons (v, w, b).</param>
    /// <param name="options">d', the seed of the clusters, and an optional refit of v; the space is not used.</param>
    /// <param name="lengthScale">How much cells count a neuron's length |(w, b)| over its root mean square, against its direction; nonnegative. ReLU only.</param>
    /// <param name="outputScale">How much cells count v in standard deviations; nonnegative. Null for 0.1 with ReLU and 0.3 otherwise.</param>
    /// <param name="inputScale">The typical size of an input: the direction is that of (inputScale w, b). Positive. ReLU only.</param>
    /// <returns>The smaller network. A network of at most d' neurons comes back unchanged.</returns>
    /// <exception cref="ArgumentException">A parameter that is not finite, a budget below 1, bad probes, or a scale out of range.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static CompressedNetwork<TwoLayerNetwork> Compress(
        TwoLayerNetwork network, NetworkCompressionOptions options, double lengthScale = DefaultLengthScale, double? outputScale = null, double inputScale = 1)
    {
        NetworkKind<TwoLayerNetwork>.RequireFinite(network);
        ArgumentNullException.ThrowIfNull(options);
        CompressionOptions chosen = options.For(null);
        OptionsCheck.Require(chosen);
        options.Refit?.Require(network.InputSize);
        RequireScale(lengthScale, nameof(lengthScale), zero: true);
        bool relu = network.Activation == Activation.Relu;
        double v = outputScale ?? (relu ? DefaultOutputScale : SmoothOutputScale);
        RequireScale(v, nameof(outputScale), zero: true);
        RequireScale(inputScale, nameof(inputScale), zero: false);
        TwoLayerNetwork smaller;
        if (network.Width <= options.Budget)
        {
            smaller = (TwoLayerNetwork)network.Clone();
        }
        else
        {
            NetworkKind<TwoLayerNetwork> kind = NetworkKind<TwoLayerNetwork>.Instance;
            // The seeds of clusters are drawn along the neurons: their order must not matter (T5 asks for equivariance).
            WeightedPoints neurons = new CanonicalOrder(kind.Layout(network).Objects(network, 0)).Sorted;
            WeightedPoints positions = relu ? Directions(neurons, network.OutputSize, lengthScale, v, inputScale) : Standardised(neurons, network.OutputSize, v);
            CentroidSet cells = KMeansCentroids.Compress(positions, chosen);
            smaller = kind.Replace(network, 0, Nodes(neurons, network.OutputSize, cells, relu));
            if (options.Refit is { } refit) TwoLayerRefit.Apply(network, smaller, refit, options);
        }
        return new CompressedNetwork<TwoLayerNetwork>("free neurons", smaller, [], [], network.Parameters.Length);
    }

    private static void RequireScale(double scale, string name, bool zero)
    {
        if (!(zero ? scale >= 0 : scale > 0) || double.IsInfinity(scale))
            throw new ArgumentOutOfRangeException(name, scale, $"{name} = {scale}; it must be finite and {(zero ? "nonnegative (0 leaves it out of the cells)" : "positive (the typical size of an input)")}.");
    }

    /// <summary>Rows (direction, length, v), each scaled by how much it counts.</summary>
    private static WeightedPoints Directions(WeightedPoints neurons, int outputs, double lengthScale, double outputScale, double inputScale)
    {
        int m = neurons.Dimension, n = m - outputs, width = m + 1;
        double[] spread = [.. PartitionMetric.Standardised(neurons).Scales];
        var rows = new double[checked(neurons.Count * width)];
        var lengths = new double[neurons.Count];
        double square = 0, mass = 0;
        for (int i = 0; i < neurons.Count; i++)
        {
            Span<double> row = rows.AsSpan(i * width, width);
            neurons[i][outputs..].CopyTo(row);
            for (int j = 0; j < n - 1; j++) row[j] *= inputScale;
            lengths[i] = Length(row[..n]);
            if (lengths[i] > 0)
                foreach (ref double x in row[..n]) x /= lengths[i];
            for (int o = 0; o < outputs; o++) row[n + 1 + o] = outputScale * spread[o] * neurons[i][o];
            square += neurons.WeightOf(i) * lengths[i] * lengths[i];
            mass += neurons.WeightOf(i);
        }
        double typical = Math.Sqrt(square / mass);
        if (typical > 0)
            for (int i = 0; i < neurons.Count; i++) rows[i * width + n] = lengthScale * lengths[i] / typical;
        return new WeightedPoints(rows, width, neurons.WeightArray);
    }

    private static WeightedPoints Standardised(WeightedPoints neurons, int outputs, double outputScale)
    {
        double[] scales = [.. PartitionMetric.Standardised(neurons).Scales], rows = [.. neurons.Coordinates];
        for (int o = 0; o < outputs; o++) scales[o] *= outputScale;
        for (int i = 0; i < rows.Length; i++) rows[i] *= scales[i % scales.Length];
        return new WeightedPoints(rows, neurons.Dimension, neurons.WeightArray);
    }

    /// <summary>The node (v, w, b) of every cell of positive mass.</summary>
    private static WeightedPoints Nodes(WeightedPoints neurons, int outputs, CentroidSet cells, bool homogeneous)
    {
        int m = neurons.Dimension, count = cells.Count;
        double[] nodes = new double[count * m], masses = new double[count], squares = new double[count];
        for (int i = 0; i < neurons.Count; i++)
        {
            int k = cells.Assignment[i];
            double c = neurons.WeightOf(i);
            masses[k] += c;
            for (int j = 0; j < m; j++) nodes[k * m + j] += c * neurons[i][j];
            foreach (double x in neurons[i][outputs..]) squares[k] += c * x * x;
        }
        for (int k = 0; k < count; k++)
            foreach (ref double x in nodes.AsSpan(k * m, m)) x /= masses[k];
        if (homogeneous) Stretch(neurons, outputs, cells, nodes, masses, squares);
        int[] kept = [.. Enumerable.Range(0, count).Where(k => masses[k] > 0)];
        return new WeightedPoints([.. kept.SelectMany(k => nodes[(k * m)..((k + 1) * m)])], m, [.. kept.Select(k => masses[k])]);
    }

    /// <summary>Gives the mean (w, b) of each cell its root mean square length, and v what keeps the sum of v (w, b) along it.</summary>
    private static void Stretch(WeightedPoints neurons, int outputs, CentroidSet cells, double[] nodes, double[] masses, double[] squares)
    {
        int m = neurons.Dimension;
        var stretched = new bool[masses.Length];
        for (int k = 0; k < masses.Length; k++)
        {
            Span<double> node = nodes.AsSpan(k * m, m);
            double length = Length(node[outputs..]), wanted = Math.Sqrt(squares[k] / masses[k]);
            // Neurons that cancel have no direction in common: their means stand.
            if (!(length > 0) || !double.IsNormal(wanted)) continue;
            stretched[k] = true;
            foreach (ref double x in node[outputs..]) x *= wanted / length;
            node[..outputs].Clear();
        }
        for (int i = 0; i < neurons.Count; i++)
        {
            int k = cells.Assignment[i];
            if (!stretched[k]) continue;
            Span<double> node = nodes.AsSpan(k * m, m);
            double along = 0;
            for (int j = outputs; j < m; j++) along += neurons[i][j] * node[j];
            for (int o = 0; o < outputs; o++) node[o] += neurons.WeightOf(i) * along / squares[k] * neurons[i][o];
        }
    }

    private static double Length(ReadOnlySpan<double> x)
    {
        double largest = 0, sum = 0;
        foreach (double value in x) largest = Math.Max(largest, Math.Abs(value));
        if (!(largest > 0)) return 0;
        foreach (double value in x) sum += value / largest * (value / largest);
        return largest * Math.Sqrt(sum);
    }
}
