using Microsoft.Data.Analysis;

namespace ResearchKit.Notebooks;

/// <summary>Finite numbers in named columns, row by row in one array: what the numerics take.</summary>
public sealed class NumericTable
{
    /// <summary>Makes a table over an existing array, which is not copied.</summary>
    /// <param name="columns">Distinct names.</param>
    /// <param name="rowMajor">Row count times column count values, row after row.</param>
    /// <param name="findings">What reading had to leave out or fill in.</param>
    /// <param name="sourceRows">Where each row stood in what was read, from 0, when some were left out.</param>
    /// <exception cref="ArgumentException">The array is not a whole number of rows, names repeat, or there are more or fewer source rows.</exception>
    public NumericTable(IReadOnlyList<string> columns, double[] rowMajor, IReadOnlyList<string>? findings = null, IReadOnlyList<int>? sourceRows = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rowMajor);
        if (columns.Count == 0) throw new ArgumentException("A table needs at least one column.", nameof(columns));
        if (rowMajor.Length % columns.Count != 0)
            throw new ArgumentException($"{rowMajor.Length} values are not a whole number of rows of {columns.Count} columns.", nameof(rowMajor));
        if (columns.Distinct(StringComparer.Ordinal).Count() != columns.Count)
            throw new ArgumentException($"Column names repeat: {string.Join(", ", columns.GroupBy(c => c).Where(g => g.Count() > 1).Select(g => $"'{g.Key}'"))}.", nameof(columns));
        (Columns, RowMajor, Findings) = ([.. columns], rowMajor, [.. findings ?? []]);
        Rows = rowMajor.Length / columns.Count;
        if (sourceRows is not null && sourceRows.Count != Rows)
            throw new ArgumentException($"{sourceRows.Count} source rows for {Rows} rows: give one each.", nameof(sourceRows));
        SourceRows = sourceRows;
    }

    /// <summary>Column names.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Number of rows (objects d).</summary>
    public int Rows { get; }

    /// <summary>The values, row after row; the table's own array.</summary>
    public double[] RowMajor { get; }

    /// <summary>What was left out, filled in or noticed while reading: column, count, first row, one sentence each.</summary>
    public IReadOnlyList<string> Findings { get; }

    /// <summary>Where each row stood in what was read, from 0; null where no row was left out.</summary>
    public IReadOnlyList<int>? SourceRows { get; }

    /// <summary>One value.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    public double this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
            ArgumentOutOfRangeException.ThrowIfNegative(column);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Columns.Count);
            return RowMajor[((long)row * Columns.Count) + column];
        }
    }

    /// <summary>A copy of one column.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is no such column; the message lists those there are.</exception>
    public double[] Column(string name)
    {
        int index = IndexOf(name), width = Columns.Count;
        var values = new double[Rows];
        for (int r = 0; r < Rows; r++) values[r] = RowMajor[((long)r * width) + index];
        return values;
    }

    /// <summary>A copy with only the columns named, in that order.</summary>
    /// <param name="names">Column names.</param>
    public NumericTable Select(params string[] names)
    {
        int[] indices = [.. names.Select(IndexOf)];
        var values = new double[(long)Rows * indices.Length];
        for (int r = 0; r < Rows; r++)
        {
            for (int c = 0; c < indices.Length; c++) values[((long)r * indices.Length) + c] = RowMajor[((long)r * Columns.Count) + indices[c]];
        }

        return new(names, values, Findings, SourceRows);
    }

    /// <summary>The same values as a data frame of double columns.</summary>
    public DataFrame ToDataFrame() => new(Columns.Select(c => new DoubleDataFrameColumn(c, Column(c))));

    /// <summary>The numeric columns of a data frame; what else it holds is treated as <paramref name="options"/> say.</summary>
    /// <param name="frame">Any data frame.</param>
    /// <param name="options">Policies; separator and header do not apply.</param>
    /// <exception cref="DataFileException">A policy refuses the frame.</exception>
    public static NumericTable FromDataFrame(DataFrame frame, DataOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var builder = new TableBuilder("data frame", [.. frame.Columns.Select(c => c.Name)], options ?? DataOptions.Default);
        foreach (var (index, column) in builder.Wanted)
        {
            DataFrameColumn source = frame.Columns[index];
            for (long row = 0; row < source.Length; row++) column.Add(source[row], row + 1);
        }

        return builder.Finish();
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < Columns.Count; i++)
            if (Columns[i] == name) return i;
        throw new ArgumentException($"There is no column '{name}'; there are {string.Join(", ", Columns.Select(c => $"'{c}'"))}.", nameof(name));
    }
}
