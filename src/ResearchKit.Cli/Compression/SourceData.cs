namespace ResearchKit.Cli;

/// <summary>What became of one column of the input.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Use">"coordinate", "weight" or "carried along".</param>
/// <param name="Note">Why, and what was found in it; empty if there is nothing to say.</param>
internal sealed record ColumnFinding(string Column, string Use, string Note);

/// <summary>The input as the compressor sees it, and the way back to the file's rows.</summary>
internal sealed record SourceData
{
    public required WeightedPoints Points { get; init; }

    /// <summary>The coordinates' names, in order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The 0-based data row in the file of each object; ascending.</summary>
    public required int[] Rows { get; init; }

    /// <summary>Data rows in the file.</summary>
    public required int RowCount { get; init; }

    /// <summary>Every column of the file, none left out.</summary>
    public required IReadOnlyList<ColumnFinding> Findings { get; init; }

    /// <summary>What stands in for a missing cell of each coordinate (--missing mean); null where nothing was filled.</summary>
    public required double?[] Fills { get; init; }

    /// <summary>All columns of a point cloud, which has no rows of text to copy; null for tables.</summary>
    public PointColumns? PointColumns { get; init; }

    /// <summary>Standard deviation of each coordinate, for --standardize and for the hint to use it.</summary>
    public double[] Deviations()
    {
        int m = Points.Dimension, d = Points.Count;
        var result = new double[m];
        for (int j = 0; j < m; j++)
        {
            double mean = 0, squares = 0;
            for (int i = 0; i < d; i++)
            {
                // Welford's update: no cancellation for a narrow column far from zero.
                double x = Points.Coordinates[i * m + j], delta = x - mean;
                mean += delta / (i + 1);
                squares += delta * (x - mean);
            }
            result[j] = Math.Sqrt(squares / d);
        }
        return result;
    }
}
