namespace ResearchKit.Cli;

/// <summary>
/// Checks the output of a stream in a second pass over the input: rows that exist, with the values they had, positive
/// weights, and all moments of the whole file, summed by <see cref="MomentSums"/>.
/// </summary>
internal static class StreamVerifier
{
    private const int BlockRows = 1 << 15;

    public static Verification Verify(CompressRequest request, CsvShape shape, IReadOnlyList<string> names, long rowCount, StreamTally tally, AddedColumns added, CancellationToken cancellation)
    {
        int m = names.Count;
        OutputRows output = OutputVerifier.Read(request.Output, added, names, new double?[m]);
        (double[] centre, double[] scale) = MomentVerifier.Frame(tally.Low, tally.High);
        var before = new MomentSums(centre, scale, request.Degree!.Value);
        var kept = new Dictionary<long, int>();
        for (int i = 0; i < output.Rows.Length; i++)
        {
            if (output.Rows[i] is not { } row) continue;
            if (row < 0 || row >= rowCount) output.Problems.Add($"the row in line {i + 2} is '{row}', which is no row of the input");
            else if (!kept.TryAdd(row, i)) output.Problems.Add($"row {row} occurs twice");
        }
        using var reader = new CsvRowReader(request, shape, names, new RowPlaces());
        var block = new RowBlock(BlockRows, m, request.WeightColumn is not null);
        while (reader.Read(block, cancellation))
        {
            double[] rows = block.Rows.ToArray();
            before.Add(rows, block.Weights.IsEmpty ? null : block.Weights.ToArray(), cancellation);
            for (int i = 0; i < block.Count; i++)
                if (kept.TryGetValue(block.First + i, out int at) && !rows.AsSpan(i * m, m).SequenceEqual(output.Points.AsSpan(at * m, m)))
                    output.Problems.Add($"row {block.First + i} has other values than in the input");
        }
        var after = new MomentSums(centre, scale, request.Degree!.Value);
        after.Add(output.Points, output.Weights, cancellation);
        return new Verification(MomentVerifier.Compare(before, after), output.Problems);
    }
}
