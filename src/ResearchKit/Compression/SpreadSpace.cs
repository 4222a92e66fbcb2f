namespace ResearchKit.Networks;

/// <summary>Objects spread over the positions of <see cref="DirectionSpace"/> (<see cref="ObjectSpace.Spread"/>).</summary>
internal sealed class SpreadSpace(DirectionSpace directions, int degree, double perMoment) : ObjectSpace
{
    public override string Name => $"spread, {directions.Name}";

    internal override (WeightedPoints Points, MomentSpace Space) Prepare(WeightedPoints objects, int outputs) => directions.Prepare(objects, outputs);

    internal override CompressedSet Compress(WeightedPoints objects, int outputs, NetworkCompressionOptions options)
    {
        MomentSpace space = MomentSpace.TotalDegree(objects.Dimension, degree);
        CompressionOptions chosen = options.For(space);
        if (objects.Count <= options.Budget) return Compressor.Compress(objects, chosen);
        (WeightedPoints points, MomentSpace scaled) = Prepare(objects, outputs);
        int m = objects.Dimension, n = scaled.Dimension - m;
        var positions = new double[objects.Count * (outputs + n)];
        double[] sizes = new double[objects.Count], masses = new double[objects.Count];
        for (int i = 0; i < objects.Count; i++)
        {
            Span<double> row = positions.AsSpan(i * (outputs + n), outputs + n);
            for (int j = 0; j < outputs; j++) row[j] = scaled.Metric.Scales[j] * objects[i][j];
            points[i][m..].CopyTo(row[outputs..]);
            foreach (double x in objects[i][outputs..]) sizes[i] += x * x;
            masses[i] = objects.WeightOf(i) * sizes[i];
            sizes[i] = Math.Sqrt(sizes[i]);
        }
        // Neurons without input weights and bias have no direction, and no kink to spread.
        if (!masses.Any(c => c > 0)) return Compressor.Compress(objects, chosen);
        return new SpreadSelection(objects, new WeightedPoints(positions, outputs + n, masses), sizes, space, chosen).Run(perMoment);
    }
}
