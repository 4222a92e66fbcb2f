namespace ResearchKit;

/// <summary>
/// The functions on which results are measured: seeded ridge functions, the caller's own, or both. Their sums over the
/// original are taken once; a result then costs d' evaluations of each.
/// </summary>
internal sealed class ErrorProbes
{
    /// <summary>Rows per task; fixed, so that the number of threads does not show.</summary>
    private const int Chunk = 2048;

    private readonly WeightedPoints set;
    private readonly RidgeProbes? ridges;
    private readonly IReadOnlyList<Func<ReadOnlySpan<double>, double>> functions;
    private readonly ParallelOptions parallel;
    private readonly int ridgeSums;
    private double[]? original;

    private ErrorProbes(WeightedPoints set, CompressionOptions options)
    {
        this.set = set;
        functions = options.ProbeFunctions ?? [];
        parallel = options.Parallel();
        if (options.RidgeProbes > 0) ridges = new RidgeProbes(LocalFrame.Of(set), options.Seed, options.RidgeProbes, options.ProbeScale);
        ridgeSums = RidgeProbes.Families * (ridges?.Count ?? 0);
    }

    /// <summary>The probes that the options ask for; null for none.</summary>
    public static ErrorProbes? For(WeightedPoints set, CompressionOptions options)
        => options.RidgeProbes > 0 || options.ProbeFunctions is { Count: > 0 } ? new ErrorProbes(set, options) : null;

    /// <summary>The number of functions.</summary>
    public int Count => ridgeSums + functions.Count;

    /// <summary>Measures a selection.</summary>
    public ProbeErrors Measure(ReadOnlySpan<int> indices, ReadOnlySpan<double> weights)
    {
        original ??= Sums(set.CoordinateArray, set.WeightArray, set.Count);
        int m = set.Dimension;
        var rows = new double[indices.Length * m];
        for (int i = 0; i < indices.Length; i++) set[indices[i]].CopyTo(rows.AsSpan(i * m));
        double[] errors = Sums(rows, weights.ToArray(), indices.Length);
        for (int f = 0; f < errors.Length; f++) errors[f] = (errors[f] - original[f]) / set.Mass;
        return Summarise(errors);
    }

    /// <summary>For every function the sum of weight times value over some rows.</summary>
    public double[] Sums(ReadOnlyMemory<double> rows, ReadOnlyMemory<double> weights, int count)
    {
        int m = set.Dimension, chunks = (count + Chunk - 1) / Chunk;
        var partial = new CompensatedSum[chunks][];
        Parallelism.Unwrap(() => Parallel.For(0, chunks, parallel, c =>
        {
            int start = c * Chunk, size = Math.Min(Chunk, count - start);
            ReadOnlySpan<double> x = rows.Span.Slice(start * m, size * m);
            ReadOnlySpan<double> w = weights.IsEmpty ? default : weights.Span.Slice(start, size);
            var sums = new CompensatedSum[Count];
            ridges?.Add(x, w, sums);
            AddFunctions(x, w, sums.AsSpan(ridgeSums));
            partial[c] = sums;
        }));
        var totals = new double[Count];
        for (int f = 0; f < totals.Length; f++)
        {
            var total = new CompensatedSum();
            foreach (CompensatedSum[] sums in partial) total.Merge(sums[f]);
            totals[f] = total.Total;
        }
        return totals;
    }

    /// <summary>Whether a function counts for the estimate: the caller's own if there are any, else the smooth ridge functions.</summary>
    public bool Counts(int function)
        => functions.Count > 0 ? function >= ridgeSums : function % RidgeProbes.Families != (int)RidgeFamily.Relu;

    private void AddFunctions(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<CompensatedSum> sums)
    {
        int m = set.Dimension;
        for (int f = 0; f < functions.Count; f++)
        {
            for (int i = 0; i < rows.Length / m; i++)
            {
                ReadOnlySpan<double> x = rows.Slice(i * m, m);
                double value = functions[f](x);
                if (!double.IsFinite(value))
                    throw new ArgumentException($"ProbeFunctions[{f}] is {value} at the object ({string.Join(", ", x.ToArray())}); probes must be finite on every object.", "options");
                sums[f].Add(weights.IsEmpty ? value : weights[i] * value);
            }
        }
    }

    private ProbeErrors Summarise(double[] errors)
    {
        double worst = 0;
        for (int f = 0; f < errors.Length; f++)
            if (Counts(f)) worst = Math.Max(worst, Math.Abs(errors[f]));
        return new ProbeErrors
        {
            Sigmoid = Rms(RidgeFamily.Sigmoid),
            Tanh = Rms(RidgeFamily.Tanh),
            Relu = Rms(RidgeFamily.Relu),
            Cosine = Rms(RidgeFamily.Cosine),
            Own = RmsOf(ridgeSums, 1, errors.Length),
            Largest = worst,
        };

        double Rms(RidgeFamily family) => RmsOf((int)family, RidgeProbes.Families, ridgeSums);

        double RmsOf(int first, int step, int end)
        {
            double squares = 0;
            int count = 0;
            for (int f = first; f < end; f += step, count++) squares += errors[f] * errors[f];
            return count == 0 ? double.NaN : Math.Sqrt(squares / count);
        }
    }
}
