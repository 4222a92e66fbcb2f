using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Tasks;

public class OptimalDegreeTests
{
    [Fact]
    public void ErrorsAreThoseOfTheCompressorRelativeToTheFunction()
    {
        OptimalDegreePoint point = OptimalDegreeStudy.Run(2, 400, 21, sets: 2, functions: 3, seed: 11, degrees: [2, 4, 9]);
        Assert.Equal([2, 4], point.Degrees);   // degree 9 has 55 moments
        Assert.Equal([6, 6], point.Errors.Select(e => e.Length));
        // The second set's third function at degree 4, from the definitions.
        WeightedPoints set = RationalTask.Generate(2, 400, 12).Points;
        WeightedPoints few = Compressor.Compress(set, new CompressionOptions { Budget = 21, Degree = 4 }).Points(set);
        double[] x = RationalTask.Generate(2, 1, (1 << 20) + 2).Directions.ToArray();
        double F(WeightedPoints p) => p.Sum(w =>
        {
            double sum = 0;
            for (int a = 0; a < 10; a++) sum += 0.1 / (2.05 + w[0] * x[2 * a] + w[1] * x[2 * a + 1]);
            return sum;
        });
        double relative = Math.Abs(F(few) / F(set) - 1);
        Assert.Equal(relative, point.Errors[1][5], 1e-3 * relative + 1e-15);
    }

    [Fact]
    public void BestDegreeIsTheSmallestWithinAFactorTwo()
    {
        var point = new OptimalDegreePoint(2, 1000, 49, [1, 2, 3, 4], [[1e-3, 1e-5], [4e-6, 1e-6], [3e-6, 3e-6], [2e-6, 1e-6]]);
        Assert.Equal(1e-4, point.Means[0], 1e-18);
        Assert.Equal(Math.Sqrt(2) * 1e-6, point.BestError, 1e-18);
        Assert.Equal(2, point.BestDegree);   // sqrt(4) e-6 is below 2 sqrt(2) e-6
        Assert.Equal(7, point.Root, 1e-12);
    }

    [Fact]
    public void ErrorFallsExponentiallyAndTheBestDegreeGrows()
    {
        OptimalDegreePoint[] points = [.. new[] { 4, 8, 12, 16, 20 }.Select(b => OptimalDegreeStudy.Run(1, 2000, b, 8, 6, seed: 2))];
        double[] budgets = [.. points.Select(p => (double)p.Budget)], errors = [.. points.Select(p => p.BestError)];
        StretchedExponentialFit fit = StretchedExponentialFit.Fit(budgets, errors, 1);
        Assert.True(fit.RSquared > 0.97 && fit.Rate > 0.3, $"seed 2: {fit}");
        Assert.True(points[^1].BestDegree > points[0].BestDegree + 4, $"seed 2: {points[0].BestDegree} to {points[^1].BestDegree}");
    }

    [Fact]
    public void Fig8TakesTheBestDegreeWithinItsPatience()
    {
        // 120 ln 1000 = 828.9, 20 ln^2 1000 = 954.3, 2 ln^3 1000 = 659.2.
        Assert.Equal([828, 954, 659], new[] { 1, 2, 3 }.Select(m => PolylogStudy.Budget(m, 1000)));
        PolylogPoint point = PolylogStudy.Run(3, 1000, trials: 2, seed: 4, patience: 1);
        Assert.Equal((3, 1000, 659), (point.M, point.D, point.Budget));
        for (int t = 0; t < 2; t++)
        {
            RationalTask task = RationalTask.Generate(3, 1000, 4 + t);
            double[] errors = [.. Enumerable.Range(1, point.Degrees[t] + 1)
                .Select(k => Math.Abs(task.Error(Compressor.Compress(task.Points, new CompressionOptions { Budget = 659, Degree = k }))))];
            // With patience 1 the first rise stops: falling up to the best degree, higher after it.
            Assert.Equal(point.Errors[t], errors[^2]);
            Assert.Equal(errors[..^1].OrderDescending(), errors[..^1]);
            Assert.True(errors[^1] > errors[^2], $"trial {t}");
        }
        Assert.Equal((point.Errors[0] + point.Errors[1]) / 2, point.Median, 1e-20);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        Assert.Contains("1, 2", Assert.Throws<ArgumentOutOfRangeException>(() => PolylogStudy.Budget(4, 1000)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => PolylogStudy.Budget(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PolylogStudy.Run(1, 1000, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PolylogStudy.Run(1, 1000, 1, patience: 0));
        Assert.Contains("3 moments", Assert.Throws<ArgumentOutOfRangeException>(() => OptimalDegreeStudy.Run(2, 100, 2, 1, 1)).Message);
        Assert.Contains("smaller", Assert.Throws<ArgumentException>(() => OptimalDegreeStudy.Run(2, 100, 5, 1, 1, degrees: [2, 3])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => OptimalDegreeStudy.Run(2, 100, 5, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => OptimalDegreeStudy.Run(2, 100, 5, 1, 0));
        Assert.ThrowsAny<OperationCanceledException>(() => OptimalDegreeStudy.Run(2, 100, 5, 1, 1, cancellation: new CancellationToken(true)));
    }
}
