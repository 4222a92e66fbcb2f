using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.Streaming;

/// <summary>Moments that move on to larger frames are those that were summed there.</summary>
public class StreamMomentsTests
{
    [Fact]
    public void AChangeOfVariablesIsWorkedByHand()
    {
        // t = x / 2 + 1 / 2: P_2(t) = (3 t^2 - 1) / 2 = 3/8 x^2 + 3/4 x - 1/8 = P_2(x) / 4 + 3/4 P_1(x) + 0.
        DoubleDouble[][] rows = FrameChange.Matrix(0.5, 0.5, 2);
        Assert.Equal([1.0], Rounded(rows[0]));
        Assert.Equal([0.5, 0.5], Rounded(rows[1]));
        Assert.Equal([0.0, 0.75, 0.25], Rounded(rows[2]));

        static double[] Rounded(DoubleDouble[] row) => [.. row.Select(v => Math.Round(v.Rounded, 15))];
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 6)]
    [InlineData(3, 4)]
    public void AThousandChangesOfTheFrameLeaveNoTrace(int m, int k)
    {
        MomentSpace space = MomentSpace.TotalDegree(m, k);
        WeightedPoints set = HardSets.Make("Cauchy tails", m, 5000, 3);
        // From the centre outwards every few points enlarge the box.
        double[][] rows = [.. Enumerable.Range(0, set.Count).Select(i => set[i].ToArray()).OrderBy(r => r.Max(v => Math.Abs(v)))];
        double[] sorted = [.. rows.SelectMany(r => r)];
        StreamMoments grown = new(space), whole = new(space);
        for (int at = 0; at < rows.Length; at += 5) grown.Add(sorted.AsMemory(at * m, 5 * m), default, 1);
        whole.Add(sorted, default, 1);
        Assert.Equal(whole.Frame!.Lower.ToArray(), grown.Frame!.Lower.ToArray());
        Assert.Equal(whole.Frame.Upper.ToArray(), grown.Frame.Upper.ToArray());
        double worst = Enumerable.Range(0, space.Count).Max(e => Math.Abs((grown.Totals[e] - whole.Totals[e]).Rounded)) / whole.Mass;
        Assert.True(worst <= 1e-14, $"m = {m}, k = {k}: {worst:E2}");
    }

    [Fact]
    public void AColumnThatWasConstantMovesOn()
    {
        MomentSpace space = MomentSpace.TotalDegree(1, 3);
        StreamMoments moments = new(space), whole = new(space);
        moments.Add(new[] { 3.0, 3, 3 }, default, 1);
        moments.Add(new[] { 5.0 }, default, 1);
        whole.Add(new[] { 3.0, 3, 3, 5 }, default, 1);
        // P_n(-1) = (-1)^n and P_n(1) = 1.
        Assert.Equal([4.0, -2, 4, -2], moments.Totals.ToArray().Select(t => Math.Round(t.Rounded, 14)));
        Assert.Equal([4.0, -2, 4, -2], whole.Totals.ToArray().Select(t => Math.Round(t.Rounded, 14)));
    }
}
