using CsCheck;
using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.Partition;

public class CellPartitionTests
{
    public static TheoryData<string> Names => [.. HardSets.Names];

    [Theory, MemberData(nameof(Names))]
    public void CellsCoverEveryRowOnceAndHoldEnoughForTheirMoments(string name)
    {
        foreach ((int m, int k, int d, int budget) in new[] { (1, 4, 400, 100), (2, 3, 900, 300), (3, 2, 30_000, 2000), (4, 1, 300, 299) })
        {
            WeightedPoints set = HardSets.Make(name, m, d);
            var table = new PointTable(set);
            MomentSpace space = MomentSpace.TotalDegree(m, k);
            int cells = Math.Min(budget, table.Count) / space.Count;
            AssertPartition(set, table, CellPartition.Build(table, space, cells, new ParallelOptions()), space, cells);
        }
    }

    [Fact]
    public void RandomPartitions()
    {
        Gen.Select(Gen.Int[0, HardSets.Names.Length - 1], Gen.Int[1, 4], Gen.Int[0, 3], Gen.Int[1, 60], Gen.Int[0, 300], Gen.Int[1, 1000]).Sample(c =>
        {
            (int name, int m, int k, int cells, int more, int seed) = c;
            MomentSpace space = MomentSpace.TotalDegree(m, k);
            // Half again as many, since one of the sets has weights of zero.
            WeightedPoints set = HardSets.Make(HardSets.Names[name], m, cells * space.Count * 3 / 2 + more + 2, seed);
            var table = new PointTable(set);
            AssertPartition(set, table, CellPartition.Build(table, space, cells, new ParallelOptions { MaxDegreeOfParallelism = 1 }), space, cells);
        }, iter: 200);
    }

    [Fact]
    public void CellsDoNotOverlapAlongTheirCut()
    {
        // On a line without ties the cells are consecutive intervals.
        WeightedPoints set = HardSets.Cube(1, 1000);
        var table = new PointTable(set);
        Cell[] cells = CellPartition.Build(table, MomentSpace.TotalDegree(1, 3), 37, new ParallelOptions());
        for (int c = 1; c < cells.Length; c++) Assert.True(cells[c - 1].Frame.Upper[0] <= cells[c].Frame.Lower[0]);
    }

    [Fact]
    public void CancellationIsHeeded()
    {
        var table = new PointTable(HardSets.Cube(2, 1000));
        var parallel = new ParallelOptions { CancellationToken = new CancellationToken(true) };
        Assert.ThrowsAny<OperationCanceledException>(() => CellPartition.Build(table, MomentSpace.TotalDegree(2, 1), 10, parallel));
    }

    [Fact]
    public void CancelledAtAnyMomentItSaysNothingButThat()
    {
        // A loop that is cancelled while it starts its tasks may fail by a race of its own (found by hours of random jobs).
        WeightedPoints set = HardSets.Cube(2, 20_000);
        int cancelled = 0;
        for (int trial = 0; trial < 1000; trial++)
        {
            using var source = new CancellationTokenSource();
            int wait = trial;
            var canceller = new Thread(() =>
            {
                Thread.SpinWait(wait * 40);
                source.Cancel();
            });
            canceller.Start();
            try
            {
                Parallelism.Unwrap(() => CellPartition.Build(new PointTable(set), MomentSpace.TotalDegree(2, 1), 600, new ParallelOptions { CancellationToken = source.Token }));
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
            canceller.Join();
        }
        Assert.InRange(cancelled, 1, 1000);
    }

    [Fact]
    public void TheWidestSideInTheMetric()
    {
        LocalFrame frame = LocalFrame.Of(new WeightedPoints([0, 0, 0, 1, 5, 2], 3));
        Assert.Equal(1, CellPartition.WidestSide(frame, PartitionMetric.AllCoordinates(3)));
        Assert.Equal(2, CellPartition.WidestSide(frame, PartitionMetric.Scaled(1, 0, 1)));
        Assert.Equal(0, CellPartition.WidestSide(frame, PartitionMetric.Scaled(30, 1, 1)));
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("all equal")]
    [InlineData("one far outlier")]
    [InlineData("scale 1e9")]
    public void BothSidesOfACutGetALeaf(string name)
    {
        LocalFrame frame = LocalFrame.Of(HardSets.Make(name, 3, 100));
        double[] sides = [.. Enumerable.Range(0, 3).Select(j => CellPartition.Side(frame, PartitionMetric.AllCoordinates(3), j))];
        for (int leaves = 2; leaves < 300; leaves++)
            Assert.InRange(CellPartition.LeftLeaves(sides, leaves), 1, leaves - 1);
    }

    private static void AssertPartition(WeightedPoints set, PointTable table, Cell[] cells, MomentSpace space, int count)
    {
        Assert.Equal(count, cells.Length);
        PointTableTests.AssertConsistent(set, table);
        int at = 0;
        foreach (Cell cell in cells)
        {
            Assert.Equal(at, cell.Start);
            at += cell.Count;
            Assert.True(cell.Count >= space.Count, $"{cell.Count} rows for {space.Count} moments");
            LocalFrame frame = table.Frame(cell.Start, cell.Count);
            Assert.Equal(frame.Lower.ToArray(), cell.Frame.Lower.ToArray());
            Assert.Equal(frame.Upper.ToArray(), cell.Frame.Upper.ToArray());
        }
        Assert.Equal(table.Count, at);
    }
}
