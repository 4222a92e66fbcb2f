using ResearchKit.Datasets;
using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Datasets;

/// <summary>The coordinates that each map gives.</summary>
public class FeatureMapTests
{
    /// <summary>By hand: weights 1, 2, 1; means 1 and 5; variances (1 + 0 + 1) / 4 and 0.</summary>
    [Fact]
    public void StandardisingIsByTheWeightedMeanAndAConstantBecomesZero()
    {
        FittedFeatures map = new Standardise().Fit(new Samples([0, 5, 1, 5, 2, 5], [0, 0, 0], 2, weights: [1, 2, 1]));
        Assert.Equal([-Math.Sqrt(2), 0, 0, 0, 3 * Math.Sqrt(2), 0], map.Apply([0, 5, 1, 5, 4, 9]), (a, b) => Math.Abs(a - b) < 1e-14);
        Assert.Equal("2 features standardised (1 constant)", map.Description);
    }

    /// <summary>Points i on a line of direction (3, 4) / 5, and half of i's sign across it where i is odd: one component has almost all variance.</summary>
    [Fact]
    public void PrincipalComponentsKeepTheShareOfTheVariance()
    {
        double[] x = [.. Enumerable.Range(-10, 21).SelectMany(i => new[] { 7 + 0.6 * i - 0.8 * 0.5 * (i % 2), 0.8 * i + 0.6 * 0.5 * (i % 2) })];
        var data = new Samples(x, new double[21], 2);
        FittedFeatures one = new PrincipalComponents(0.99).Fit(data), all = new PrincipalComponents(1).Fit(data);
        Assert.Equal((1, 2), (one.OutputSize, all.OutputSize));
        // The direction may turn a little towards what is across it.
        double[] z = one.Apply(x);
        for (int i = 0; i < 21; i++) Assert.Equal(i - 10, z[i], 0.05);
        // All of them are an isometry about the mean.
        double[] w = all.Apply(x);
        Assert.Equal(x.Where((_, i) => i % 2 == 0).Sum(v => (v - 7) * (v - 7)) + x.Where((_, i) => i % 2 == 1).Sum(v => v * v), w.Sum(v => v * v), 1e-9);
        // Variances 770 / 21 along and 2.5 / 21 across the line, covariance 25 / 21: the larger eigenvalue by the quadratic formula.
        double largest = (772.5 + Math.Sqrt(767.5 * 767.5 + 4 * 25 * 25)) / 2;
        Assert.Equal(FormattableString.Invariant($"1 of 2 principal components with {100 * largest / 772.5:F1}% of the variance"), one.Description);
    }

    [Fact]
    public void RandomFeaturesAreWhatTheySayAndFollowTheSeed()
    {
        Samples data = DatasetCompressorTests.Data();
        FittedFeatures standard = new Standardise().Fit(data);
        var rows = new Samples(standard.Apply(data.Inputs), data.Targets.ToArray(), 4);
        double[] relu = new RandomFeatures(5).Fit(rows).Apply(rows.Inputs);
        Assert.All(relu, v => Assert.True(v >= 0));
        // The kink of each passes through a row: some are on each side of it.
        for (int j = 0; j < 5; j++)
        {
            Assert.Contains(Enumerable.Range(0, rows.Count), i => relu[5 * i + j] == 0);
            Assert.Contains(Enumerable.Range(0, rows.Count), i => relu[5 * i + j] > 0);
        }
        double[] fourier = new RandomFeatures(5, RandomFeatureKind.Fourier).Fit(rows).Apply(rows.Inputs);
        Assert.InRange(fourier.Max(), 0.9, 1);
        Assert.InRange(fourier.Min(), -1, -0.9);
        Assert.Equal(relu, new RandomFeatures(5).Fit(rows).Apply(rows.Inputs));
        Assert.NotEqual(relu, new RandomFeatures(5) { Seed = 1 }.Fit(rows).Apply(rows.Inputs));
    }

    /// <summary>A label that varies along (1, 1, 0) alone: the map must stretch that direction and shrink the others.</summary>
    [Fact]
    public void RelevantDirectionsAreThoseInWhichTheLabelVaries()
    {
        var random = new SeededRandom(3);
        double[] x = new double[3 * 2000], y = new double[2000];
        random.FillNormal(x);
        for (int i = 0; i < y.Length; i++) y[i] = Math.Tanh(x[3 * i] + x[3 * i + 1]) + 0.1 * random.NextNormal();
        FittedFeatures map = new RelevantDirections(1) { Features = 100 }.Fit(new Samples(x, y, 3));
        double Length(params double[] d) => Math.Sqrt(map.Apply(d).Sum(v => v * v));
        double along = Length(Math.Sqrt(0.5), Math.Sqrt(0.5), 0), across = Length(Math.Sqrt(0.5), -Math.Sqrt(0.5), 0), other = Length(0, 0, 1);
        Assert.True(across < 0.25 * along && other < 0.25 * along, $"along {along}, across {across}, other {other}");
        // Normalised to a mean square stretch of 1; and power 0 is no stretch.
        Assert.Equal(3, along * along + across * across + other * other, 1e-3);
        Assert.Equal([1, 2, 3], new RelevantDirections(0) { Features = 10 }.Fit(new Samples(x, y, 3)).Apply([1, 2, 3]), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void MapsInARowAreAppliedInTheirOrderAndSaidInTheirOrder()
    {
        Samples data = DatasetCompressorTests.Data(weighted: true);
        FittedFeatures all = FeatureMap.Fit([new Standardise(), new PrincipalComponents(0.9), new RandomFeatures(7)], data);
        FittedFeatures first = new Standardise().Fit(data);
        var standard = new Samples(first.Apply(data.Inputs), data.Targets.ToArray(), 4, 1, data.Weights.ToArray());
        FittedFeatures second = new PrincipalComponents(0.9).Fit(standard);
        var reduced = new Samples(second.Apply(standard.Inputs), data.Targets.ToArray(), second.OutputSize, 1, data.Weights.ToArray());
        FittedFeatures third = new RandomFeatures(7).Fit(reduced);
        Assert.Equal(third.Apply(reduced.Inputs), all.Apply(data.Inputs));
        Assert.Equal($"{first.Description}; {second.Description}; {third.Description}", all.Description);
        Assert.Equal((4, 7), (all.InputSize, all.OutputSize));
        Assert.Throws<ArgumentException>(() => all.Apply([1, 2, 3]));
        Assert.Contains("as given", FeatureMap.Fit([], data).Description);
    }

    /// <summary>
    /// A function within the span of 1 and x needs no ridge: held-out rows choose the least. It is 1e-6 of a feature's mean
    /// square and shrinks the function by that over the smallest eigenvalues of the features' second moments, which repeat
    /// each other: a few 1e-4 here.
    /// </summary>
    [Fact]
    public void TheFitFindsLinearLabelsAndWhatItsGradientsAre()
    {
        var random = new SeededRandom(5);
        double[] x = new double[2 * 600], y = new double[600];
        random.FillNormal(x);
        for (int i = 0; i < y.Length; i++) y[i] = 3 + 2 * x[2 * i] - x[2 * i + 1];
        var data = new Samples(x, y, 2);
        RandomFeatureFit fit = RandomFeatureFit.Fit(data, 20, 3, 1, 1, default);
        double[] predicted = fit.Predict(x, 1, default);
        double error = Math.Sqrt(y.Zip(predicted, (a, b) => (a - b) * (a - b)).Average());
        // Relative to the label's deviation, the square root of 5.
        Assert.InRange(error / Math.Sqrt(5), 0, 1e-3);
        Assert.Equal(1e-6, fit.Ridge);
        double[] outer = fit.GradientOuterProduct(data, 1, default);
        Assert.Equal([4, -2, -2, 1], outer, (a, b) => Math.Abs(a - b) < 1e-2);
    }
}
