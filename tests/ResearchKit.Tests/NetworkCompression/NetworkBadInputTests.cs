using ResearchKit.Networks;

namespace ResearchKit.Tests.NetworkCompression;

public class NetworkBadInputTests
{
    private static void Fails<T>(Action action, params string[] words)
        where T : Exception
    {
        var e = Assert.ThrowsAny<T>(action);
        foreach (string word in words) Assert.Contains(word, e.Message, StringComparison.Ordinal);
    }

    private static void Compress(NetworkCompressionOptions options) => NetworkCompressor.Compress(Nets.TwoLayer(200, 1), options);

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void BudgetBelowOne(int budget) => Fails<ArgumentOutOfRangeException>(() => Compress(new() { Budget = budget }), $"d' = {budget}", "at least 1");

    [Fact]
    public void DegreeTooHighForTheBudgetNamesTheRemedy()
        => Fails<ArgumentOutOfRangeException>(() => Compress(new() { Budget = 30, Space = ObjectSpace.TotalDegree(3) }), "d' = 30", "N = 35", "lower the degree to at most 2");

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void ParametersThatAreNoNumbersAreNamed(double value)
    {
        TwoLayerNetwork network = Nets.TwoLayer(200, 1);
        network.Block("hidden.bias")[17] = value;
        Fails<ArgumentException>(() => NetworkCompressor.Compress(network, new() { Budget = 50 }), "hidden.bias", "17", $"{value}", "checkpoint");
    }

    [Fact]
    public void SpacesOfOtherObjects() => Fails<ArgumentException>(() => Compress(new() { Budget = 50, Space = ObjectSpace.Of(MomentSpace.TotalDegree(3, 2)) }), "m = 3", "4");

    [Fact]
    public void ScalesAndDegreesOutOfRange()
    {
        Fails<ArgumentOutOfRangeException>(() => ObjectSpace.Neurons(2, 1, double.NaN), "NaN");
        Fails<ArgumentOutOfRangeException>(() => ObjectSpace.Spread(perMoment: 0.5), "0.5", "at least 1");
        Fails<ArgumentOutOfRangeException>(() => Compress(new() { Budget = 14, Space = ObjectSpace.Spread() }), "d' = 14", "at least 15");
        Fails<ArgumentOutOfRangeException>(() => ObjectSpace.Directions(0), "1 and 255");
        Fails<ArgumentOutOfRangeException>(() => ObjectSpace.Directions(2, -1), "-1", "positive");
        Fails<ArgumentOutOfRangeException>(() => ObjectSpace.Directions(2, 1, -0.5), "-0.5", "nonnegative");
    }

    [Fact]
    public void ProbesAndRidges()
    {
        Fails<ArgumentException>(() => Compress(new() { Budget = 50, Refit = new() { Inputs = [1, 2, 3] } }), "3 probe values", "inputs of 2");
        Fails<ArgumentException>(() => Compress(new() { Budget = 50, Refit = new() { Inputs = [] } }), "0 probe values");
        Fails<ArgumentException>(() => Compress(new() { Budget = 50, Refit = new() { Inputs = [1, 2, 3, double.NaN] } }), "Value 1", "input 1", "NaN");
        Fails<ArgumentOutOfRangeException>(() => Compress(new() { Budget = 50, Refit = new() { Inputs = [1, 2], Ridge = 0 } }), "Ridge = 0", "positive");
    }

    [Fact]
    public void CancellationIsHeeded()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Compress(new() { Budget = 50, CancellationToken = source.Token }));
    }

    [Fact]
    public void ThreadsOutOfRange() => Fails<ArgumentOutOfRangeException>(() => Compress(new() { Budget = 50, MaxDegreeOfParallelism = 0 }), "MaxDegreeOfParallelism = 0");
}
