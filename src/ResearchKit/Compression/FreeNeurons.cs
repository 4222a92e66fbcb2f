using ResearchKit.Baselines;

namespace ResearchKit.Networks;

/// <summary>
/// Compresses a two-layer network to neurons that need not be among the original's: one for each of d' small cells. It is
/// quick, and follows long training well; <see cref="SupportNeurons"/> follow it closer.
/// </summary>
/// <remarks>
/// <para>
/// A selection with the moments of degree k has N neurons in a cell wherever elimination leaves them, with weights of all
/// sizes. Long training turns the neurons' sum into that of functions with kinks, which no degree resolves and which evenly
/// spread neurons of about equal weights sum best; so cells are made as small as the budget allows, and one free node
/// stands for each: its mean, with its mass (Gauss's node of degree 1).
/// </para>
/// <para>
/// Means alone lose second moments, and with them strength of the tangent kernel: under gradient descent the learning
/// curves part within a few epochs. Under ReLU, which is homogeneous, a node therefore gets its cell's root mean square length
/// |(w, b)| instead of the mean one, and the v that keeps the sum of v (w, b) along it. With a degree above 1 the nodes of
/// some coarse cells together are moved instead, and their weights changed, by the least that restores all moments up to
/// that degree in (v, w, b) there (T2, with several times more nodes than moments).
/// </para>
/// <para>
/// Under ReLU, whose kinks w.x + b = 0 depend on the direction alone, small cells are clusters of directions (w, b) /
/// |(w, b)|, in which length and v count less; for other activations clusters of (v, w, b), standardised.
/// </para>
/// <para>The result does not depend on the neurons' order, and has the same bits for any number of threads.</para>
/// </remarks>
public static class FreeNeurons
{
    /// <summary>How much the length counts against a direction.</summary>
    public const double DefaultLengthScale = 0.2;

    /// <summary>How much the standardised v counts against a direction.</summary>
    public const double DefaultOutputScale = 0.1;

    private const double SmoothOutputScale = 0.3;

    /// <summary>Nodes for each moment of a coarse cell: with fewer, nodes have to move far.</summary>
    private const double NodesPerMoment = 4;

    /// <summary>Nodes in all for each moment of the degree that is chosen: with fewer, moving costs more than the degree gains.</summary>
    private const double NodesPerChosenMoment = 12;

    /// <summary>Compresses.</summary>
    /// <param name="network">d weighted neurons (v, w, b).</param>
    /// <param name="options">d', the seed of the clusters, and an optional refit of v; the space is not used.</param>
    /// <param name="lengthScale">How much cells count a neuron's length |(w, b)| over its root mean square, against its direction; nonnegative. ReLU only.</param>
    /// <param name="outputScale">How much cells count v in standard deviations; nonnegative. Null for 0.1 with ReLU and 0.3 otherwise.</param>
    /// <param name="inputScale">The typical size of an input: the direction is that of (inputScale w, b). Positive. ReLU only.</param>
    /// <param name="degree">
    /// The highest degree k to keep in coarse cells, 1 to 255; of those up to it the highest one with d' at least 12 times its
    /// number of moments is taken. 1, the default, keeps those of the small cells alone.
    /// </param>
    /// <returns>The smaller network. A network of at most d' neurons comes back unchanged.</returns>
    /// <exception cref="ArgumentException">A parameter that is not finite, a budget below 1, bad probes, or a scale out of range.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static CompressedNetwork<TwoLayerNetwork> Compress(
        TwoLayerNetwork network, NetworkCompressionOptions options, double lengthScale = DefaultLengthScale, double? outputScale = null,
        double inputScale = 1, int degree = 1)
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
        if (degree is < 1 or > byte.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(degree), degree, $"The degree must lie between 1 (masses and means of small cells alone) and {byte.MaxValue}.");
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
            WeightedPoints positions = relu
                ? Directions(neurons, network.OutputSize, lengthScale, v, inputScale)
                : Standardised(neurons, network.OutputSize, v);
            CentroidSet cells = KMeansCentroids.Compress(positions, chosen);
            smaller = kind.Replace(network, 0, Nodes(neurons, network, cells, degree, chosen));
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
            lengths[i] = NeuronCoordinates.Length(row[..n]);
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

    /// <summary>The nodes (v, w, b) of all small cells of positive mass.</summary>
    private static WeightedPoints Nodes(WeightedPoints neurons, TwoLayerNetwork network, CentroidSet cells, int degree, CompressionOptions options)
    {
        int m = neurons.Dimension, count = cells.Count;
        double[] nodes = new double[count * m], masses = new double[count];
        for (int i = 0; i < neurons.Count; i++) masses[cells.Assignment[i]] += neurons.WeightOf(i);
        for (int i = 0; i < neurons.Count; i++)
        {
            int k = cells.Assignment[i];
            if (!(masses[k] > 0)) continue;
            double share = neurons.WeightOf(i) / masses[k];
            for (int j = 0; j < m; j++) nodes[k * m + j] += share * neurons[i][j];
        }
        int[] kept = [.. Enumerable.Range(0, count).Where(k => masses[k] > 0)];
        while (degree > 1 && NodesPerChosenMoment * MomentSpace.CountOf(m, degree) > kept.Length) degree--;
        var restored = new bool[count];
        if (degree > 1) Restore(neurons, cells, MomentSpace.TotalDegree(m, degree), kept, nodes, masses, restored, options);
        if (network.Activation == Activation.Relu) Stretch(neurons, network.OutputSize, cells, nodes, masses, restored);
        return new WeightedPoints([.. kept.SelectMany(k => nodes[(k * m)..((k + 1) * m)])], m, [.. kept.Select(k => masses[k])]);
    }

    /// <summary>Gives the nodes of each coarse cell its moments; where that is not to be had they stay means, with those of degree 1.</summary>
    private static void Restore(WeightedPoints neurons, CentroidSet cells, MomentSpace space, int[] kept, double[] nodes, double[] masses, bool[] restored, CompressionOptions options)
    {
        int m = neurons.Dimension, coarse = Math.Max(1, (int)(kept.Length / (NodesPerMoment * space.Count)));
        int[] group = [.. KMeansCentroids.Compress(cells.Points, options with { Budget = coarse, Progress = null }).Assignment];
        using var restoration = new NodeRestoration { Cancellation = options.CancellationToken };
        for (int g = 0; g < coarse; g++)
        {
            int[] mine = [.. kept.Where(k => group[k] == g)];
            int[] members = [.. Enumerable.Range(0, neurons.Count).Where(i => neurons.WeightOf(i) > 0 && group[cells.Assignment[i]] == g)];
            if (mine.Length <= 1) continue;
            var points = new WeightedPoints([.. members.SelectMany(i => neurons[i].ToArray())], m, [.. members.Select(neurons.WeightOf)]);
            double[] moved = [.. mine.SelectMany(k => nodes[(k * m)..((k + 1) * m)])], weights = [.. mine.Select(k => masses[k])];
            if (!restoration.TryRestore(points, space, moved, weights)) continue;
            for (int k = 0; k < mine.Length; k++)
            {
                restored[mine[k]] = true;
                masses[mine[k]] = weights[k];
                moved.AsSpan(k * m, m).CopyTo(nodes.AsSpan(mine[k] * m));
            }
        }
    }

    /// <summary>Gives the mean (w, b) of cells without moments of degree 2 its root mean square length, and v what keeps the sum of v (w, b) along it.</summary>
    private static void Stretch(WeightedPoints neurons, int outputs, CentroidSet cells, double[] nodes, double[] masses, bool[] restored)
    {
        int m = neurons.Dimension;
        var squares = new double[masses.Length];
        var stretched = new bool[masses.Length];
        for (int i = 0; i < neurons.Count; i++)
            foreach (double x in neurons[i][outputs..]) squares[cells.Assignment[i]] += neurons.WeightOf(i) * x * x;
        for (int k = 0; k < masses.Length; k++)
        {
            Span<double> node = nodes.AsSpan(k * m, m);
            double length = NeuronCoordinates.Length(node[outputs..]), wanted = Math.Sqrt(squares[k] / masses[k]);
            // Neurons that cancel have no direction in common: their means stand.
            if (restored[k] || !(length > 1e-12 * wanted) || !double.IsNormal(wanted)) continue;
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
}
