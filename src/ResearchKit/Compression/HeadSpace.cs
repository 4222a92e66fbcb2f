namespace ResearchKit.Networks;

/// <summary>Heads by the numbers that their function and its tangent kernel depend on (<see cref="ObjectSpace.Heads"/>).</summary>
internal sealed class HeadSpace : ObjectSpace
{
    // kappa, omega, |U|^2 + |Wv|^2, omega^2 (|Wq|^2 + |Wk|^2), |U|_1 + |Wv|_1, and omega's sign part (|Wq|_1 + |Wk|_1) |omega|.
    private const int Features = 6;

    private readonly int degree;

    public HeadSpace(int degree)
    {
        if (degree is < 0 or > byte.MaxValue - 1)
            throw new ArgumentOutOfRangeException(nameof(degree), degree, "The degree in kappa must lie between 0 and 254 (3 is usual).");
        this.degree = degree;
    }

    public override string Name => $"degree {degree} in kappa times function and kernel of heads";

    internal override (WeightedPoints Points, MomentSpace Space) Prepare(WeightedPoints objects, int outputs)
    {
        int h = outputs;
        if (objects.Dimension != 4 * h)
            throw new ArgumentException($"Heads have four parts of {h} coordinates, these objects have {objects.Dimension}; use another space for objects that are no heads.", nameof(objects));
        var rows = new double[objects.Count * Features];
        for (int i = 0; i < objects.Count; i++)
        {
            ReadOnlySpan<double> o = objects[i], u = o[..h], v = o[h..(2 * h)], q = o[(2 * h)..(3 * h)], k = o[(3 * h)..];
            double omega = Dot(u, v);
            double[] features = [Dot(q, k), omega, Dot(u, u) + Dot(v, v), omega * omega * (Dot(q, q) + Dot(k, k)), Sum(u) + Sum(v), Math.Abs(omega) * (Sum(q) + Sum(k))];
            features.CopyTo(rows, i * Features);
        }
        int[] rest = [.. Enumerable.Range(1, Features - 1)];
        MomentSpace space = MomentSpace.Product(Features, [([0], degree), (rest, 1)], PartitionMetric.Unscaled(Features, 0));
        return (new WeightedPoints(rows, Features, objects.WeightArray), space);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double Sum(ReadOnlySpan<double> a)
    {
        double sum = 0;
        foreach (double x in a) sum += Math.Abs(x);
        return sum;
    }
}
