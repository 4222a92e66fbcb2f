using CsCheck;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Moments;

/// <summary>Boxes, frames and buffers.</summary>
public unsafe class FrameTests
{
    [Fact]
    public void BoxesMatchTheNaiveLoopForEveryShape()
    {
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 90], Gen.Int[0, 1000]).Sample(c =>
        {
            (int m, int count, int seed) = c;
            var x = new double[m * count];
            new SeededRandom(seed).FillNormal(x);
            AssertBox(x, m);
        }, iter: 500);
    }

    [Fact]
    public void AnExtremeInAnyPositionIsFound()
    {
        for (int m = 1; m <= 5; m++)
            for (int at = 0; at < 37 * m; at++)
            {
                var x = new double[37 * m];
                x[at] = -3;
                AssertBox(x, m);
                x[at] = 3;
                AssertBox(x, m);
            }
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("off-centre cluster 5 +- 0.01")]
    [InlineData("mixed scales 1e-9 1 1e9")]
    [InlineData("far offset 1e6 +- 1e-3")]
    public void AFrameMapsItsBoxToMinusOneToOne(string name)
    {
        WeightedPoints set = Compression.HardSets.Make(name, 3, 200);
        LocalFrame frame = LocalFrame.Of(set);
        Assert.Equal(3, frame.Dimension);
        for (int j = 0; j < 3; j++)
        {
            double most = 0;
            for (int i = 0; i < 200; i++)
            {
                double t = (set[i][j] - frame.Center[j]) * frame.InverseHalfWidth[j];
                most = Math.Max(most, Math.Abs(t));
            }
            // The centre is rounded to the coordinates' own grid.
            double grid = Math.BitIncrement(Math.Abs(frame.Center[j])) - Math.Abs(frame.Center[j]);
            Assert.Equal(1, most, grid * frame.InverseHalfWidth[j] + 1e-15);
        }
    }

    [Fact]
    public void ConstantAndDenormalSidesMapToZero()
    {
        LocalFrame frame = LocalFrame.Of(new WeightedPoints([1, 7, 1e-310, 2, 7, -1e-310], 3));
        Assert.Equal([2, 0, 0], frame.InverseHalfWidth.ToArray());
        Assert.Equal([1.5, 7, 0], frame.Center.ToArray());
        Assert.Equal([1, 7, -1e-310], frame.Lower.ToArray());
        Assert.Equal([2, 7, 1e-310], frame.Upper.ToArray());
    }

    [Fact]
    public void TheWidestBoxOfFiniteNumbersHasAFrame()
    {
        LocalFrame frame = LocalFrame.Of(new WeightedPoints([-double.MaxValue, double.MaxValue], 1));
        Assert.Equal(0, frame.Center[0]);
        Assert.Equal(1, double.MaxValue * frame.InverseHalfWidth[0], 1e-15);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1e200)]
    [InlineData(1e-250)]
    public void DiametersByHand(double unit)
    {
        LocalFrame frame = LocalFrame.Of(new WeightedPoints([0, 0, 3 * unit, 4 * unit], 2));
        Assert.Equal(5, frame.Diameter(PartitionMetric.AllCoordinates(2)) / unit, 1e-14);
        Assert.Equal(3, frame.Diameter(PartitionMetric.Scaled(1, 0)) / unit, 1e-14);
        Assert.Equal(10, frame.Diameter(PartitionMetric.Scaled(2, 2)) / unit, 1e-14);
        Assert.Throws<ArgumentException>(() => frame.Diameter(PartitionMetric.AllCoordinates(3)));
        Assert.Throws<ArgumentNullException>(() => frame.Diameter(null!));
    }

    [Fact]
    public void APointHasNoDiameter()
        => Assert.Equal(0, LocalFrame.Of(new WeightedPoints([5, 5], 2)).Diameter(PartitionMetric.AllCoordinates(2)));

    [Fact]
    public void ABufferGrowsAlignedAndKeepsWhatFits()
    {
        using var buffer = new NativeBuffer();
        double* p = buffer.Ensure(10);
        for (int i = 0; i < 10; i++) p[i] = i;
        Assert.True(buffer.Ensure(5) == p && buffer.Ensure(10) == p, "a smaller request must not move it");
        Assert.Equal(9, p[9]);
        long last = 0;
        foreach (long n in new[] { 11L, 100, 5000, 3_000_000 })
        {
            p = buffer.Ensure(n);
            Assert.Equal(0, (long)p % 64);
            Assert.True(buffer.Capacity >= n && buffer.Capacity > last);
            p[0] = p[n - 1] = 1;
            last = buffer.Capacity;
        }
        buffer.Dispose();
        Assert.Equal(0, buffer.Capacity);
        p = buffer.Ensure(3);
        p[2] = 1;
        Assert.True(buffer.Capacity >= 3, "usable again after Dispose");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 8)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    public void RowsArePaddedToEight(int count, int padded) => Assert.Equal(padded, NativeBuffer.Padded(count));

    private static void AssertBox(double[] x, int m)
    {
        double[] lower = new double[m], upper = new double[m];
        BoundingBox.Compute(x, m, lower, upper);
        for (int j = 0; j < m; j++)
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (int i = j; i < x.Length; i += m) { low = Math.Min(low, x[i]); high = Math.Max(high, x[i]); }
            Assert.Equal(low, lower[j]);
            Assert.Equal(high, upper[j]);
        }
    }
}
