using ResearchKit.Networks;

namespace ResearchKit.Datasets;

/// <summary>Weighted means and covariances of features, in compensated sums.</summary>
internal static class FeatureStatistics
{
    /// <summary>The sum of the weights.</summary>
    public static double Mass(Samples data) => data.Weights.IsEmpty ? data.Count : CompensatedSum.Of(data.Weights);

    /// <summary>The mean of each feature.</summary>
    public static double[] Means(Samples data)
    {
        int n = data.InputSize;
        double mass = Mass(data);
        var sums = new CompensatedSum[n];
        for (int i = 0; i < data.Count; i++)
        {
            double share = data.WeightOf(i) / mass;
            for (int a = 0; a < n; a++) sums[a].Add(share * data.Inputs[i * n + a]);
        }
        return [.. sums.Select(s => s.Total)];
    }

    /// <summary>The covariance, n x n.</summary>
    public static double[] Covariance(Samples data, double[] means)
    {
        int n = data.InputSize;
        double mass = Mass(data);
        var sums = new CompensatedSum[n * n];
        var centred = new double[n];
        for (int i = 0; i < data.Count; i++)
        {
            double share = data.WeightOf(i) / mass;
            for (int a = 0; a < n; a++) centred[a] = data.Inputs[i * n + a] - means[a];
            for (int a = 0; a < n; a++)
                for (int b = 0; b <= a; b++) sums[a * n + b].Add(share * centred[a] * centred[b]);
        }
        var covariance = new double[n * n];
        for (int a = 0; a < n; a++)
            for (int b = 0; b <= a; b++) covariance[a * n + b] = covariance[b * n + a] = sums[a * n + b].Total;
        return covariance;
    }

    /// <summary>Standard deviations; 0 for a feature whose spread is the rounding of its mean.</summary>
    public static double[] Deviations(Samples data, double[] means)
    {
        int n = data.InputSize;
        double mass = Mass(data);
        var sums = new CompensatedSum[n];
        // In units of the largest one, squares neither over- nor underflow.
        var largest = new double[n];
        for (int i = 0; i < data.Count; i++)
            for (int a = 0; a < n; a++) largest[a] = Math.Max(largest[a], Math.Abs(data.Inputs[i * n + a] - means[a]));
        for (int i = 0; i < data.Count; i++)
        {
            double share = data.WeightOf(i) / mass;
            for (int a = 0; a < n; a++)
            {
                double x = largest[a] > 0 ? (data.Inputs[i * n + a] - means[a]) / largest[a] : 0;
                sums[a].Add(share * x * x);
            }
        }
        return [.. sums.Select((s, a) => largest[a] * Math.Sqrt(s.Total) is var d && d > 1e-14 * Math.Abs(means[a]) ? d : 0)];
    }
}
