using System.Numerics;

namespace ResearchKit.Tests.Moments;

public class MomentSpaceTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 7, 8)]
    [InlineData(2, 2, 6)]
    [InlineData(3, 5, 56)]
    [InlineData(5, 5, 252)]
    [InlineData(8, 3, 165)]
    [InlineData(100, 1, 101)]
    [InlineData(20, 3, 1771)]
    public void HasCMPlusKOverKMoments(int m, int k, int count)
    {
        MomentSpace space = MomentSpace.TotalDegree(m, k);
        Assert.Equal(count, space.Count);
        Assert.Equal(count, MomentSpace.CountOf(m, k));
        Assert.Equal(m, space.Dimension);
        Assert.Equal(k, space.Degree);
        Assert.Equal($"total degree {k} in {m} variables", space.Name);
    }

    [Theory]
    [InlineData(1, 9)]
    [InlineData(2, 6)]
    [InlineData(3, 4)]
    [InlineData(5, 3)]
    public void EveryExponentOnceInGradedOrder(int m, int k)
    {
        MomentSpace space = MomentSpace.TotalDegree(m, k);
        var expected = ExactMoments.Exponents(m, k).Select(e => string.Join(",", e)).Order();
        Assert.Equal(expected, Enumerable.Range(0, space.Count).Select(e => string.Join(",", space.Exponents(e).ToArray())).Order());
        for (int e = 1; e < space.Count; e++)
        {
            Assert.True(space.DegreeOf(e) >= space.DegreeOf(e - 1));
            // Within a degree the first coordinate falls first.
            if (space.DegreeOf(e) == space.DegreeOf(e - 1)) Assert.True(space.Exponents(e - 1).SequenceCompareTo(space.Exponents(e)) > 0);
        }
    }

    [Theory]
    [InlineData(1, 9)]
    [InlineData(3, 4)]
    [InlineData(6, 2)]
    public void AParentIsEarlierAndLacksTheLastFactor(int m, int k)
    {
        MomentSpace space = MomentSpace.TotalDegree(m, k);
        for (int e = 1; e < space.Count; e++)
        {
            int parent = space.Parents[e], last = space.LastCoordinates[e];
            Assert.InRange(parent, 0, e - 1);
            byte[] expected = space.Exponents(e).ToArray();
            Assert.NotEqual(0, expected[last]);
            Assert.All(expected[(last + 1)..], x => Assert.Equal(0, x));
            expected[last] = 0;
            Assert.Equal(expected, space.Exponents(parent).ToArray());
        }
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(4, 2)]
    public void TheSpaceOfDegreeKBeginsThatOfKPlusOne(int m, int k)
    {
        MomentSpace small = MomentSpace.TotalDegree(m, k), large = MomentSpace.TotalDegree(m, k + 1);
        for (int e = 0; e < small.Count; e++) Assert.Equal(small.Exponents(e).ToArray(), large.Exponents(e).ToArray());
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(1000, 200)]
    [InlineData(100000, 255)]
    public void TooManyMomentsAreNamed(int m, int k)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.TotalDegree(m, k));
        Assert.Contains($"m = {m}", error.Message);
        Assert.Contains($"k = {k}", error.Message);
        Assert.Contains($"C({m + k}, {k})", error.Message);
        Assert.Contains("at most 8192", error.Message);
        Assert.Contains("Lower the degree", error.Message);
    }

    [Fact]
    public void CountOfMatchesPascalsTriangleExactlyBelowTwoToThe53()
    {
        var row = new BigInteger[121];
        row[0] = 1;
        for (int n = 1; n <= 120; n++)
        {
            for (int r = n; r > 0; r--) row[r] += row[r - 1];
            for (int k = 0; k <= n; k++)
            {
                double count = MomentSpace.CountOf(n - k, k);
                if (row[k] < BigInteger.Pow(2, 53)) Assert.True((BigInteger)count == row[k], $"C({n}, {k})");
                else Assert.InRange(count / (double)row[k], 1 - 1e-12, 1 + 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(int.MaxValue, 255)]
    [InlineData(2_000_000_000, 2_000_000_000)]
    [InlineData(1000, 1000)]
    public void CountOfNeverWrapsToASmallNumber(int m, int k) => Assert.True(MomentSpace.CountOf(m, k) > 1e15);

    [Fact]
    public void CountOfTheEdges()
    {
        Assert.Equal(1, MomentSpace.CountOf(0, 7));
        Assert.Equal(1, MomentSpace.CountOf(7, 0));
        Assert.Equal(2147483648.0, MomentSpace.CountOf(int.MaxValue, 1));
        Assert.Contains("C(2147483648, 1)", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.TotalDegree(int.MaxValue, 1)).Message);
    }

    [Fact]
    public void MoreThan256Coordinates()
    {
        // A coordinate's index does not fit a byte here.
        MomentSpace space = MomentSpace.TotalDegree(300, 1);
        for (int e = 1; e < 301; e++) Assert.Equal(e - 1, space.LastCoordinates[e]);
        WeightedPoints set = Compression.HardSets.Cube(300, 400);
        CompressedSet result = Compression.Check.Compress(set, 1, 301);
        Compression.Check.Shape(set, result, 301, "m=300");
        WeightedPoints few = result.Points(set);
        for (int j = 0; j < 300; j++) Assert.Equal(set.Sum(x => x[j]), few.Sum(x => x[j]), 400 * Compression.Check.Exact);
    }

    [Fact]
    public void DegreeTwoHundredAndFiftyFiveIsTheLast()
    {
        MomentSpace space = MomentSpace.TotalDegree(1, 255);
        Assert.Equal(256, space.Count);
        Assert.Equal(255, space.Exponents(255)[0]);
        foreach (int k in new[] { -1, 256 })
            Assert.Contains("between 0 and 255", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.TotalDegree(1, k)).Message);
        foreach (int m in new[] { 0, -5 })
            Assert.Contains($"{m}", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.TotalDegree(m, 2)).Message);
    }

    [Fact]
    public void DegreeTwoHundredAndFiftyFiveHasNoNextDegreeButStillCompresses()
    {
        WeightedPoints set = Compression.HardSets.Make("Chebyshev ends", 1, 700);
        CompressedSet result = Compression.Check.Compress(set, 255, 256);
        Compression.Check.Shape(set, result, 256, "k=255");
        Compression.Check.Shape(set, Compression.Check.Compress(set, 255, 300), 300, "k=255 and more");
    }

    [Theory]
    [InlineData(2, 3, 0)]
    [InlineData(2, 3, 1)]
    [InlineData(2, 3, 5)]
    [InlineData(2, 3, 6)]
    [InlineData(1, 2, 30)]
    [InlineData(3, 1, 40)]
    public void ExtendByKeepsThePrefixAndAddsTheNextDegreesInTurn(int m, int k, int extra)
    {
        MomentSpace space = MomentSpace.TotalDegree(m, k), larger = space.ExtendBy(extra);
        Assert.Equal(space.Count + extra, larger.Count);
        for (int e = 0; e < space.Count; e++) Assert.Equal(space.Exponents(e).ToArray(), larger.Exponents(e).ToArray());
        for (int e = space.Count + 1; e < larger.Count; e++)
        {
            Assert.True(larger.DegreeOf(e) >= larger.DegreeOf(e - 1));
            if (larger.DegreeOf(e) == larger.DegreeOf(e - 1))
                Assert.True(MomentSpace.DefectWeight(larger.Exponents(e)) <= MomentSpace.DefectWeight(larger.Exponents(e - 1)));
        }
        Assert.Equal(larger.Count, Enumerable.Range(0, larger.Count).Select(e => Convert.ToHexString(larger.Exponents(e))).Distinct().Count());
    }

    [Theory]
    [InlineData(2, 3, 0)]
    [InlineData(2, 3, 3)]
    [InlineData(4, 2, 7)]
    public void WithDefectAppendsWhatTheNextDegreeStillLacks(int m, int k, int extra)
    {
        MomentSpace space = MomentSpace.TotalDegree(m, k).ExtendBy(extra);
        MomentSpace watched = space.WithDefect(k + 1)!;
        Assert.Equal(MomentSpace.CountOf(m, k + 1), watched.Count);
        for (int e = 0; e < space.Count; e++) Assert.Equal(space.Exponents(e).ToArray(), watched.Exponents(e).ToArray());
        for (int e = space.Count; e < watched.Count; e++) Assert.Equal(k + 1, watched.DegreeOf(e));
        Assert.Equal(watched.Count, Enumerable.Range(0, watched.Count).Select(e => Convert.ToHexString(watched.Exponents(e))).Distinct().Count());
    }

    [Fact]
    public void ANextDegreeOfTooManyMomentsIsNotWatched()
        => Assert.Null(MomentSpace.TotalDegree(100, 1).WithDefect(2));

    [Fact]
    public void DefectWeightByHand()
    {
        // x^2 y: 3!/(2! 1!) = 3 over the leading coefficient sqrt(5) 3/2 times sqrt(3) of the orthonormal p_2 p_1.
        Assert.Equal(3 / (Math.Sqrt(5) * 1.5 * Math.Sqrt(3)), MomentSpace.DefectWeight([2, 1]), 1e-15);
        // x^4: 1 over sqrt(9) 35/8.
        Assert.Equal(1 / (3 * 35 / 8.0), MomentSpace.DefectWeight([4]), 1e-15);
        Assert.Equal(1, MomentSpace.DefectWeight([0, 0, 0]));
    }

    [Fact]
    public void MetricsAreChecked()
    {
        Assert.Throws<ArgumentException>(() => PartitionMetric.Scaled(0, 0));
        Assert.Contains("coordinate 1 is -2", Assert.Throws<ArgumentException>(() => PartitionMetric.Scaled(1, -2)).Message);
        Assert.Throws<ArgumentException>(() => PartitionMetric.Scaled(double.NaN));
        Assert.Throws<ArgumentException>(() => PartitionMetric.Scaled());
        Assert.Contains("2 scales for m = 3", Assert.Throws<ArgumentException>(() => MomentSpace.TotalDegree(3, 1, PartitionMetric.Scaled(1, 2))).Message);
        Assert.Throws<ArgumentNullException>(() => PartitionMetric.Scaled(null!));
    }

    [Fact]
    public void ACoordinateOutsideTheMetricIsNotSplitButItsMomentsStay()
    {
        WeightedPoints set = Compression.HardSets.Cube(2, 2000);
        var space = MomentSpace.TotalDegree(2, 2, PartitionMetric.Scaled(1, 0));
        CompressedSet result = Compressor.Compress(set, new CompressionOptions { Budget = 60, MomentSpace = space });
        Compression.Check.Shape(set, result, 60, "metric");
        Assert.InRange(ExactMoments.Residual(set, result, 2), 0, Compression.Check.Exact);
        // Cells are strips across the first coordinate: none is as wide as 2 in the metric.
        Assert.InRange(result.Certificate.MaxCellDiameter, 0.05, 1);
    }
}
