using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>Theorem T3: for a smooth function the error of one cell of diameter r falls as r^(k+1).</summary>
public class SmallBallTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(3, 4)]
    public void ErrorFallsAsTheRadiusToTheKPlusOne(int m, int k)
    {
        // The theorem is an upper bound, for r -> 0. The vertex search leaves little of degree k + 1 (at m = 1, where thirty
        // points stand for five, next to nothing), so that the next degree shows in larger balls and the error falls faster;
        // in smaller ones of high degree it would meet rounding.
        double largest = k <= 2 ? 0.01 : 0.05;
        double[] radii = [largest, largest / 2, largest / 4, largest / 8];
        var logs = new double[radii.Length];
        for (int r = 0; r < radii.Length; r++) logs[r] = Math.Log(Error(m, k, radii[r]));
        double slope = Slope([.. radii.Select(r => Math.Log(r))], logs);
        Assert.InRange(slope, k + 1 - 0.3, k + 2 + 0.3);
    }

    /// <summary>Root mean square over sets and ridge functions of the difference of the means of exp(a.x).</summary>
    private static double Error(int m, int k, double radius)
    {
        double squares = 0;
        for (int trial = 0; trial < 6; trial++)
        {
            WeightedPoints unit = HardSets.Cube(m, 200, trial + 1);
            var rows = unit.Coordinates.ToArray();
            for (int i = 0; i < rows.Length; i++) rows[i] = 0.3 + radius * rows[i];
            var set = new WeightedPoints(rows, m);
            CompressedSet result = Check.Compress(set, k, (int)MomentSpace.CountOf(m, k));
            WeightedPoints few = result.Points(set);
            var random = new SeededRandom(trial, 9);
            var a = new double[m];
            for (int probe = 0; probe < 6; probe++)
            {
                random.FillNormal(a);
                double G(ReadOnlySpan<double> x)
                {
                    double s = 0;
                    for (int j = 0; j < m; j++) s += a[j] * x[j];
                    return Math.Exp(s);
                }
                double error = (set.Sum(G) - few.Sum(G)) / set.Count;
                squares += error * error;
            }
        }
        return Math.Sqrt(squares / 36);
    }

    private static double Slope(double[] x, double[] y)
    {
        double mx = x.Average(), my = y.Average();
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / x.Sum(a => (a - mx) * (a - mx));
    }
}
