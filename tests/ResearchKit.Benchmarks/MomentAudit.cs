using ResearchKit.Tests;

namespace ResearchKit.Benchmarks;

/// <summary>What an audit finds of one result: the largest difference of any kept moment over all cells.</summary>
/// <param name="OfMass">Relative to the mass of the cell, the certificate's unit (basis functions of unit mean square over the cell's box).</param>
/// <param name="OfSize">Relative to the mass times the root mean square of the basis function on the cell's own objects.</param>
/// <param name="Cells">Cells looked at.</param>
internal readonly record struct AuditResult(double OfMass, double OfSize, int Cells);

/// <summary>
/// Recomputes every moment of every final cell in double-double arithmetic (32 digits), original against compressed: the
/// orthonormal Legendre product basis on the bounding box of the cell's objects, from its definition. Of the library it
/// takes nothing but which objects are in which cell.
/// </summary>
internal static class MomentAudit
{
    /// <summary>A compression by <see cref="Compressor"/>, whose cells are cut once more to know their objects.</summary>
    public static AuditResult Of(WeightedPoints set, CompressedSet result, MomentSpace space, int budget)
    {
        var parallel = new ParallelOptions();
        var table = new PointTable(set, parallel);
        Region[] regions = Region.Of(table, space, budget, momentsOnly: false);
        foreach (Region region in regions) region.Cut(table, space, parallel);
        Cell[] cells = [.. regions.SelectMany(r => r.Cells)];
        if (cells.Length != result.Certificate.Cells) throw new InvalidOperationException($"The audit finds {cells.Length} cells where the compression had {result.Certificate.Cells}.");
        var kept = new Dictionary<int, double>(result.Count);
        for (int i = 0; i < result.Count; i++) kept.Add(result.Indices[i], result.Weights[i]);
        return Largest(cells.Length, set, space, c => table.Indices.AsMemory(cells[c].Start, cells[c].Count), (c, members) =>
        {
            var few = new List<int>();
            foreach (int i in members.Span)
                if (kept.ContainsKey(i)) few.Add(i);
            return (set, [.. few], [.. few.Select(i => kept[i])]);
        });
    }

    /// <summary>Free nodes, which know their cells.</summary>
    public static AuditResult Of(WeightedPoints set, SyntheticSet result, MomentSpace space)
    {
        int[][] nodes = [.. Enumerable.Range(0, result.Count).GroupBy(result.CellOf).OrderBy(g => g.Key).Select(g => g.ToArray())];
        return Largest(result.Cells, set, space, c => result.MembersOfCell(c).ToArray(), (c, _) => (result.Points, nodes[c], [.. nodes[c].Select(i => result.Points.WeightOf(i))]));
    }

    private static AuditResult Largest(int cells, WeightedPoints set, MomentSpace space, Func<int, ReadOnlyMemory<int>> membersOf, Func<int, ReadOnlyMemory<int>, (WeightedPoints Points, int[] Rows, double[] Weights)> compressedOf)
    {
        int[][] exponents = [.. Enumerable.Range(0, space.Count).Select(e => space.Exponents(e).ToArray().Select(b => (int)b).ToArray())];
        var found = new (double OfMass, double OfSize)[cells];
        Parallel.For(0, cells, c =>
        {
            ReadOnlyMemory<int> members = membersOf(c);
            (WeightedPoints few, int[] rows, double[] weights) = compressedOf(c, members);
            (Quad[] center, Quad[] half) = Box(set, members.Span);
            Quad[] sums = new Quad[exponents.Length], squares = new Quad[exponents.Length];
            Quad mass = 0;
            foreach (int i in members.Span)
            {
                mass += set.WeightOf(i);
                Add(set[i], set.WeightOf(i), center, half, exponents, sums, squares);
            }
            for (int j = 0; j < rows.Length; j++) Add(few[rows[j]], -(Quad)weights[j], center, half, exponents, sums, null);
            for (int e = 0; e < sums.Length; e++)
            {
                double difference = (double)(Quad.Abs(sums[e]) / mass), size = Math.Sqrt((double)(squares[e] / mass));
                found[c].OfMass = Math.Max(found[c].OfMass, difference);
                // A basis function that vanishes on all objects of the cell has no moment to keep.
                if (size > 1e-15) found[c].OfSize = Math.Max(found[c].OfSize, difference / size);
            }
        });
        return new AuditResult(found.Max(f => f.OfMass), found.Max(f => f.OfSize), cells);
    }

    /// <summary>Adds one object to the sums of c phi and of c phi^2 (for which double precision is enough).</summary>
    private static void Add(ReadOnlySpan<double> x, Quad weight, Quad[] center, Quad[] half, int[][] exponents, Quad[] sums, Quad[]? squares)
    {
        int m = center.Length;
        var one = new Quad[m][];
        for (int j = 0; j < m; j++)
        {
            int top = 0;
            foreach (int[] e in exponents) top = Math.Max(top, e[j]);
            one[j] = ExactMoments.Legendre(half[j] == Quad.Zero ? Quad.Zero : (x[j] - center[j]) / half[j], top);
        }
        for (int e = 0; e < exponents.Length; e++)
        {
            Quad value = weight;
            double square = 1;
            for (int j = 0; j < m; j++)
            {
                int n = exponents[e][j];
                if (n == 0) continue;
                value *= one[j][n];
                square *= one[j][n].High * one[j][n].High;
            }
            sums[e] += value;
            if (squares is not null) squares[e] += weight.High * square;
        }
    }

    private static (Quad[] Center, Quad[] Half) Box(WeightedPoints set, ReadOnlySpan<int> members)
    {
        var rows = new double[members.Length * set.Dimension];
        for (int i = 0; i < members.Length; i++) set[members[i]].CopyTo(rows.AsSpan(i * set.Dimension));
        return ExactMoments.Box(rows, set.Dimension);
    }
}
