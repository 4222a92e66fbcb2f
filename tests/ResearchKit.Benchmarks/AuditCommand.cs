using System.Globalization;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>
/// The accuracy audit: every case of the benchmark set is compressed, and the moments of every final cell are recomputed in
/// double-double arithmetic. The limit is 1e-14 of the cell's mass, in the unit of the certificate.
/// </summary>
internal static class AuditCommand
{
    private const double Limit = 1e-14;

    /// <summary>One cell of d objects keeps exactly N moments; d = 1e4 .. 1e6.</summary>
    private static readonly (int M, int K)[] OneCell = [(2, 4), (3, 5), (5, 4), (10, 3)];

    /// <summary>Small cells d -> d', with the m and k that have d' moments (or, the second, leave five points for degree k + 1).</summary>
    private static readonly (int M, int K, int D, int Budget)[] Small = [(2, 4, 100, 15), (2, 4, 200, 20), (3, 5, 500, 56), (4, 5, 252, 126)];

    /// <param name="args">--scale s: the large sizes times s (1); --seed n: seed of the sets (1); --large: 10^7 objects too.</param>
    public static int Run(string[] args)
    {
        double scale = 1;
        int seed = 1;
        bool large = false;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--large": large = true; break;
                case "--scale" when i + 1 < args.Length: scale = double.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--seed" when i + 1 < args.Length: seed = int.Parse(args[++i], CultureInfo.InvariantCulture); break;
                default:
                    Console.Error.WriteLine("audit [--scale 1] [--seed 1] [--large]");
                    return 2;
            }
        }
        if (!(scale > 0 && scale <= 1))
        {
            Console.Error.WriteLine($"--scale {scale} is out of range; large sizes can be multiplied by more than 0, at most 1.");
            return 2;
        }
        int above = new Audit(seed, scale).All(large);
        Console.WriteLine($"{above} cases above {Limit:E0} of the mass");
        return above == 0 ? 0 : 1;
    }

    private sealed class Audit(int seed, double scale)
    {
        private int above;

        public int All(bool large)
        {
            Console.WriteLine($"seed {seed}, large sizes times {scale.ToString(CultureInfo.InvariantCulture)}; residuals: largest difference of a kept moment over all cells, double-double, orthonormal Legendre basis of the cell's box");
            Print("case", "cells", "of mass", "of mass x rms", "certified", "ratio", "s", "audit s");
            foreach ((int m, int k) in OneCell)
                foreach (int d in new[] { 10_000, 100_000, 1_000_000 })
                    Subset("one cell", m, k, Scaled(d), (int)MomentSpace.CountOf(m, k));
            foreach ((int m, int k, int d, int budget) in Small)
                for (int s = 0; s < 5; s++) Subset($"small cell, seed {seed + s}", m, k, d, budget, seed + s);
            foreach (int m in new[] { 1, 2, 3, 4, 5 })
            {
                int d = Scaled(128_000);
                Subset("cells", m, 5, d, d / 10);
            }
            Free(2, 5, 2000, 21);
            Free(3, 5, 2000, 56);
            Free(4, 4, 2000, 70);
            FreeCells(3, 5, Scaled(16_000));
            Structured(2, Scaled(100_000));
            Structured(4, Scaled(100_000));
            if (large) Subset("large", 3, 4, Scaled(10_000_000), Scaled(100_000));
            return above;
        }

        private int Scaled(int d) => Math.Max(2000, (int)(scale * d));

        private void Subset(string name, int m, int k, int d, int budget, int? other = null)
            => Compress(name, RidgeSigmoidTask.Generate(m, d, other ?? seed).Points, MomentSpace.TotalDegree(m, k), budget);

        private void Structured(int k, int d)
            => Compress("structured", TeacherRegressionTask.Generate(d, seed).Train, MomentSpace.ForSquaredLoss(2, k), Math.Max(d / 100, 100));

        private void Compress(string name, WeightedPoints set, MomentSpace space, int budget)
        {
            CompressedSet result = Compressor.Compress(set, new CompressionOptions { Budget = budget, MomentSpace = space });
            Report($"{name}: {space.Name}, {set.Count} -> {result.Count}", result.Certificate, () => MomentAudit.Of(set, result, space, budget));
        }

        private void Free(int m, int k, int d, int budget)
        {
            WeightedPoints set = RidgeSigmoidTask.Generate(m, d, seed).Points;
            SyntheticSet result = FreeNodes.Fewest(set, new FreeNodeOptions { Budget = budget, Degree = k, Seed = seed });
            Report($"fewest free nodes: m = {m}, k = {k}, {d} -> {result.Count}", result.Certificate, () => MomentAudit.Of(set, result, MomentSpace.TotalDegree(m, k)));
        }

        private void FreeCells(int m, int k, int d)
        {
            WeightedPoints set = RidgeSigmoidTask.Generate(m, d, seed).Points;
            SyntheticSet result = FreeNodes.Compress(set, new FreeNodeOptions { Budget = d / 10, Degree = k, Seed = seed });
            Report($"free nodes: m = {m}, k = {k}, {d} -> {result.Count}", result.Certificate, () => MomentAudit.Of(set, result, MomentSpace.TotalDegree(m, k)));
        }

        private void Report(string name, Certificate certificate, Func<AuditResult> audit)
        {
            (double seconds, AuditResult found) = Timed(audit);
            if (found.OfMass > Limit) above++;
            Print(name, $"{found.Cells}", Text(found.OfMass) + (found.OfMass > Limit ? " !" : ""), Text(found.OfSize), Text(certificate.MaxMomentResidual),
                TextTable.Number(found.OfMass / certificate.MaxMomentResidual), TextTable.Number(certificate.Seconds), TextTable.Number(seconds, "F1"));
        }

        private static (double Seconds, AuditResult Found) Timed(Func<AuditResult> audit)
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            AuditResult found = audit();
            return (System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds, found);
        }

        private static string Text(double residual) => residual.ToString("E1", CultureInfo.InvariantCulture);

        /// <summary>Line by line, since the largest cases take minutes.</summary>
        private static void Print(string name, params string[] columns)
            => Console.WriteLine($"{name,-72}" + string.Concat(columns.Select(c => c.PadLeft(15))));
    }
}
