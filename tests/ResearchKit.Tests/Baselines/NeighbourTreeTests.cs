using ResearchKit.Baselines;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Baselines;

public class NeighbourTreeTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 300)]
    [InlineData(3, 1000)]
    [InlineData(5, 500)]
    public void AnswersAreThoseOfExhaustiveSearchAlsoAfterRemovals(int m, int d)
    {
        int seed = 31 * m + d;
        WeightedPoints set = Inputs.Cube(m, d, seed);
        var tree = new NeighbourTree(set.Coordinates.ToArray(), m);
        var random = new SeededRandom(seed, 1);
        var removed = new HashSet<int>();
        var query = new double[m];
        for (int round = 0; round < 40; round++)
        {
            random.FillUniform(query, -1.5, 1.5);
            int[] order = [.. Enumerable.Range(0, d).Where(i => !removed.Contains(i))
                .OrderBy(i => NeighbourTree.SquaredDistance(query, set[i])).ThenBy(i => i)];
            int best = -1;
            double distance = double.PositiveInfinity;
            tree.Nearest(query, ref best, ref distance);
            Assert.True(best == (order.Length > 0 ? order[0] : -1), $"seed {seed}, round {round}");

            var buffer = new NeighbourBuffer(17);
            tree.Nearest(query, buffer);
            Assert.True(buffer.Points.ToArray().Order().SequenceEqual(order.Take(17).Order()), $"seed {seed}, round {round}");
            if (order.Length >= 17) Assert.Equal(NeighbourTree.SquaredDistance(query, set[order[16]]), buffer.Largest);

            for (int r = 0; r < d / 50 + 1; r++)
            {
                int gone = random.NextInt(d);
                removed.Add(gone);
                tree.Remove(gone);
            }
        }
        Assert.NotEmpty(removed);
    }

    [Fact]
    public void AStrictlyNearerPointIsNeededToReplaceTheGivenOne()
    {
        var tree = new NeighbourTree([0, 0, 2], 1);
        int best = 99;
        double distance = 1;
        tree.Nearest([1.0], ref best, ref distance);
        Assert.Equal(99, best);
        distance = 1.0000001;
        tree.Nearest([1.0], ref best, ref distance);
        Assert.NotEqual(99, best);
        Assert.Equal(1, distance);
    }

    [Fact]
    public void BufferKeepsTheLowerIndexOfATie()
    {
        foreach (int[] order in new[] { new[] { 0, 1, 2, 3 }, [3, 2, 1, 0], [2, 0, 3, 1] })
        {
            var buffer = new NeighbourBuffer(2);
            foreach (int i in order) buffer.Offer(i, 1.0);
            Assert.Equal([0, 1], buffer.Points.ToArray().Order());
        }
    }

    [Fact]
    public void SeedsAreDistinctPointsWithWeightDrawnByDistance()
    {
        // Three places; the one without weight is never drawn, and no place twice.
        double[] rows = [0, 0, 0, 5, 5, 9];
        double[] weights = [1, 1, 1, 2, 1, 0];
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new SeededRandom(seed);
            int[] drawn = PlusPlusSeeding.Draw(rows, 1, weights, 6, ref random, TestContext.Current.CancellationToken);
            Assert.True(drawn.Length == 2, $"seed {seed}: {string.Join(" ", drawn)}");
            Assert.True(drawn.Select(i => rows[i]).Order().SequenceEqual([0.0, 5.0]), $"seed {seed}");
        }

        // From the first draw at 0 (almost all weight), the second is at 1 or at 3 with odds 1 : 9.
        int far = 0;
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new SeededRandom(seed);
            int[] drawn = PlusPlusSeeding.Draw([0, 1, 3], 1, [1e12, 1, 1], 2, ref random, TestContext.Current.CancellationToken);
            if (drawn[1] == 2) far++;
        }
        // 1800 expected, standard error 13.4.
        Assert.InRange(far, 1746, 1854);
    }
}
