using CsCheck;

namespace ResearchKit.Tests.Moments;

public class StructuredSpaceTests
{
    /// <summary>Every exponent below a box that satisfies a condition, as sorted text: the definition by brute force.</summary>
    private static string[] Where(int m, int top, Func<int[], bool> holds)
        => [.. ExactMoments.Exponents(m, top * m).Where(e => e.Max() <= top && holds(e)).Select(e => string.Join(",", e)).Order()];

    private static string[] Of(MomentSpace space, int from = 0)
        => [.. Enumerable.Range(from, space.Count - from).Select(e => string.Join(",", space.Exponents(e).ToArray())).Order()];

    [Theory]
    [InlineData(1, 0, 3)]
    [InlineData(1, 3, 9)]
    [InlineData(2, 2, 13)]
    [InlineData(2, 5, 43)]
    [InlineData(4, 3, 71)]
    public void ASquaredLossNeedsTwoPolynomialsAndTheSquareOfTheLabel(int n, int k, int count)
    {
        MomentSpace space = MomentSpace.ForSquaredLoss(n, k);
        Assert.Equal(count, space.Count);
        Assert.Equal(count, 2 * MomentSpace.CountOf(n, k) + 1);
        Assert.Equal(Where(n + 1, Math.Max(2, k), e => (e[n] <= 1 && e.Sum() - e[n] <= k) || (e[n] == 2 && e.Sum() == 2)), Of(space));
        Assert.Equal(0, space.Metric.Scales[n]);
        Assert.All(space.Metric.Scales[..n].ToArray(), s => Assert.Equal(1, s));
        Assert.Equal(k + 1, space.Order);
    }

    [Fact]
    public void TheLabelMayComeFirstAndHaveALowerDegree()
    {
        MomentSpace space = MomentSpace.ForSquaredLoss(2, 4, label: 0, labelDegree: 2);
        Assert.Equal(Where(3, 4, e => (e[0] == 0 && e[1] + e[2] <= 4) || (e[0] == 1 && e[1] + e[2] <= 2) || (e[0] == 2 && e[1] + e[2] == 0)), Of(space));
        Assert.Equal([0.0, 1, 1], space.Metric.Scales.ToArray());
    }

    [Fact]
    public void WhatASquaredLossDoesNotKeepFirstIsTheNextDegreeOfXWithTheLabelAndWithout()
    {
        MomentSpace space = MomentSpace.ForSquaredLoss(2, 2);
        MomentSpace one = space.WithDefect(space.Layer + 1)!, two = one.WithDefect(space.Layer + 2)!;
        Assert.Equal(Where(3, 3, e => e[2] <= 1 && e[0] + e[1] == 3), Of(one, space.Count));
        Assert.Equal(Where(3, 4, e => e[2] <= 1 && e[0] + e[1] == 4), Of(two, one.Count));
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(5, 2)]
    public void AClassHasTheMomentsOfXAlone(int n, int k)
    {
        MomentSpace space = MomentSpace.ForClassification(n, k);
        Assert.Equal(MomentSpace.CountOf(n, k), space.Count);
        Assert.Equal(Where(n + 1, k, e => e[n] == 0 && e.Sum() <= k), Of(space));
        Assert.Equal(n, space.Metric.Separated);
        MomentSpace next = space.WithDefect(space.Layer + 1)!;
        Assert.Equal(Where(n + 1, k + 1, e => e[n] == 0 && e.Sum() == k + 1), Of(next, space.Count));
    }

    [Theory]
    [InlineData(2, 3, 1, 1)]
    [InlineData(3, 2, 2, 1)]
    [InlineData(1, 4, 2, 3)]
    public void NeuronsHaveLowDegreeInTheirOutputWeights(int inputs, int k, int l, int outputs)
    {
        MomentSpace space = MomentSpace.ForNeurons(inputs, k, l, outputs);
        int m = outputs + inputs + 1;
        Assert.Equal(MomentSpace.CountOf(inputs + 1, k) * MomentSpace.CountOf(outputs, l), space.Count);
        Assert.Equal(Where(m, Math.Max(k, l), e => e[..outputs].Sum() <= l && e[outputs..].Sum() <= k), Of(space));
        MomentSpace next = space.WithDefect(space.Layer + 1)!;
        Assert.Equal(Where(m, k + 1, e => e[..outputs].Sum() <= l && e[outputs..].Sum() == k + 1), Of(next, space.Count));
        // Where the metric splits v as well, its degree grows too.
        MomentSpace split = MomentSpace.ForNeurons(inputs, k, l, outputs, PartitionMetric.AllCoordinates(m));
        MomentSpace both = split.WithDefect(split.Layer + 1)!;
        Assert.Equal(Where(m, Math.Max(k, l) + 1, e => Math.Max(0, e[..outputs].Sum() - l) + Math.Max(0, e[outputs..].Sum() - k) == 1), Of(both, split.Count));
    }

    [Fact]
    public void ProductsOfOneCoordinateEachAreABox()
    {
        MomentSpace box = MomentSpace.Product(3, [([0], 2), ([2], 3)]);
        Assert.Equal(Where(3, 3, e => e[0] <= 2 && e[1] == 0 && e[2] <= 3), Of(box));
        MomentSpace next = box.WithDefect(box.Layer + 1)!;
        Assert.Equal(Where(3, 4, e => e[1] == 0 && Math.Max(0, e[0] - 2) + Math.Max(0, e[2] - 3) == 1), Of(next, box.Count));
        Assert.Equal(Of(MomentSpace.TotalDegree(3, 4)), Of(MomentSpace.Product(3, [([0, 1, 2], 4)])));
        Assert.Equal(1, MomentSpace.Product(2, []).Count);
    }

    [Fact]
    public void AnisotropicSpacesAreCutByAWeightedDegree()
    {
        MomentSpace space = MomentSpace.Anisotropic([1.0, 2.5], 5);
        Assert.Equal(Where(2, 6, e => e[0] + 2.5 * e[1] <= 5), Of(space));
        MomentSpace next = space.WithDefect(space.Layer + 1)!;
        Assert.Equal(Where(2, 7, e => e[0] + 2.5 * e[1] is > 5 and <= 6), Of(next, space.Count));
        // Degrees along the axes; 1/3 + 1/3 + 1/3 and the like must not fall out by rounding.
        int[] degrees = [3, 6, 1];
        Assert.Equal(Where(3, 6, e => 2 * e[0] + e[1] + 6 * e[2] <= 6), Of(MomentSpace.Anisotropic(degrees)));
        Assert.Equal(Of(MomentSpace.TotalDegree(3, 4)), Of(MomentSpace.Anisotropic([0.1, 0.1, 0.1], 0.4)));
    }

    [Fact]
    public void AListIsTakenInAnyOrderAndGrowsByItsMargin()
    {
        MomentSpace space = MomentSpace.FromExponents([[1, 1], [0, 0], [2, 0], [1, 0], [0, 1]]);
        Assert.Equal(["0,0", "0,1", "1,0", "1,1", "2,0"], Of(space));
        MomentSpace next = space.WithDefect(space.Layer + 1)!;
        Assert.Equal(["0,2", "1,2", "2,1", "3,0"], Of(next, space.Count));
        // Only coordinates that are split grow.
        MomentSpace frozen = MomentSpace.FromExponents([[0, 0], [1, 0], [0, 1]], PartitionMetric.Unscaled(2, 0));
        Assert.Equal(["1,1", "2,0"], Of(frozen.WithDefect(1)!, frozen.Count));
    }

    [Fact]
    public void EverySpaceAndEveryExtensionIsALowerSetWithParentsFirst()
    {
        Gen<MomentSpace> spaces = Gen.OneOf(
            Gen.Select(Gen.Int[1, 4], Gen.Int[0, 4]).Select((n, k) => MomentSpace.ForSquaredLoss(n, k)),
            Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3], Gen.Int[0, 3]).Select((n, k, l) => MomentSpace.ForSquaredLoss(n, k + l, label: n / 2, labelDegree: k)),
            Gen.Select(Gen.Int[1, 3], Gen.Int[0, 3], Gen.Int[1, 2]).Select((n, k, l) => MomentSpace.ForNeurons(n, k, l)),
            Gen.Select(Gen.Int[1, 4], Gen.Int[0, 4]).Select((n, k) => MomentSpace.ForClassification(n, k, label: 0)),
            Gen.Double[0.3, 3].Array[1, 4].Select(Gen.Double[0, 5]).Select((w, k) => MomentSpace.Anisotropic(w, k)),
            RandomLists(4).Select(list => MomentSpace.FromExponents(list)));
        Gen.Select(spaces, Gen.Int[0, 40]).Sample((space, extra) =>
        {
            MomentSpace larger = space.ExtendBy(extra);
            Assert.Equal(space.Count + extra, larger.Count);
            IsLower(larger);
            if (space.WithDefect(space.Layer + 1) is { } one)
            {
                IsLower(one);
                if (one.WithDefect(space.Layer + 2) is { } two) IsLower(two);
            }
        }, iter: 300);

        static void IsLower(MomentSpace space)
        {
            var seen = new HashSet<string>();
            for (int e = 0; e < space.Count; e++)
            {
                byte[] row = space.Exponents(e).ToArray();
                for (int j = 0; j < row.Length; j++)
                {
                    if (row[j] == 0) continue;
                    row[j]--;
                    Assert.Contains(Convert.ToHexString(row), seen);
                    row[j]++;
                }
                Assert.True(seen.Add(Convert.ToHexString(row)), $"{space.Name}: moment {e} twice");
            }
        }
    }

    /// <summary>Random lower sets: everything below a few random exponents, in a random order.</summary>
    internal static Gen<int[][]> RandomLists(int top)
        => from m in Gen.Int[1, 4]
           from corners in Gen.Int[0, top].Array[m].Array[1, 3]
           from seed in Gen.Int[0, 10_000]
           select Below(corners, m, seed);

    private static int[][] Below(int[][] corners, int m, int seed)
    {
        int[][] list = [.. ExactMoments.Exponents(m, 4 * m).Where(e => corners.Any(c => Enumerable.Range(0, m).All(j => e[j] <= c[j])))];
        new ResearchKit.Tasks.SeededRandom(seed).Shuffle(list.AsSpan());
        return list;
    }

    [Fact]
    public void AMissingDivisorIsNamed()
    {
        string message = Assert.Throws<ArgumentException>(() => MomentSpace.FromExponents([[0, 0], [1, 0], [2, 1], [2, 0]])).Message;
        Assert.Contains("(2, 1) is given, but (1, 1)", message);
        Assert.Contains("not a lower set", message);
        Assert.Contains("(1) is given, but (0)", Assert.Throws<ArgumentException>(() => MomentSpace.FromExponents([[1]])).Message);
    }

    [Fact]
    public void BadListsAreNamed()
    {
        Assert.Throws<ArgumentNullException>(() => MomentSpace.FromExponents(null!));
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => MomentSpace.FromExponents([])).Message);
        Assert.Contains("one per coordinate", Assert.Throws<ArgumentException>(() => MomentSpace.FromExponents([[]])).Message);
        Assert.Contains("Moment 1 has 1 exponents, the first has 2", Assert.Throws<ArgumentException>(() => MomentSpace.FromExponents([[0, 0], [1]])).Message);
        Assert.Contains("Moment 1 has 0 exponents", Assert.Throws<ArgumentException>(() => MomentSpace.FromExponents([[0, 0], null!])).Message);
        Assert.Contains("exponent -1 in coordinate 1", Assert.Throws<ArgumentException>(() => MomentSpace.FromExponents([[0, 0], [0, -1]])).Message);
        Assert.Contains("exponent 256", Assert.Throws<ArgumentException>(() => MomentSpace.FromExponents([[256]])).Message);
        Assert.Contains("(0, 1) are given twice", Assert.Throws<ArgumentException>(() => MomentSpace.FromExponents([[0, 0], [0, 1], [0, 1]])).Message);
        Assert.Contains("8193 moments", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.FromExponents(Enumerable.Range(0, 8193).Select(i => new[] { i, 0 }))).Message);
    }

    [Fact]
    public void BadShapesAreNamed()
    {
        Assert.Contains("At least 1 feature", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.ForSquaredLoss(0, 2)).Message);
        Assert.Contains("between 0 and 255", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.ForSquaredLoss(2, -1)).Message);
        Assert.Contains("between 0 and k = 2", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.ForSquaredLoss(2, 2, labelDegree: 3)).Message);
        Assert.Contains("between 0 and 2", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.ForSquaredLoss(2, 2, label: 3)).Message);
        Assert.Contains("splits coordinate 2, the label", Assert.Throws<ArgumentException>(() => MomentSpace.ForSquaredLoss(2, 2, metric: PartitionMetric.AllCoordinates(3))).Message);
        Assert.Contains("2 scales for m = 3", Assert.Throws<ArgumentException>(() => MomentSpace.ForSquaredLoss(2, 2, metric: PartitionMetric.AllCoordinates(2))).Message);
        Assert.Contains("more than 8192", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.ForSquaredLoss(10, 8)).Message);
        Assert.Contains("At least 1 feature", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.ForClassification(0, 2)).Message);
        Assert.Contains("between 0 and 255", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.ForClassification(2, 256)).Message);
        Assert.Contains("input weight", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.ForNeurons(0, 2)).Message);
        Assert.Contains("output weight", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.ForNeurons(2, 2, 1, 0)).Message);
        Assert.Contains("linear", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.ForNeurons(2, 2, 0)).Message);
        Assert.Contains("weight of coordinate 1 is 0", Assert.Throws<ArgumentException>(() => MomentSpace.Anisotropic([1.0, 0], 2)).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => MomentSpace.Anisotropic([double.NaN], 2)).Message);
        Assert.Contains("No weights", Assert.Throws<ArgumentException>(() => MomentSpace.Anisotropic(Array.Empty<double>(), 2)).Message);
        Assert.Contains("at least 0", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.Anisotropic([1.0], double.PositiveInfinity)).Message);
        Assert.Contains("degree of coordinate 1", Assert.Throws<ArgumentOutOfRangeException>(() => MomentSpace.Anisotropic([2, 0])).Message);
        Assert.Contains("names coordinate 2", Assert.Throws<ArgumentException>(() => MomentSpace.Product(2, [([2], 1)])).Message);
        Assert.Contains("Coordinate 0 is in group 0 and in group 1", Assert.Throws<ArgumentException>(() => MomentSpace.Product(2, [([0], 1), ([1, 0], 1)])).Message);
        Assert.Contains("Group 0 has no coordinates", Assert.Throws<ArgumentException>(() => MomentSpace.Product(2, [([], 1)])).Message);
    }

    [Fact]
    public void WhitenedCoordinatesMustHaveTheSamePowers()
    {
        WeightedPoints set = Compression.HardSets.Cube(3, 50);
        PartitionMetric both = PartitionMetric.Whitened(set, 0, 1), all = PartitionMetric.Whitened(set);
        Assert.Equal(13, MomentSpace.ForSquaredLoss(2, 2, metric: both).Count);
        Assert.Contains("whitened", MomentSpace.TotalDegree(3, 2, all).Name);
        Assert.Equal(12, MomentSpace.Product(3, [([0, 1], 2), ([2], 1)], both).Count);
        string message = Assert.Throws<ArgumentException>(() => MomentSpace.Product(3, [([0, 1], 2), ([2], 1)], all)).Message;
        Assert.Contains("Whitening mixes coordinates", message);
        Assert.Contains("standardise instead", message);
        Assert.Throws<ArgumentException>(() => MomentSpace.Anisotropic([1.0, 2, 1], 3, both));
    }
}
