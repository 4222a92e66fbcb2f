namespace ResearchKit.Baselines;

/// <summary>A k-means compression: synthetic objects (cluster means) that carry the mass of their clusters.</summary>
/// <remarks>Unlike a <see cref="CompressedSet"/> it selects nothing from the original: labels and names cannot follow, except by averaging over <see cref="Assignment"/>.</remarks>
public sealed class CentroidSet
{
    private readonly int[] assignment;

    internal CentroidSet(WeightedPoints points, int[] assignment, double inertia, int iterations, bool converged)
    {
        Points = points;
        this.assignment = assignment;
        Inertia = inertia;
        Iterations = iterations;
        Converged = converged;
    }

    /// <summary>The centroids, each with the mass of its cluster.</summary>
    public WeightedPoints Points { get; }

    /// <summary>The number of centroids: d', or the number of distinct objects with weight where that is smaller.</summary>
    public int Count => Points.Count;

    /// <summary>For every original object the index of its centroid.</summary>
    public ReadOnlySpan<int> Assignment => assignment;

    /// <summary>The sum over objects of weight times squared distance to the centroid, in squared units of the coordinates.</summary>
    public double Inertia { get; }

    /// <summary>Lloyd iterations made.</summary>
    public int Iterations { get; }

    /// <summary>True when the iterations ended by the tolerance rather than by their largest number.</summary>
    public bool Converged { get; }
}
