using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using ResearchKit.Networks;

namespace ResearchKit.Datasets;

/// <summary>
/// Stretches the features along the directions in which the label varies: z = M^(<see cref="Power"/>/2) x, M the mean outer
/// product of the gradient of a least-squares fit to the labels. Cells then become small where it matters.
/// </summary>
/// <remarks>
/// The fit is in random ReLU features, a linear problem (the gradient outer product of Trivedi, Wang, Kpotufe and
/// Shakhnarovich, UAI 2014). All n directions stay, so the kept moments are of the same polynomials as without the map: only
/// cells change. The stretches are normalised to a mean square of 1. Standardise first.
/// </remarks>
/// <param name="Power">How strongly: 0 leaves features as they are, 1 makes the label vary evenly in all directions; between.</param>
public sealed record RelevantDirections(double Power = 0.5) : FeatureMap
{
    /// <summary>Random features of the fit, at least 1.</summary>
    public int Features { get; init; } = 300;

    /// <summary>Seed of the random features.</summary>
    public int Seed { get; init; }

    /// <inheritdoc/>
    public override FittedFeatures Fit(Samples data, int threads = -1)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(Power >= 0 && Power <= 1))
            throw new ArgumentOutOfRangeException(nameof(Power), Power, $"Power = {Power}; it must lie between 0 (features as they are) and 1.");
        if (Features < 1)
            throw new ArgumentOutOfRangeException(nameof(Features), Features, $"Features = {Features}; at least 1 random feature is needed for the fit.");
        if (data.TargetSize != 1)
            throw new ArgumentException($"The data has {data.TargetSize} labels a row; relevant directions are found for 1.", nameof(data));
        int n = data.InputSize;
        RandomFeatureFit fit = RandomFeatureFit.Fit(data, Features, FittedLabels.Scale, Seed, threads, CancellationToken.None);
        double[] outer = fit.GradientOuterProduct(data, threads, CancellationToken.None);
        Evd<double> factors = Matrix<double>.Build.Dense(n, n, (a, b) => outer[a * n + b]).Evd(Symmetricity.Symmetric);
        double top = factors.EigenValues.Max(v => v.Real);
        // Rounding must not take a direction out altogether.
        double[] values = [.. factors.EigenValues.Select(v => Math.Max(1e-12 * top, v.Real))];
        // A constant label makes no direction relevant.
        double[] stretch = [.. values.Select(v => top > 0 ? Math.Pow(v / top, 0.5 * Power) : 1)];
        double scale = Math.Sqrt(n / stretch.Sum(s => s * s));
        var map = new double[n * n];
        for (int a = 0; a < n; a++)
            for (int b = 0; b < n; b++)
                for (int p = 0; p < n; p++) map[a * n + b] += scale * stretch[p] * factors.EigenVectors[a, p] * factors.EigenVectors[b, p];
        string description = FormattableString.Invariant($"{n} features stretched by the label's mean gradients to the power {Power:G4} ({scale * stretch.Min():G3} to {scale * stretch.Max():G3}; {Features} random features, seed {Seed})");
        return new FittedFeatures(n, n, description, (row, mapped) =>
        {
            for (int a = 0; a < mapped.Length; a++)
            {
                double sum = 0;
                for (int b = 0; b < row.Length; b++) sum += map[a * row.Length + b] * row[b];
                mapped[a] = sum;
            }
        });
    }
}
