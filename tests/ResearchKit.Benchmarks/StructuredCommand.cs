using System.Globalization;
using ResearchKit.Baselines;
using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>
/// The data of Fig. 3 at 10^5 -> 10^3, where total degree fails: the error |compressed loss - loss| of 2-50-1 networks for
/// spaces of total degree in (x1, x2, y) and for the moments of a squared loss in cells of (x1, x2) alone.
/// </summary>
internal static class StructuredCommand
{
    private const int Budget = 1000, Vectors = 20, FirstSeed = 1;

    private static readonly LandscapeRegion[] Regions = Enum.GetValues<LandscapeRegion>();

    /// <param name="numbers">Seeds 1, 2, ... of data, teacher and parameter vectors (24 unless given), then d (10^5 unless given).</param>
    public static void Run(params int[] numbers)
    {
        int trials = numbers is [var given, ..] ? given : 24, count = numbers is [_, var d, ..] ? d : 100_000;
        Case[] cases = [.. Cases()];
        for (int seed = FirstSeed; seed < FirstSeed + trials; seed++)
        {
            TeacherRegressionTask task = TeacherRegressionTask.Generate(count, seed);
            LossLandscapeStudy[] studies = [.. Regions.Select(r => LossLandscapeStudy.Draw(task, r, Vectors, seed))];
            double[][] full = [.. studies.Select(s => s.Losses(task.Train))];
            foreach (Case c in cases)
            {
                CompressedSet result = c.Compress(task.Train, seed);
                WeightedPoints few = result.Points(task.Train);
                c.Certificates.Add(result.Certificate);
                for (int r = 0; r < studies.Length; r++)
                    c.Errors[r].AddRange(studies[r].Losses(few).Zip(full[r], (a, b) => Math.Abs(a - b)));
            }
        }
        Print(cases, trials, count);
    }

    private static IEnumerable<Case> Cases()
    {
        yield return new Case("uniform subset", "uniform", (set, seed) => UniformSubset.Compress(set, new CompressionOptions { Budget = Budget, Seed = seed, Degree = 1 }));
        foreach (int k in Enumerable.Range(1, 5))
            yield return new Case($"total degree {k}", "total", (set, _) => Compress(set, MomentSpace.TotalDegree(3, k)));
        foreach (int k in Enumerable.Range(1, 5))
            yield return new Case($"total degree {k}, standardised", "total", (set, _) => Compress(set, MomentSpace.TotalDegree(3, k, PartitionMetric.Standardised(set))));
        foreach (int k in Enumerable.Range(1, 4))
            yield return new Case($"squared loss {k}", "structured", (set, _) => Compress(set, MomentSpace.ForSquaredLoss(2, k)));
        foreach ((int k, int l) in new[] { (2, 1), (3, 2) })
            yield return new Case($"squared loss {k}, {l} with the label", "structured", (set, _) => Compress(set, MomentSpace.ForSquaredLoss(2, k, labelDegree: l)));
    }

    private static CompressedSet Compress(WeightedPoints set, MomentSpace space)
        => Compressor.Compress(set, new CompressionOptions { Budget = Budget, MomentSpace = space });

    private static void Print(Case[] cases, int trials, int count)
    {
        var table = new TextTable(["moments kept per cell", "N", "cells", "d'", "residual", "ms", .. Regions.SelectMany(r => new[] { $"{r}", "RMS" })]);
        foreach (Case c in cases)
        {
            Certificate last = c.Certificates[^1];
            table.Add([c.Name, $"{last.Moments}", $"{last.Cells}", $"{c.Certificates.Min(x => x.Count)}", $"{c.Certificates.Max(x => x.MaxMomentResidual):E0}",
                TextTable.Number(1e3 * Statistics.Median([.. c.Certificates.Select(x => x.Seconds)]), "F0"),
                .. c.Errors.SelectMany(e => new[] { Exponent(Statistics.GeometricMean([.. e])), Exponent(RootMeanSquare(e)) })]);
        }
        table.Print($"|loss of the compressed set - loss of all|, d = {count} -> d' = {Budget}, noise 3, 2-50-1 ReLU: geometric mean and RMS over {Vectors} parameter vectors x seeds {FirstSeed} to {FirstSeed + trials - 1}");

        var gain = new TextTable(["best structured against best total degree, by", .. Regions.Select(r => $"{r}")]);
        foreach ((string name, Func<List<double>, double> of) in new (string, Func<List<double>, double>)[] { ("geometric mean", e => Statistics.GeometricMean([.. e])), ("RMS", RootMeanSquare) })
            gain.Add([name, .. Regions.Select((_, r) => TextTable.Number(Best("total", r, of) / Best("structured", r, of), "F1"))]);
        // One structured space for all three regions, not the best for each.
        Case one = cases.Where(c => c.Kind == "structured").MinBy(c => Regions.Select((_, r) => Math.Log(Statistics.GeometricMean([.. c.Errors[r]]))).Sum())!;
        gain.Add([$"geometric mean, {one.Name} alone", .. Regions.Select((_, r) => TextTable.Number(Best("total", r, e => Statistics.GeometricMean([.. e])) / Statistics.GeometricMean([.. one.Errors[r]]), "F1"))]);
        gain.Print("Factor of the error");

        double Best(string kind, int region, Func<List<double>, double> of) => cases.Where(c => c.Kind == kind).Min(c => of(c.Errors[region]));
    }

    private static double RootMeanSquare(List<double> errors) => Math.Sqrt(errors.Average(e => e * e));

    private static string Exponent(double value) => value.ToString("E1", CultureInfo.InvariantCulture);

    private sealed record Case(string Name, string Kind, Func<WeightedPoints, int, CompressedSet> Compress)
    {
        public List<double>[] Errors { get; } = [.. Regions.Select(_ => new List<double>())];

        public List<Certificate> Certificates { get; } = [];
    }
}
