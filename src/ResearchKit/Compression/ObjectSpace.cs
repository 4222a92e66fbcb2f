namespace ResearchKit.Networks;

/// <summary>How a network's objects are measured: which coordinates they get, and which moments of these are kept.</summary>
/// <remarks>
/// A neuron is (v, w, b): output weights first, then input weights, then the bias. A partition cuts cells in a metric, and
/// moments are kept in each cell. Coordinates need no scaling for the moments, only for the cuts.
/// </remarks>
public abstract class ObjectSpace
{
    /// <summary>A short description, for tables.</summary>
    public abstract string Name { get; }

    /// <summary>Objects in the coordinates to be compressed, and the moments to be kept.</summary>
    /// <param name="objects">The objects as they stand in the model.</param>
    /// <param name="outputs">How many of the leading coordinates the output is linear in.</param>
    internal abstract (WeightedPoints Points, MomentSpace Space) Prepare(WeightedPoints objects, int outputs);

    /// <summary>Compresses objects in this space.</summary>
    internal virtual CompressedSet Compress(WeightedPoints objects, int outputs, NetworkCompressionOptions options)
    {
        (WeightedPoints points, MomentSpace space) = Prepare(objects, outputs);
        return Compressor.Compress(points, options.For(space));
    }

    /// <summary>All moments of the coordinates up to a total degree, in cells of all of them: what the paper does.</summary>
    /// <param name="degree">k, at least 0; the paper takes 5 for neurons and 3 for heads.</param>
    /// <param name="standardised">Whether cells are measured in standard deviations of each coordinate; unscaled otherwise.</param>
    public static ObjectSpace TotalDegree(int degree, bool standardised = true) => new CoordinateSpace(
        $"total degree {degree}{(standardised ? ", standardised" : "")}",
        (set, _) => MomentSpace.TotalDegree(set.Dimension, degree, standardised ? PartitionMetric.Standardised(set) : null));

    /// <summary>Degree k in (w, b) times degree l in v (<see cref="MomentSpace.ForNeurons"/>).</summary>
    /// <param name="degree">k, at least 0.</param>
    /// <param name="outputDegree">l, at least 1.</param>
    /// <param name="outputScale">
    /// How much cells count v against (w, b), all in standard deviations; 0, the default, cuts cells of (w, b) alone.
    /// </param>
    public static ObjectSpace Neurons(int degree, int outputDegree = 1, double outputScale = 0)
    {
        if (!(outputScale >= 0) || double.IsInfinity(outputScale))
            throw new ArgumentOutOfRangeException(nameof(outputScale), outputScale, $"The scale of the output weights is {outputScale}; it must be finite and nonnegative (0 leaves them out of the partition).");
        return new CoordinateSpace(
            $"degree {degree} in (w, b) times {outputDegree} in v{(outputScale > 0 ? $", cells in v by {outputScale:G3}" : "")}",
            (set, outputs) =>
            {
                double[] scales = [.. PartitionMetric.Standardised(set).Scales];
                for (int j = 0; j < outputs; j++) scales[j] *= outputScale;
                return MomentSpace.ForNeurons(set.Dimension - outputs - 1, degree, outputDegree, outputs, PartitionMetric.Scaled(scales));
            });
    }

    /// <summary>Moments of total degree 2 (or another) in (v, w, b), in cells of directions (w, b) / |(w, b)|.</summary>
    /// <param name="degree">The total degree in (v, w, b), at least 1.</param>
    /// <param name="inputScale">The typical size of an input: the direction is that of (inputScale w, b). Positive.</param>
    /// <param name="outputScale">How much cells count the standardised v against a direction; 0, the default, not at all.</param>
    /// <remarks>
    /// A ReLU neuron is linear but for its kink, the plane w.x + b = 0, which depends on the direction alone; and gradient
    /// flow commutes with scaling a neuron, (v, w, b) -> s (v, w, b). So a cell may be as long as it likes along the radius:
    /// on either side of the kinks f is in the span of v (w, b) and the tangent kernel in those of (w, b)(w, b) and v^2, all
    /// of degree 2, and only cells whose kinks pass the input err, by their width.
    /// </remarks>
    public static ObjectSpace Directions(int degree = 2, double inputScale = 1, double outputScale = 0) => new DirectionSpace(degree, inputScale, outputScale);

    /// <summary>
    /// Neurons spread evenly over the directions (w, b) / |(w, b)|, each with about the mass of its neighbourhood, so that the
    /// moments of total degree 2 (or another) in (v, w, b) are kept in a few coarse cells: for long training of ReLU networks.
    /// </summary>
    /// <param name="degree">The total degree in (v, w, b), at least 1.</param>
    /// <param name="inputScale">The typical size of an input: the direction is that of (inputScale w, b). Positive.</param>
    /// <param name="outputScale">How much clusters count the standardised v against a direction.</param>
    /// <param name="perMoment">Neurons per kept moment, at least 1: fewer keep moments in more cells, at the price of weights further from those masses.</param>
    public static ObjectSpace Spread(int degree = 2, double inputScale = 1, double outputScale = 0.1, double perMoment = 10)
    {
        if (!(perMoment >= 1) || double.IsInfinity(perMoment))
            throw new ArgumentOutOfRangeException(nameof(perMoment), perMoment, $"{perMoment} neurons per moment; it must be finite and at least 1 (10 is usual).");
        return new SpreadSpace(new DirectionSpace(degree, inputScale, outputScale), degree, perMoment);
    }

    /// <summary>
    /// For attention heads on scalar tokens (U, Wv, Wq, Wk): the moments of degree k in kappa = Wq . Wk times those of
    /// omega = U . Wv and the heads' sizes that function and tangent kernel are made of, in cells of kappa alone.
    /// </summary>
    /// <param name="degree">k, the degree in kappa, at least 0.</param>
    /// <remarks>
    /// Such a head predicts omega g(kappa; x) (<see cref="AttentionLayer"/>). Its part of the tangent kernel is
    /// (|U|^2 + |Wv|^2) g g' + omega^2 (|Wq|^2 + |Wk|^2) g_kappa g_kappa' with g_kappa the derivative: so cells of one
    /// dimension, kappa, and 4 (k + 1) moments keep function and kernel to O(r^(k+1)). Adam's steps have the gradients' signs:
    /// for it the same with sums of absolute values are kept as well, 6 (k + 1) moments in all.
    /// </remarks>
    public static ObjectSpace Heads(int degree = 3) => new HeadSpace(degree);

    /// <summary>No moments at all: objects drawn uniformly. What a refit is worth by itself.</summary>
    public static ObjectSpace Random() => new RandomSpace();

    /// <summary>Any moments of the coordinates as they stand in the model.</summary>
    /// <param name="space">Moments in as many coordinates as an object has, (v, w, b) for a neuron.</param>
    public static ObjectSpace Of(MomentSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return new CoordinateSpace(space.Name, (_, _) => space);
    }

    /// <summary>What suits an activation: directions for ReLU, whose kinks they are; total degree 5, as in the paper, for smooth ones.</summary>
    /// <param name="activation">The network's nonlinearity.</param>
    public static ObjectSpace ForNetwork(Activation activation) => activation == Activation.Relu ? Directions() : TotalDegree(5);

    private sealed class CoordinateSpace(string name, Func<WeightedPoints, int, MomentSpace> make) : ObjectSpace
    {
        public override string Name => name;

        internal override (WeightedPoints Points, MomentSpace Space) Prepare(WeightedPoints objects, int outputs) => (objects, make(objects, outputs));
    }

    private sealed class RandomSpace : ObjectSpace
    {
        public override string Name => "drawn uniformly";

        internal override (WeightedPoints Points, MomentSpace Space) Prepare(WeightedPoints objects, int outputs) => (objects, MomentSpace.TotalDegree(objects.Dimension, 0));

        internal override CompressedSet Compress(WeightedPoints objects, int outputs, NetworkCompressionOptions options)
            => Baselines.UniformSubset.Compress(objects, options.For(MomentSpace.TotalDegree(objects.Dimension, 0)));
    }
}
