using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

public class RelativeGapTests
{
    private static TrainingPoint[] Curve(params (int Epoch, double Loss)[] points) => [.. points.Select(p => new TrainingPoint(p.Epoch, 7, p.Loss, 0))];

    [Fact]
    public void GapsAreRelativeToTheOriginalOnEitherSide()
    {
        RelativeGap gap = RelativeGap.Between([4, 2, 1, 0.5], [5, 1, 1, 0.75]);
        Assert.Equal([0.25, 0.5, 0, 0.5], gap.Values);
        Assert.Equal(0.375, gap.Median);
        Assert.Equal(0.5, gap.Largest);
        // The roles are not alike.
        Assert.Equal([0.2, 1, 0, 1 / 3.0], RelativeGap.Between([5, 1, 1, 0.75], [4, 2, 1, 0.5]).Values);
    }

    [Fact]
    public void CurvesAreComparedByTestLossAtEveryRecordedEpoch()
    {
        RelativeGap gap = RelativeGap.Between(Curve((0, 10), (5, 8), (7, 2)), Curve((0, 10), (5, 6), (7, 3)));
        Assert.Equal([0, 0.25, 0.5], gap.Values);
        Assert.Equal(0.25, gap.Median);
    }

    [Fact]
    public void TheGapIsFreeOfTheLossesUnit()
    {
        double[] of = [3e-3, 2e-3, 1.9e-3], other = [3.1e-3, 1.7e-3, 2.2e-3];
        RelativeGap gap = RelativeGap.Between(of, other), scaled = RelativeGap.Between([.. of.Select(x => 1e200 * x)], [.. other.Select(x => 1e200 * x)]);
        Assert.Equal(gap.Values, scaled.Values, (a, b) => Math.Abs(a - b) < 1e-13);
    }

    private static void Fails(Action action, params string[] words)
    {
        var e = Assert.ThrowsAny<ArgumentException>(action);
        foreach (string word in words) Assert.Contains(word, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CurvesOfOtherEpochsAreRefused()
    {
        Fails(() => RelativeGap.Between(Curve((0, 1), (5, 1)), Curve((0, 1), (6, 1))), "same epochs", "EvaluateEvery");
        Fails(() => RelativeGap.Between(Curve((0, 1), (5, 1)), Curve((0, 1))), "2 and 1 points");
        Assert.Throws<ArgumentNullException>(() => RelativeGap.Between(null!, Curve((0, 1))));
        Assert.Throws<ArgumentNullException>(() => RelativeGap.Between(Curve((0, 1)), null!));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void LossesThatNoGapIsRelativeToAreNamed(double loss)
        => Fails(() => RelativeGap.Between([1, loss], [1, 1]), "Loss 1 of the original", $"{loss}", "positive, finite");

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void LossesOfADivergedOtherAreNamed(double loss)
        => Fails(() => RelativeGap.Between([1, 1, 1], [1, loss, 1]), "Loss 1 of the other", $"{loss}", "finite");

    [Fact]
    public void CurvesOfOtherLengthsAreRefused()
    {
        Fails(() => RelativeGap.Between([1, 2], [1, 2, 3]), "2 and 3 losses");
        Fails(() => RelativeGap.Between(ReadOnlySpan<double>.Empty, ReadOnlySpan<double>.Empty), "0 and 0 losses", "positive length");
    }
}
