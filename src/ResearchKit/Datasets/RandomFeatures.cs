using System.Globalization;
using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Datasets;

/// <summary>Which functions of a random direction are taken.</summary>
public enum RandomFeatureKind
{
    /// <summary>max(0, w . (x - x_i)) with x_i a random row: the neurons of a ReLU network, their kinks among the data.</summary>
    Relu,

    /// <summary>cos(w . x + b), b uniform on [0, 2 pi): random Fourier features (Rahimi and Recht, NIPS 2007).</summary>
    Fourier,
}

/// <summary>
/// Functions of random directions w, standard normal times <see cref="Scale"/> / sqrt(n). With degree 1 their means are
/// kept, in few cells: for models that are (nearly) sums of such functions, and more features than polynomials can take.
/// Standardise first, since all features share one scale.
/// </summary>
/// <param name="Count">How many features, at least 1.</param>
/// <param name="Kind">Which functions.</param>
public sealed record RandomFeatures(int Count, RandomFeatureKind Kind = RandomFeatureKind.Relu) : FeatureMap
{
    /// <summary>Length of a typical direction, positive and finite.</summary>
    public double Scale { get; init; } = 2;

    /// <summary>Seed of directions and offsets.</summary>
    public int Seed { get; init; }

    /// <inheritdoc/>
    public override FittedFeatures Fit(Samples data, int threads = -1)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (Count < 1)
            throw new ArgumentOutOfRangeException(nameof(Count), Count, $"Count = {Count}; at least 1 random feature is needed.");
        if (!(Scale > 0) || double.IsInfinity(Scale))
            throw new ArgumentOutOfRangeException(nameof(Scale), Scale, $"Scale = {Scale}; the length of a direction must be positive and finite (2 is usual for standardised features).");
        if (!Enum.IsDefined(Kind))
            throw new ArgumentOutOfRangeException(nameof(Kind), Kind, $"Kind = {(int)Kind} is none of {string.Join(", ", Enum.GetNames<RandomFeatureKind>())}.");
        int n = data.InputSize, count = Count;
        var random = new SeededRandom(Seed);
        double[] directions = new double[checked(count * n)], offsets = new double[count];
        for (int j = 0; j < count; j++)
        {
            Span<double> w = directions.AsSpan(j * n, n);
            random.FillNormal(w);
            foreach (ref double x in w) x *= Scale / Math.Sqrt(n);
            offsets[j] = Kind == RandomFeatureKind.Fourier ? random.Uniform(0, 2 * Math.PI) : -Dot(w, data.Inputs.Slice(n * random.NextInt(data.Count), n));
        }
        bool fourier = Kind == RandomFeatureKind.Fourier;
        string description = string.Create(CultureInfo.InvariantCulture, $"{count} random {(fourier ? "Fourier" : "ReLU")} features (scale {Scale:G6}, seed {Seed})");
        return new FittedFeatures(n, count, description, (row, mapped) =>
        {
            for (int j = 0; j < mapped.Length; j++)
            {
                double z = Dot(directions.AsSpan(j * row.Length, row.Length), row) + offsets[j];
                mapped[j] = fourier ? Math.Cos(z) : Math.Max(0, z);
            }
        });
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int a = 0; a < x.Length; a++) sum += x[a] * y[a];
        return sum;
    }
}
