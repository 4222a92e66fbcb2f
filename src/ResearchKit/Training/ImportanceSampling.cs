using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ResearchKit.Networks;

namespace ResearchKit.Training;

/// <summary>The probabilities and loss weights of batches that are drawn by importance.</summary>
internal static class ImportanceSampling
{
    /// <summary>q, unscaled: as given (or the same for all), and 0 for samples of weight 0, which a batch could consist of otherwise.</summary>
    /// <exception cref="ArgumentException">Other than one number per sample, a number out of range, or none for a sample that has weight.</exception>
    public static double[] Probabilities(Samples samples, IReadOnlyList<double>? given)
    {
        if (given is not null && given.Count != samples.Count)
            throw new ArgumentException($"{given.Count} SamplingProbabilities were given for {samples.Count} training samples; give one each, or null for the same for all.", "options");
        var probabilities = new double[samples.Count];
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double q = given is null ? 1 : given[i];
            if (!(q >= 0) || double.IsInfinity(q))
                throw new ArgumentException($"SamplingProbabilities[{i}] is {q.ToString(CultureInfo.InvariantCulture)}; they must be finite and nonnegative.", "options");
            if (samples.WeightOf(i) == 0) continue;
            if (q == 0)
                throw new ArgumentException($"SamplingProbabilities[{i}] is 0 and sample {i} has the weight {samples.WeightOf(i).ToString(CultureInfo.InvariantCulture)}: it would never be drawn, and the mean would be biased. Give it a positive one, or the weight 0.", "options");
            sum += probabilities[i] = q;
        }
        if (!double.IsFinite(sum))
            throw new ArgumentException($"The SamplingProbabilities sum to {sum.ToString(CultureInfo.InvariantCulture)}; scale them down.", "options");
        return probabilities;
    }

    /// <summary>(c_i / sum c) / (q_i / sum q): what sample i's loss counts when it is drawn; 0 where it never is.</summary>
    public static double[] Ratios(Samples samples, double[] probabilities)
    {
        double mass = samples.Weights.IsEmpty ? samples.Count : CompensatedSum.Of(samples.Weights), total = CompensatedSum.Of(probabilities);
        var ratios = new double[probabilities.Length];
        for (int i = 0; i < ratios.Length; i++)
            if (probabilities[i] > 0) ratios[i] = samples.WeightOf(i) / mass / (probabilities[i] / total);
        return ratios;
    }

    /// <summary>What a checkpoint must know of it; empty for the default, so that older files stay readable.</summary>
    public static string Identity(TrainingOptions options)
    {
        if (options.WeightedBatches == WeightedBatches.ByWeight) return "";
        string given = options.SamplingProbabilities is { } q
            ? $"hash {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<double>([.. q])))[..16]}" : "uniform";
        return $", WeightedBatches = {options.WeightedBatches}, SamplingProbabilities = {given}";
    }

}
