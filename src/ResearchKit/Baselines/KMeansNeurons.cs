using ResearchKit.Networks;

namespace ResearchKit.Baselines;

/// <summary>
/// The k-means baseline for networks: the objects of every set are clustered in standardised coordinates, and a cluster is
/// replaced by one object that carries its mass.
/// </summary>
public static class KMeansNeurons
{
    /// <summary>Clusters.</summary>
    /// <param name="network">A two-layer or deep network, or an attention layer. In a deep one the sets follow each other, the first layer first.</param>
    /// <param name="options">Budget and seed; the space is not used.</param>
    /// <param name="medoids">
    /// Whether a cluster is replaced by its object nearest to the mean, so that the result is a selection; by the mean
    /// itself, the usual centroid, otherwise.
    /// </param>
    /// <exception cref="ArgumentException">A parameter that is not finite, or a budget below 1.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CompressedNetwork<TModel> Compress<TModel>(TModel network, NetworkCompressionOptions options, bool medoids = false)
        where TModel : WeightedModel
    {
        if (medoids) return NetworkBaseline.Select(network, options, static (objects, _, chosen) => Medoids(objects, chosen));
        NetworkBaseline.Require(network, options);
        NetworkKind<TModel> kind = NetworkKind<TModel>.Instance;
        TModel current = network;
        for (int s = 0; s < network.ObjectSets; s++)
        {
            WeightedPoints objects = kind.Layout(current).Objects(current, s);
            if (objects.Count > options.Budget) current = kind.Replace(current, s, Centroids(objects, NetworkBaseline.Options(options, s)));
        }
        if (ReferenceEquals(current, network)) current = (TModel)network.Clone();
        return new CompressedNetwork<TModel>("k-means centroids", current, [], [], network.Parameters.Length);
    }

    private static WeightedPoints Centroids(WeightedPoints objects, CompressionOptions options)
    {
        double[] scales = Scales(objects);
        WeightedPoints centres = KMeansCentroids.Compress(Scaled(objects, scales), options).Points;
        double[] inverse = [.. scales.Select(static s => 1 / s)];
        return Scaled(centres, inverse);
    }

    private static CompressedSet Medoids(WeightedPoints objects, CompressionOptions options)
    {
        long start = NetworkBaseline.Start();
        if (objects.Count <= options.RequireBudget()) return UniformSubset.Compress(objects, options);
        WeightedPoints scaled = Scaled(objects, Scales(objects));
        CentroidSet clusters = KMeansCentroids.Compress(scaled, options);
        var nearest = new int[clusters.Count];
        var distance = new double[clusters.Count];
        Array.Fill(distance, double.PositiveInfinity);
        for (int i = 0; i < scaled.Count; i++)
        {
            int c = clusters.Assignment[i];
            double d = NeighbourTree.SquaredDistance(scaled[i], clusters.Points[c]);
            if (d < distance[c] && objects.WeightOf(i) > 0) (nearest[c], distance[c]) = (i, d);
        }
        double[] weights = [.. Enumerable.Range(0, clusters.Count).Select(clusters.Points.WeightOf)];
        Array.Sort(nearest, weights);
        return NetworkBaseline.Certify("k-means medoids", objects, nearest, weights, options, start);
    }

    private static double[] Scales(WeightedPoints objects) => [.. PartitionMetric.Standardised(objects).Scales];

    private static WeightedPoints Scaled(WeightedPoints objects, double[] scales)
    {
        double[] rows = [.. objects.Coordinates];
        for (int i = 0; i < rows.Length; i++) rows[i] *= scales[i % scales.Length];
        return new WeightedPoints(rows, objects.Dimension, objects.WeightArray);
    }
}
