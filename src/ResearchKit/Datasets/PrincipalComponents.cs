using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using ResearchKit.Networks;

namespace ResearchKit.Datasets;

/// <summary>
/// The leading principal components of the features, as many as carry a share of their variance: fewer coordinates, hence
/// fewer moments (C(n+k, k) of degree k), where features repeat each other. Standardise first where units differ.
/// </summary>
/// <param name="Variance">The share of the total variance to keep at least, above 0 and at most 1.</param>
public sealed record PrincipalComponents(double Variance = 0.95) : FeatureMap
{
    /// <inheritdoc/>
    public override FittedFeatures Fit(Samples data, int threads = -1)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(Variance > 0 && Variance <= 1))
            throw new ArgumentOutOfRangeException(nameof(Variance), Variance, $"Variance = {Variance}; the share of the variance to keep must lie above 0 and at most at 1 (0.95 is usual).");
        int n = data.InputSize;
        double[] means = FeatureStatistics.Means(data), covariance = FeatureStatistics.Covariance(data, means);
        Evd<double> factors = Matrix<double>.Build.Dense(n, n, (a, b) => covariance[a * n + b]).Evd(Symmetricity.Symmetric);
        // Ascending; rounding may leave the smallest a little below zero.
        double[] values = [.. factors.EigenValues.Select(v => Math.Max(0, v.Real))];
        double total = values.Sum(), kept = 0;
        if (!(total > 0))
            throw new ArgumentException($"All {n} features are constant: there is no variance to keep. Leave {nameof(PrincipalComponents)} out.", nameof(data));
        int count = 0;
        // A share of 1 must not ask for what rounding took.
        while (count < n && kept < Math.Min(Variance, 1 - 1e-12) * total) kept += values[n - 1 - count++];
        var directions = new double[count * n];
        for (int p = 0; p < count; p++)
        {
            Vector<double> direction = factors.EigenVectors.Column(n - 1 - p);
            // An eigenvector's sign is arbitrary: its largest entry is made positive.
            double sign = Math.Sign(direction[direction.AbsoluteMaximumIndex()]);
            for (int a = 0; a < n; a++) directions[p * n + a] = sign * direction[a];
        }
        string share = (100 * kept / total).ToString("F1", CultureInfo.InvariantCulture);
        return new FittedFeatures(n, count, $"{count} of {n} principal components with {share}% of the variance", (row, mapped) =>
        {
            for (int p = 0; p < mapped.Length; p++)
            {
                double sum = 0;
                for (int a = 0; a < row.Length; a++) sum += directions[p * row.Length + a] * (row[a] - means[a]);
                mapped[p] = sum;
            }
        });
    }
}
