namespace ResearchKit.Networks;

/// <summary>
/// Compresses a two-layer network to d' neurons of similar weights that represent its neurons in an energy distance (support
/// points) and keep their moments. They follow long training by AdamW closer than means of cells do; how close changes with the seed.
/// </summary>
/// <remarks>
/// <para>
/// Training turns f into a sum of functions of a neuron's start that are not smooth: kinks, and steps whose sign depends on the
/// start. No degree resolves those, so a selection with many moments does not follow long. The energy distance counts such
/// functions. It has two terms here: one of the directions (w, b) / |(w, b)| of all neurons, for which ReLU's kinks matter, and
/// one of direction, length and output weight v among neurons of the same sign of v, which move alike. Means of small cells
/// (<see cref="FreeNeurons"/>) resolve directions as well, but all of them shrink the spread of lengths and of v within their
/// cells, and with it the speed at which the network learns.
/// </para>
/// <para>
/// Measured (Fig. 4, 10^4 to 10^3, 300 epochs of AdamW): gap of the test loss 3.4 and 5.6% (seeds 1, 2). Means of cells, seed 1:
/// 5.7%; random members of cells: 9%.
/// </para>
/// <para>
/// Neurons with more than a node's share of the mass, of the lengths or of v times length stay as they are. The moments of the
/// others in (v, w, b) are restored by small moves of all nodes at the end. The result does not depend on the neurons' order,
/// and has the same bits for any number of threads. Work: d d' distances for each of 100 steps, d counted as 16 d' at most.
/// </para>
/// </remarks>
public static class SupportNeurons
{
    /// <summary>Steps of the descent; three times as many change nothing that training shows.</summary>
    private const int Steps = 100;

    /// <summary>How much the standardised v counts against a direction.</summary>
    private const double OutputScale = 0.3;

    /// <summary>Beyond so many neurons per node they are first compressed themselves.</summary>
    private const int NeuronsPerNode = 16;

    /// <summary>Nodes for each moment that is restored: with fewer, they would have to move far.</summary>
    private const double NodesPerMoment = 12;

    /// <summary>Compresses.</summary>
    /// <param name="network">d weighted neurons (v, w, b).</param>
    /// <param name="options">d', the seed of the first nodes, and an optional refit of v, whose inputs also say where nodes are needed; the space is not used.</param>
    /// <param name="inputScale">The typical size of an input: the direction is that of (inputScale w, b). Positive. ReLU only.</param>
    /// <param name="degree">
    /// The highest degree k whose moments are kept, 1 to 255; of those up to it the highest one with d' at least 12 times its
    /// number of moments is taken, or 1.
    /// </param>
    /// <param name="denserWhereSeldomOn">
    /// Whether nodes stand denser among ReLU neurons that are on for few of the refit's inputs, and weigh less there. Closer for
    /// long training by AdamW, whose steps let such neurons grow; not for SGD.
    /// </param>
    /// <returns>The smaller network. A network of at most d' different neurons comes back as these.</returns>
    /// <exception cref="ArgumentException">A parameter that is not finite, a budget below 1, bad probes, a scale or degree out of range.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static CompressedNetwork<TwoLayerNetwork> Compress(TwoLayerNetwork network, NetworkCompressionOptions options, double inputScale = 1, int degree = 2, bool denserWhereSeldomOn = false)
    {
        NetworkKind<TwoLayerNetwork>.RequireFinite(network);
        ArgumentNullException.ThrowIfNull(options);
        CompressionOptions chosen = options.For(null);
        OptionsCheck.Require(chosen);
        options.Refit?.Require(network.InputSize);
        if (!(inputScale > 0) || double.IsInfinity(inputScale))
            throw new ArgumentOutOfRangeException(nameof(inputScale), inputScale, $"inputScale = {inputScale}; it must be finite and positive (the typical size of an input).");
        if (degree is < 1 or > byte.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(degree), degree, $"The degree must lie between 1 (mass and means) and {byte.MaxValue}.");
        TwoLayerNetwork smaller;
        if (network.Width <= options.Budget)
        {
            smaller = (TwoLayerNetwork)network.Clone();
        }
        else
        {
            NetworkKind<TwoLayerNetwork> kind = NetworkKind<TwoLayerNetwork>.Instance;
            // The first nodes are drawn along the neurons: their order must not matter (T5 asks for equivariance).
            WeightedPoints neurons = Distinct(new CanonicalOrder(kind.Layout(network).Objects(network, 0)).Sorted);
            smaller = kind.Replace(network, 0, neurons.Count <= options.Budget ? neurons : Nodes(neurons, network, inputScale, degree, denserWhereSeldomOn ? options.Refit?.Inputs : null, chosen));
            if (options.Refit is { } refit) TwoLayerRefit.Apply(network, smaller, refit, options);
        }
        return new CompressedNetwork<TwoLayerNetwork>("support points", smaller, [], [], network.Parameters.Length);
    }

    /// <summary>Equal neurons as one; those without weight not at all.</summary>
    private static WeightedPoints Distinct(WeightedPoints sorted)
    {
        var first = new List<int>();
        var masses = new List<double>();
        for (int i = 0; i < sorted.Count; i++)
        {
            if (!(sorted.WeightOf(i) > 0)) continue;
            if (first.Count > 0 && sorted[first[^1]].SequenceEqual(sorted[i]))
            {
                masses[^1] += sorted.WeightOf(i);
                continue;
            }
            first.Add(i);
            masses.Add(sorted.WeightOf(i));
        }
        return Gather(sorted, first, [.. masses]);
    }

    private static WeightedPoints Gather(WeightedPoints set, IReadOnlyList<int> indices, double[] masses) =>
        new([.. indices.SelectMany(i => set[i].ToArray())], set.Dimension, masses);

    private static WeightedPoints Nodes(WeightedPoints neurons, TwoLayerNetwork network, double inputScale, int degree, double[]? inputs, CompressionOptions options)
    {
        bool relu = network.Activation == Activation.Relu;
        var space = new NeuronCoordinates(neurons, network.OutputSize, relu, inputScale);
        var resolution = new NodeResolution(relu ? inputs : null, network.InputSize);
        (int[] alone, int[] others) = space.Heavy(options.RequireBudget());
        int budget = options.RequireBudget() - alone.Length, m = neurons.Dimension;
        WeightedPoints rest = Gather(neurons, others, [.. others.Select(neurons.WeightOf)]);
        // Where nodes shall be denser, neurons count for more and nodes for less.
        double[] density = [.. others.Select(i => resolution.At(neurons[i][network.OutputSize..]))];
        WeightedPoints counted = Gather(neurons, others, [.. others.Select((i, at) => density[at] * neurons.WeightOf(i))]);
        // A pair of groups needs a node each.
        int[] groups = budget > 1 ? [.. others.Select(space.GroupOf)] : new int[others.Length];
        var nodes = new StartNodes([.. others.Select(space.Row)], counted, groups, budget, space.StartScales(OutputScale), options);
        (double[][] rows, double[] masses, int[] of) = Thinned(space, others, counted, groups, budget, options);
        new SupportPoints(rows, masses, of, NeuronCoordinates.Groups, space.Terms(OutputScale))
            .Move(nodes.Rows, nodes.Masses, nodes.Groups, Steps, (i, row) => space.Project(row, nodes.Groups[i], budget > 1), options);
        double[][] found = [.. nodes.Rows.Select(space.Neuron)];
        double[] weights = [.. nodes.Masses.Select((c, k) => c / resolution.At(found[k].AsSpan(network.OutputSize)))], values = [.. found.SelectMany(x => x)];
        double scale = rest.Mass / weights.Sum();
        for (int k = 0; k < weights.Length; k++) weights[k] *= scale;
        while (degree > 1 && NodesPerMoment * MomentSpace.CountOf(m, degree) > weights.Length) degree--;
        using (var restoration = new NodeRestoration { Cancellation = options.CancellationToken })
            restoration.TryRestore(rest, MomentSpace.TotalDegree(m, degree), values, weights);
        return new WeightedPoints([.. alone.SelectMany(i => neurons[i].ToArray()), .. values], m, [.. alone.Select(neurons.WeightOf), .. weights]);
    }

    /// <summary>The points that nodes are compared with: all, or so many that keep their moments in small cells.</summary>
    private static (double[][] Rows, double[] Masses, int[] Groups) Thinned(NeuronCoordinates space, int[] others, WeightedPoints rest, int[] groups, int budget, CompressionOptions options)
    {
        int[] kept = [.. Enumerable.Range(0, rest.Count)];
        double[] masses = [.. kept.Select(rest.WeightOf)];
        int most = Math.Max(4096, checked(NeuronsPerNode * budget));
        if (rest.Count > most)
        {
            var indices = new List<int>();
            var weights = new List<double>();
            foreach (IGrouping<int, int> group in kept.GroupBy(i => groups[i]).OrderBy(g => g.Key))
            {
                int[] mine = [.. group];
                double[] scales = space.StartScales(OutputScale);
                var rows = new WeightedPoints([.. mine.SelectMany(i => space.Row(others[i]).Select((x, q) => scales[q] * x))], scales.Length, [.. mine.Select(rest.WeightOf)]);
                // Of many coordinates the means alone.
                int degree = MomentSpace.CountOf(scales.Length, 2) <= most / 4 ? 2 : 1;
                int share = (int)Math.Max(MomentSpace.CountOf(scales.Length, degree), (long)most * mine.Length / rest.Count);
                CompressedSet few = Compressor.Compress(rows, options with { Budget = share, Degree = degree, Progress = null });
                foreach (int i in few.Indices) indices.Add(mine[i]);
                weights.AddRange(few.Weights);
            }
            (kept, masses) = ([.. indices], [.. weights]);
        }
        return ([.. kept.Select(i => space.Row(others[i]))], masses, [.. kept.Select(i => groups[i])]);
    }
}
