using ResearchKit.Scaling;

namespace ResearchKit.Tests.Scaling;

public class StatisticsTests
{
    [Fact]
    public void SummariesByHand()
    {
        double[] values = [4, 1, 3, 2];
        Assert.Equal(2.5, Statistics.Median(values));
        Assert.Equal(1.75, Statistics.Quantile(values, 0.25));
        Assert.Equal(1, Statistics.Quantile(values, 0));
        Assert.Equal(4, Statistics.Quantile(values, 1));
        Assert.Equal(2.5, Statistics.Mean(values));
        Assert.Equal(Math.Sqrt(5.0 / 3), Statistics.StandardDeviation(values), 1e-15);
        Assert.Equal(3, Statistics.Median([3, 9, -1]));
        Assert.Equal(0, Statistics.StandardDeviation([7]));
        Assert.Equal([4, 1, 3, 2], values);
    }

    [Fact]
    public void GeometricMeanClipsZerosAndTakesAbsoluteValues()
    {
        Assert.Equal(1e-3, Statistics.GeometricMean([1e-2, -1e-4]), 1e-17);
        Assert.Equal(Math.Sqrt(1e-17 * 1e-5), Statistics.GeometricMean([0, 1e-5]), 1e-24);
        Assert.Equal(1e-17, Statistics.GeometricMean([0, 0]), 1e-30);
        Assert.Equal(1e-3, Statistics.GeometricMean([0, 1e-5], clip: 1e-3), 1e-17);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        Assert.Throws<ArgumentException>(() => Statistics.Median([]));
        Assert.Contains("Value 1", Assert.Throws<ArgumentException>(() => Statistics.Mean([1, double.NaN])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Quantile([1], 1.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Quantile([1], double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.GeometricMean([1], clip: 0));
    }
}
