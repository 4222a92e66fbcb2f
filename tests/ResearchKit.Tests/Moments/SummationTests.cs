using System.Numerics;
using CsCheck;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Moments;

/// <summary>Compensated sums and dot products on sums that plain addition gets wrong.</summary>
public unsafe class SummationTests
{
    [Fact]
    public void TermsThatCancelLeaveTheSmallOnes()
    {
        Assert.Equal(2, CompensatedSum.Of([1, 1e100, 1, -1e100]));
        Assert.Equal(1e-30, CompensatedSum.Of([1e-30, 1, -1]));
        Assert.Equal(0, CompensatedSum.Of([]));
    }

    [Fact]
    public void AMillionTenths()
    {
        var values = new double[1_000_000];
        Array.Fill(values, 0.1);
        // 0.1 is 3602879701896397 / 2^55.
        Assert.Equal((double)(new BigInteger(3602879701896397) * 1_000_000) / Math.Pow(2, 55), CompensatedSum.Of(values));
    }

    [Fact]
    public void IllConditionedSumsStayWithinOneRoundingOfTheirMagnitude()
    {
        Gen.Double[-1, 1].Array[1, 300].Sample(values =>
        {
            // Spread over 30 binary orders and mirrored, so that nearly all cancels: condition about 1e9.
            double[] terms = [.. values.Select((v, i) => Math.ScaleB(v, i % 30)), .. values.Select((v, i) => -Math.ScaleB(v, i % 30) * (1 + 1e-9))];
            Quad exact = 0;
            double magnitude = 0;
            foreach (double t in terms) { exact += t; magnitude += Math.Abs(t); }
            double error = Math.Abs(CompensatedSum.Of(terms) - (double)exact);
            // The sum and the reference are each rounded once.
            Assert.True(error <= 2.3e-16 * Math.Abs((double)exact) + 1e-28 * terms.Length * magnitude, $"error {error:E2}");
        }, iter: 300);
    }

    [Fact]
    public void MergedSumsAreAsGoodAsOne()
    {
        var random = new SeededRandom(3);
        var parts = new CompensatedSum[10];
        Quad exact = 0;
        for (int i = 0; i < 10_000; i++)
        {
            double v = random.Uniform(-1, 1) * Math.Pow(10, i % 17);
            parts[i % 10].Add(v);
            exact += v;
        }
        var all = new CompensatedSum();
        foreach (CompensatedSum p in parts) all.Merge(p);
        Assert.Equal((double)exact, all.Total, Math.BitIncrement(Math.Abs((double)exact)) - Math.Abs((double)exact));
    }

    [Fact]
    public void TotalsAddChunksAndEachOther()
    {
        var a = new MomentTotals(2);
        a.Add([1, 1e20]);
        a.Add([2, 1]);
        var b = new MomentTotals(2);
        b.Add([4, -1e20]);
        a.Add(b);
        var copy = new double[2];
        a.CopyTo(copy);
        Assert.Equal([7, 1], copy);
        Assert.Equal(1, a[1]);
        a.Clear();
        Assert.Equal(0, a[0]);
        Assert.Equal(2, a.Count);
    }

    [Fact]
    public void DotProductsOfEveryLength()
    {
        using var buffer = new NativeBuffer();
        double* p = buffer.Ensure(128);
        for (int n = 0; n <= 50; n++)
        {
            new SeededRandom(n).FillUniform(new Span<double>(p, 128), -1, 1);
            Quad exact = 0;
            double magnitude = 0;
            for (int i = 0; i < n; i++) { exact += (Quad)p[i] * p[64 + i]; magnitude += Math.Abs(p[i] * p[64 + i]); }
            Assert.Equal((double)exact, DotProduct.Of(p, p + 64, n), 2.3e-16 * (n + 1) * magnitude);
            Assert.Equal((double)(0.25 - exact), DotProduct.Difference(0.25, p, p + 64, n), 1.2e-16 * Math.Abs((double)(0.25 - exact)) + 1e-30);
        }
    }

    [Fact]
    public void TheDifferenceOfASumFromItselfKeepsItsLastDigits()
    {
        // start is the rounded dot product: what remains is its own rounding error, which plain arithmetic cannot see.
        using var buffer = new NativeBuffer();
        double* p = buffer.Ensure(2000);
        int seen = 0;
        for (int seed = 0; seed < 50; seed++)
        {
            new SeededRandom(seed).FillUniform(new Span<double>(p, 2000), 0, 1);
            Quad exact = 0;
            for (int i = 0; i < 1000; i++) exact += (Quad)p[i] * p[1000 + i];
            double start = (double)exact, expected = (double)((Quad)start - exact);
            Assert.Equal(expected, DotProduct.Difference(start, p, p + 1000, 1000), 1e-25);
            if (Math.Abs(expected) > 1e-16) seen++;
        }
        Assert.InRange(seen, 25, 50);
    }
}
