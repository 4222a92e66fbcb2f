using System.Globalization;

namespace ResearchKit.Cli;

/// <summary>What has been found in the rows that the compressor has taken: extents and gaps of each coordinate.</summary>
internal sealed class StreamTally
{
    private readonly double[] low;
    private readonly double[] high;
    private readonly long[] missing;
    private readonly long[] firstMissing;

    public StreamTally(int dimension)
    {
        (low, high, missing, firstMissing) = (new double[dimension], new double[dimension], new long[dimension], new long[dimension]);
        Array.Fill(low, double.PositiveInfinity);
        Array.Fill(high, double.NegativeInfinity);
    }

    /// <summary>Smallest values.</summary>
    public ReadOnlySpan<double> Low => low;

    /// <summary>Largest values.</summary>
    public ReadOnlySpan<double> High => high;

    /// <summary>Adds the rows of a block from one number up to another.</summary>
    public void Add(RowBlock block, long from, long to)
    {
        int m = low.Length, first = (int)(from - block.First), end = (int)(to - block.First);
        ReadOnlySpan<double> rows = block.Rows, weights = block.Weights;
        for (int i = first; i < end; i++)
        {
            if (!weights.IsEmpty && weights[i] == 0) continue;
            for (int j = 0; j < m; j++)
            {
                double x = rows[i * m + j];
                if (x < low[j]) low[j] = x;
                if (x > high[j]) high[j] = x;
            }
        }
        foreach ((long row, int j) in block.Missing)
            if (row >= from && row < to && missing[j]++ == 0) firstMissing[j] = row;
    }

    /// <summary>What became of a coordinate, in words.</summary>
    /// <param name="coordinate">Its number.</param>
    /// <param name="rows">Rows of the file.</param>
    public string Note(int coordinate, long rows)
    {
        var notes = new List<string>();
        if (rows > 1 && low[coordinate] == high[coordinate])
            notes.Add($"constant {low[coordinate].ToString("R", CultureInfo.InvariantCulture)}; left out of --columns it would save moments");
        if (missing[coordinate] > 0)
            notes.Add($"{missing[coordinate]} of {rows} cells missing, first in row {firstMissing[coordinate]}; their rows left out (--missing drop)");
        return string.Join("; ", notes);
    }

    public void Write(BinaryWriter writer)
    {
        for (int j = 0; j < low.Length; j++)
        {
            writer.Write(low[j]);
            writer.Write(high[j]);
            writer.Write(missing[j]);
            writer.Write(firstMissing[j]);
        }
    }

    public void Read(BinaryReader reader)
    {
        for (int j = 0; j < low.Length; j++)
            (low[j], high[j], missing[j], firstMissing[j]) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64(), reader.ReadInt64());
    }
}
