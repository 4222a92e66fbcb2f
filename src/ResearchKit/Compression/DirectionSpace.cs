namespace ResearchKit.Networks;

/// <summary>Objects with the directions of (w, b) as further coordinates, in which alone cells are cut (<see cref="ObjectSpace.Directions"/>).</summary>
internal sealed class DirectionSpace : ObjectSpace
{
    private readonly int degree;
    private readonly double inputScale, outputScale;

    public DirectionSpace(int degree, double inputScale, double outputScale)
    {
        if (degree is < 1 or > byte.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(degree), degree, "The total degree must lie between 1 and 255 (2 keeps the tangent kernel of a ReLU network away from its kinks).");
        if (!(inputScale > 0) || double.IsInfinity(inputScale))
            throw new ArgumentOutOfRangeException(nameof(inputScale), inputScale, $"The input scale is {inputScale}; it must be positive and finite (the typical size of an input).");
        if (!(outputScale >= 0) || double.IsInfinity(outputScale))
            throw new ArgumentOutOfRangeException(nameof(outputScale), outputScale, $"The scale of the output weights is {outputScale}; it must be finite and nonnegative (0 leaves them out of the partition).");
        (this.degree, this.inputScale, this.outputScale) = (degree, inputScale, outputScale);
    }

    public override string Name => $"total degree {degree}, cells of directions{(inputScale == 1 ? "" : $" by {inputScale:G3}")}{(outputScale > 0 ? $" and of v by {outputScale:G3}" : "")}";

    internal override (WeightedPoints Points, MomentSpace Space) Prepare(WeightedPoints objects, int outputs)
    {
        int m = objects.Dimension, n = m - outputs;
        var rows = new double[checked(objects.Count * (m + n))];
        for (int i = 0; i < objects.Count; i++)
        {
            Span<double> row = rows.AsSpan(i * (m + n), m + n), direction = row[m..];
            objects[i].CopyTo(row);
            row[outputs..m].CopyTo(direction);
            for (int j = 0; j < n - 1; j++) direction[j] *= inputScale;
            Normalise(direction);
        }
        var points = new WeightedPoints(rows, m + n, objects.WeightArray);
        var scales = new double[m + n];
        if (outputScale > 0)
            PartitionMetric.Standardised(objects).Scales[..outputs].CopyTo(scales);
        for (int j = 0; j < outputs; j++) scales[j] *= outputScale;
        Array.Fill(scales, 1.0, m, n);
        return (points, MomentSpace.Product(m + n, [([.. Enumerable.Range(0, m)], degree), ([.. Enumerable.Range(m, n)], 0)], PartitionMetric.Scaled(scales)));
    }

    /// <summary>Scales to length 1, over- and underflow aside; a neuron without input weights and bias stays at 0.</summary>
    private static void Normalise(Span<double> direction)
    {
        double largest = 0, sum = 0;
        foreach (double x in direction) largest = Math.Max(largest, Math.Abs(x));
        if (!(largest > 0)) return;
        foreach (ref double x in direction)
        {
            x /= largest;
            sum += x * x;
        }
        foreach (ref double x in direction) x /= Math.Sqrt(sum);
    }
}
