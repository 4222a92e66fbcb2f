using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.FreeNodes;

/// <summary>Every wrong input is named with its value, what is allowed and what to do.</summary>
public class FreeNodesBadInputTests
{
    private static readonly FreeNodeOptions Good = new() { Degree = 2, Budget = 30 };

    [Fact]
    public void Nulls()
    {
        Assert.Throws<ArgumentNullException>(() => ResearchKit.FreeNodes.Compress(null!, Good));
        Assert.Throws<ArgumentNullException>(() => ResearchKit.FreeNodes.Compress(HardSets.Cube(2, 50), null!));
        Assert.Throws<ArgumentNullException>(() => ResearchKit.FreeNodes.Fewest(null!, Good));
    }

    [Fact]
    public void OptionsOutOfRange()
    {
        AssertNamed(Good with { Budget = 0 }, "Budget d' = 0", "at least 1");
        AssertNamed(Good with { MaxDegreeOfParallelism = 0 }, "MaxDegreeOfParallelism = 0", "-1 for all processors");
        AssertNamed(Good with { DegreesBeyond = -1 }, "DegreesBeyond = -1", "0 to 8");
        AssertNamed(Good with { DegreesBeyond = 9 }, "DegreesBeyond = 9", "0 to 8");
        AssertNamed(Good with { Containment = (NodeContainment)7 }, "Containment = 7", "Box, ConvexHull");
        AssertNamed(Good with { Degree = -1 }, "-1", "between 0 and 255");
        AssertNamed(Good with { MomentSpace = MomentSpace.TotalDegree(3, 2) }, "m = 3", "has 2");
    }

    [Fact]
    public void MetricsThatTheNodesWouldIgnore()
    {
        WeightedPoints set = HardSets.Cube(2, 50);
        AssertNamed(Good with { MomentSpace = MomentSpace.TotalDegree(2, 2, PartitionMetric.Whitened(set)) }, "whitens coordinates 0, 1", "Standardised");
        AssertNamed(Good with { MomentSpace = MomentSpace.TotalDegree(2, 2, PartitionMetric.AllCoordinates(2).Separating(1)) }, "separates the values of coordinate 1", "one value at a time");
        ResearchKit.FreeNodes.Compress(set, Good with { MomentSpace = MomentSpace.TotalDegree(2, 2, PartitionMetric.Standardised(set)) });
    }

    [Fact]
    public void ABudgetBelowTheNodesOfOneCell()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ResearchKit.FreeNodes.Compress(HardSets.Cube(2, 100), Good with { Degree = 5, Budget = 6 }));
        Assert.Contains("Budget d' = 6", error.Message);
        Assert.Contains("N = 21", error.Message);
        Assert.Contains("Raise the budget", error.Message);
        error = Assert.Throws<ArgumentOutOfRangeException>(() => ResearchKit.FreeNodes.Fewest(HardSets.Cube(2, 100), Good with { Degree = 5, Budget = 6 }));
        Assert.Contains("Budget d' = 6", error.Message);
    }

    [Fact]
    public void NodesAndCellsOutOfRange()
    {
        SyntheticSet result = ResearchKit.FreeNodes.Compress(HardSets.Cube(2, 100), Good);
        foreach (int node in new[] { -1, result.Count })
        {
            Assert.Contains($"no node {node}", Assert.Throws<ArgumentOutOfRangeException>(() => result.CellOf(node)).Message);
            Assert.Contains($"0 to {result.Count - 1}", Assert.Throws<ArgumentOutOfRangeException>(() => { result.MembersOf(node); }).Message);
        }
        Assert.Contains($"no cell {result.Cells}", Assert.Throws<ArgumentOutOfRangeException>(() => { result.MembersOfCell(result.Cells); }).Message);
    }

    private static void AssertNamed(FreeNodeOptions options, params string[] parts)
    {
        foreach (Action call in new Action[] { () => ResearchKit.FreeNodes.Compress(HardSets.Cube(2, 50), options), () => ResearchKit.FreeNodes.Fewest(HardSets.Cube(2, 50), options) })
        {
            string message = Assert.ThrowsAny<ArgumentException>(call).Message;
            foreach (string part in parts) Assert.Contains(part, message);
        }
    }
}
