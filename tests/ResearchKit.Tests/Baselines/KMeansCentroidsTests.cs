using ResearchKit.Baselines;

namespace ResearchKit.Tests.Baselines;

public class KMeansCentroidsTests
{
    [Fact]
    public void TwoPairsOnALineByHand()
    {
        var set = new WeightedPoints([0, 10, 1, 13], 1, [1, 1, 1, 2]);
        for (int seed = 0; seed < 10; seed++)
        {
            CentroidSet result = KMeansCentroids.Compress(set, new CompressionOptions { Budget = 2, Seed = seed });
            // {0, 1} has mean 1/2 and mass 2; {10, 13, 13} mean 12 and mass 3; inertia 1/2 + (4 + 2).
            int low = result.Assignment[0], high = 1 - low;
            Assert.Equal([low, high, low, high], result.Assignment.ToArray());
            Assert.Equal(0.5, result.Points[low][0], 1e-15);
            Assert.Equal(12, result.Points[high][0], 1e-14);
            Assert.Equal(2, result.Points.WeightOf(low));
            Assert.Equal(3, result.Points.WeightOf(high));
            Assert.Equal(6.5, result.Inertia, 1e-13);
            Assert.True(result.Converged);
        }
    }

    [Theory]
    [InlineData(1, 500, 25)]
    [InlineData(3, 2000, 200)]
    [InlineData(5, 700, 650)]
    public void KeepsMassAndMeansAndReportsItsInertia(int m, int d, int budget)
    {
        foreach (bool weighted in new[] { false, true })
        {
            string context = $"m={m} d={d} weighted={weighted} seed=4";
            WeightedPoints set = Inputs.Cube(m, d, 4, weighted);
            CentroidSet result = KMeansCentroids.Compress(set, new CompressionOptions { Budget = budget, Seed = 4 });
            Assert.True(result.Count <= budget && result.Count > 0.95 * budget, $"{context}: {result.Count}");
            Assert.True(Math.Abs(result.Points.Mass - set.Mass) < 1e-12 * set.Mass, context);
            for (int j = 0; j < m; j++)
                Assert.True(Math.Abs(result.Points.Sum(x => x[j]) - set.Sum(x => x[j])) < 1e-12 * set.Mass, $"{context} coordinate {j}");
            double inertia = 0;
            var mass = new double[result.Count];
            for (int i = 0; i < d; i++)
            {
                mass[result.Assignment[i]] += set.WeightOf(i);
                for (int j = 0; j < m; j++)
                {
                    double gap = set[i][j] - result.Points[result.Assignment[i]][j];
                    inertia += set.WeightOf(i) * gap * gap;
                }
            }
            Assert.Equal(inertia, result.Inertia, 1e-11 * inertia);
            for (int c = 0; c < mass.Length; c++) Assert.Equal(mass[c], result.Points.WeightOf(c), 1e-11);
        }
    }

    [Fact]
    public void IterationsLowerTheInertiaToAFixedPoint()
    {
        WeightedPoints set = Inputs.Cube(2, 1000, 6);
        CentroidSet Run(int iterations) => KMeansCentroids.Compress(set, new CompressionOptions { Budget = 30, Seed = 1 }, iterations);
        CentroidSet one = Run(1), many = Run(500);
        Assert.Equal(1, one.Iterations);
        Assert.True(many.Inertia < one.Inertia);
        Assert.True(many.Converged);
        // Squares of side 2/sqrt(30) would have 1000 * (2/sqrt(30))^2 / 6 = 22.2; no partition does better than hexagons (21.4).
        Assert.InRange(many.Inertia, 19.5, 26);
        // At the fixed point an object is not visibly nearer to a centroid of another cluster.
        double excess = 0;
        for (int i = 0; i < set.Count; i++)
        {
            double own = NeighbourTree.SquaredDistance(set[i], many.Points[many.Assignment[i]]), nearest = double.PositiveInfinity;
            for (int c = 0; c < many.Count; c++) nearest = Math.Min(nearest, NeighbourTree.SquaredDistance(set[i], many.Points[c]));
            excess += own - nearest;
        }
        Assert.InRange(excess, 0, 1e-3 * many.Inertia);
    }

    [Fact]
    public void EqualAndDuplicatedObjectsGiveTheDistinctOnes()
    {
        var equal = new WeightedPoints([.. Enumerable.Repeat(0.3, 100)], 2);
        CentroidSet one = KMeansCentroids.Compress(equal, new CompressionOptions { Budget = 10 });
        Assert.Equal(1, one.Count);
        Assert.Equal(50, one.Points.Mass);
        Assert.Equal(0, one.Inertia, 1e-25);

        double[] rows = [.. Inputs.Cube(2, 20, 5).Coordinates.ToArray()];
        var doubled = new WeightedPoints([.. rows, .. rows], 2);
        CentroidSet twenty = KMeansCentroids.Compress(doubled, new CompressionOptions { Budget = 35 });
        Assert.Equal(20, twenty.Count);
        Assert.All(twenty.Points.Weights.ToArray(), w => Assert.Equal(2, w));
        Assert.Equal(0, twenty.Inertia, 1e-25);
    }

    [Fact]
    public void ObjectsWithoutWeightMoveNothing()
    {
        var set = new WeightedPoints([0, 1, 100, 2], 1, [1, 1, 0, 1]);
        CentroidSet result = KMeansCentroids.Compress(set, new CompressionOptions { Budget = 1 });
        Assert.Equal(1, result.Points[0][0], 1e-15);
        Assert.Equal(2, result.Inertia, 1e-14);
        Assert.Equal(0, result.Assignment[2]);
    }

    [Fact]
    public void SameBitsForAnyThreadCountAndOtherBitsForAnotherSeed()
    {
        WeightedPoints set = Inputs.Cube(3, 5000, 7, weighted: true);
        CentroidSet Run(int threads, int seed) =>
            KMeansCentroids.Compress(set, new CompressionOptions { Budget = 300, Seed = seed, MaxDegreeOfParallelism = threads });
        CentroidSet one = Run(1, 2), four = Run(4, 2);
        Assert.Equal(one.Points.Coordinates.ToArray(), four.Points.Coordinates.ToArray());
        Assert.Equal(one.Points.Weights.ToArray(), four.Points.Weights.ToArray());
        Assert.Equal(one.Inertia, four.Inertia);
        Assert.NotEqual(one.Inertia, Run(1, 3).Inertia);
    }

    [Fact]
    public void BadInputAndCancellation()
    {
        WeightedPoints set = Inputs.Cube(2, 500, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => KMeansCentroids.Compress(set, new CompressionOptions { Budget = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => KMeansCentroids.Compress(set, new CompressionOptions { Budget = 5 }, maxIterations: 0));
        Assert.Throws<ArgumentNullException>(() => KMeansCentroids.Compress(set, null!));
        using var source = new CancellationTokenSource();
        var options = new CompressionOptions { Budget = 50, CancellationToken = source.Token, Progress = new Inputs.Immediate(_ => source.Cancel()) };
        Assert.ThrowsAny<OperationCanceledException>(() => KMeansCentroids.Compress(set, options));
    }

    [Fact]
    public void ACentreWithoutMassMovesToTheWorstServedObject()
    {
        // Nothing is nearest to 1000; the objects lie 1, 1 and 3 from the centre 1, so the empty centre moves to 4.
        CentroidSet result = KMeansCentroids.Refine(new WeightedPoints([0, 2, 4], 1), [1, 1000], new CompressionOptions { Budget = 2 }, 10);
        Assert.Equal([0, 0, 1], result.Assignment.ToArray());
        Assert.Equal([1, 4], result.Points.Coordinates.ToArray());
        Assert.Equal(2, result.Inertia);

        // With weight 100 at 2 both centres meet there, so the second is empty again and moves on to 0 (4 is as far, and later).
        CentroidSet heavy = KMeansCentroids.Refine(new WeightedPoints([0, 2, 4], 1, [1, 100, 1]), [1, 1000], new CompressionOptions { Budget = 2 }, 10);
        Assert.Equal([1, 0, 0], heavy.Assignment.ToArray());
        Assert.Equal(204.0 / 101, heavy.Points[0][0], 1e-14);
        Assert.Equal(0, heavy.Points[1][0]);

        // More centres than distinct objects: the surplus is dropped, and the mass stays whole.
        CentroidSet surplus = KMeansCentroids.Refine(new WeightedPoints([5, 5, 7], 1), [5, 7, 900, -900], new CompressionOptions { Budget = 4 }, 10);
        Assert.Equal([5, 7], surplus.Points.Coordinates.ToArray());
        Assert.Equal([2, 1], surplus.Points.Weights.ToArray());
    }
}
