using ResearchKit.Tasks;

namespace ResearchKit.Tests.Reduction;

/// <summary>The least relative change of weights with given changes of moments: by hand, and by what makes it the least.</summary>
public unsafe class LeastChangeTests
{
    /// <summary>Moment-major rows, padded as the library wants them.</summary>
    private static (double[] Values, int Stride) Rows(params double[][] rows)
    {
        int stride = NativeBuffer.Padded(rows[0].Length);
        var values = new double[rows.Length * stride];
        for (int e = 0; e < rows.Length; e++) rows[e].CopyTo(values, e * stride);
        return (values, stride);
    }

    private static bool Solve(double[][] rows, double[] weights, double[] residual, int directions, out double[] changed, out int rank)
    {
        (double[] values, int stride) = Rows(rows);
        using var least = new LeastChange();
        fixed (double* a = values) least.Factor(a, rows.Length, weights.Length, stride, weights, weights.Sum());
        rank = least.Rank;
        changed = [.. weights];
        return least.TrySolve(residual, weights.Sum(), directions, weights, changed);
    }

    [Fact]
    public void TwoPointsByHand()
    {
        // Weights 1 and 3 at -1 and 1. The longer row is the second, w phi = sqrt(3) (-1, 3): along it alone the change is
        // proportional to w^2 phi = (-1, 9), and sqrt(3) (1 + 9) c = r_1. Along both there is one solution.
        double[][] rows = [[1, 1], [-Math.Sqrt(3), Math.Sqrt(3)]];
        Assert.True(Solve(rows, [1, 3], [0, 0.1 * Math.Sqrt(3)], 1, out double[] one, out int rank));
        Assert.Equal(2, rank);
        Assert.Equal(0.99, one[0], 1e-15);
        Assert.Equal(3.09, one[1], 1e-15);
        Assert.True(Solve(rows, [1, 3], [0.3, 0.1 * Math.Sqrt(3)], 2, out double[] both, out _));
        Assert.Equal(1.1, both[0], 1e-15);
        Assert.Equal(3.2, both[1], 1e-15);
    }

    [Fact]
    public void ADependentRowIsNoDirection()
    {
        double[][] rows = [[1, 1, 1, 1], [-1, -0.5, 0.5, 1], [1, 1.5, 2.5, 3]];
        Assert.True(Solve(rows, [1, 1, 1, 1], [0.1, 0.2, 0.4], 2, out double[] changed, out int rank));
        Assert.Equal(2, rank);
        Assert.Equal(4.1, changed.Sum(), 1e-14);
        Assert.Equal(0.2, rows[1].Zip(changed, (x, w) => x * (w - 1)).Sum(), 1e-14);
    }

    [Theory]
    [InlineData(5, 40, 0)]
    [InlineData(20, 33, 0)]
    [InlineData(20, 20, 0)]
    [InlineData(12, 60, 8)]
    public void TheChangeIsSolvedForAndLeast(int moments, int points, int decades)
    {
        var random = new SeededRandom(moments + points);
        var rows = new double[moments][];
        for (int e = 0; e < moments; e++) random.FillUniform(rows[e] = new double[points], -1, 1);
        var weights = new double[points];
        random.FillUniform(weights, -decades, 0);
        for (int j = 0; j < points; j++) weights[j] = Math.Pow(10, weights[j]);
        var residual = new double[moments];
        random.FillUniform(residual, -1e-4, 1e-4);
        Assert.True(Solve(rows, weights, residual, moments, out double[] changed, out int rank));
        Assert.Equal(moments, rank);
        double[] change = [.. changed.Zip(weights, (c, w) => c - w)];
        for (int e = 0; e < moments; e++) Assert.Equal(residual[e], rows[e].Zip(change, (x, c) => x * c).Sum(), 1e-13 * weights.Sum());
        // Any other solution differs by a null vector v of the moments, and the least one is orthogonal to all: sum dw v / w^2 = 0.
        // Null vectors by projecting the last points on the first, solved by the library's own independent factorisation.
        (double[] values, int stride) = Rows(rows);
        var factor = new MomentFactor();
        int[] order = [.. Enumerable.Range(0, points)];
        fixed (double* a = values)
        fixed (int* o = order)
        {
            factor.Factor(a, moments, moments, points, stride, o, null);
            factor.SolveLagrange(a, points, stride);
            for (int j = factor.Rank; j < points; j++)
            {
                double cross = change[order[j]] / Math.Pow(weights[order[j]], 2), size = Math.Abs(cross);
                for (int q = 0; q < factor.Rank; q++)
                {
                    double term = factor.Row(a, stride, q)[j] * change[order[q]] / Math.Pow(weights[order[q]], 2);
                    cross -= term;
                    size += Math.Abs(term);
                }
                Assert.True(Math.Abs(cross) <= 1e-5 * size, $"point {j}: {cross:E2} of {size:E2}");
            }
        }
    }

    [Fact]
    public void AWeightThatWouldNotStayPositiveIsRefused()
        => Assert.False(Solve([[1, 1], [-1, 1]], [1, 3], [0, 4], 2, out _, out _));

    [Fact]
    public void FewerDirectionsForMoreOfTheLongest()
    {
        (double[] values, int stride) = Rows([1, 1, 1], [1e-3, 0, -1e-3], [1e-7, -2e-7, 1e-7]);
        using var least = new LeastChange();
        fixed (double* a = values) least.Factor(a, 3, 3, stride, [1, 1, 1], 3);
        Assert.Equal([3, 2, 1], new[] { 1e-9, 1e-5, 0.1 }.Select(least.Directions));
    }
}
