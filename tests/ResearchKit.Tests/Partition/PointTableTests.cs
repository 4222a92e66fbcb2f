using CsCheck;
using ResearchKit.Tasks;
using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.Partition;

public class PointTableTests
{
    [Fact]
    public void SelectNthDividesLikeASort()
    {
        // Few distinct keys on half of the cases: ties everywhere.
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 4], Gen.Int[0, 5], Gen.Int[0, 100_000]).Sample(c =>
        {
            (int count, int m, int distinct, int seed) = c;
            var random = new SeededRandom(seed);
            var x = new double[count * m];
            random.FillUniform(x, -1, 1);
            if (distinct > 0) for (int i = 0; i < x.Length; i++) x[i] = Math.Round(x[i] * distinct);
            int start = random.NextInt(count), length = 1 + random.NextInt(count - start), axis = random.NextInt(m), nth = start + random.NextInt(length);
            var set = new WeightedPoints(x, m, [.. Enumerable.Range(1, count).Select(i => (double)i)]);
            var table = new PointTable(set);
            table.SelectNth(start, length, nth, axis);
            AssertConsistent(set, table);
            double key = table.Rows[nth * m + axis];
            for (int i = start; i < nth; i++) Assert.True(table.Rows[i * m + axis] <= key);
            for (int i = nth; i < start + length; i++) Assert.True(table.Rows[i * m + axis] >= key);
            // What lies outside the range stays where it was.
            for (int i = 0; i < count; i++) if (i < start || i >= start + length) Assert.Equal(i, table.Indices[i]);
            double[] sorted = [.. Enumerable.Range(start, length).Select(i => x[i * m + axis]).Order()];
            Assert.Equal(sorted[nth - start], key);
        }, iter: 2000);
    }

    [Theory]
    [InlineData("all equal")]
    [InlineData("ascending")]
    [InlineData("descending")]
    [InlineData("organ pipe")]
    [InlineData("two values")]
    [InlineData("saw of seven")]
    public void SelectNthOnOrdersThatDefeatCarelessPivots(string order)
    {
        // A quadratic selection takes minutes on so many.
        const int D = 200_000;
        var x = new double[D];
        for (int i = 0; i < D; i++)
            x[i] = order switch
            {
                "ascending" => i,
                "descending" => -i,
                "organ pipe" => Math.Min(i, D - i),
                "two values" => i % 2,
                "saw of seven" => i % 7,
                _ => 4,
            };
        var set = new WeightedPoints(x, 1);
        double[] sorted = [.. x];
        Array.Sort(sorted);
        foreach (int nth in new[] { 0, 1, D / 2, D - 1 })
        {
            var table = new PointTable(set);
            table.SelectNth(0, D, nth, 0);
            Assert.Equal(sorted[nth], table.Rows[nth]);
            Assert.True(table.Rows[..nth].All(v => v <= table.Rows[nth]) && table.Rows[nth..].All(v => v >= table.Rows[nth]));
        }
    }

    [Fact]
    public void ObjectsOfWeightZeroAreLeftOut()
    {
        var table = new PointTable(new WeightedPoints([0, 1, 2, 3, 4, 5, 6, 7], 2, [0, 3, 0, 0.5]));
        Assert.Equal(2, table.Count);
        Assert.Equal([1, 3], table.Indices);
        Assert.Equal([2, 3, 6, 7], table.Rows);
        Assert.Equal([3, 0.5], table.Weights!);
        Assert.Equal(3.5, table.Mass(0, 2));
        Assert.Equal([6.0, 7], table.Frame(1, 1).Center.ToArray());
    }

    [Fact]
    public void TheTableIsACopy()
    {
        WeightedPoints set = HardSets.Make("weights over 12 decades", 2, 50);
        double[] rows = set.Coordinates.ToArray();
        new PointTable(set).SelectNth(0, 50, 25, 1);
        Assert.Equal(rows, set.Coordinates.ToArray());
        Assert.Equal(7, new PointTable(HardSets.Cube(2, 50)).Mass(3, 7));
    }

    /// <summary>Rows and weights have followed their indices, and every index is there once.</summary>
    internal static void AssertConsistent(WeightedPoints set, PointTable table)
    {
        Assert.Equal(table.Count, table.Indices.Distinct().Count());
        for (int i = 0; i < table.Count; i++)
        {
            Assert.True(set[table.Indices[i]].SequenceEqual(table.Rows.AsSpan(i * set.Dimension, set.Dimension)));
            Assert.Equal(set.WeightOf(table.Indices[i]), table.Weights is null ? 1 : table.Weights[i]);
        }
    }
}
