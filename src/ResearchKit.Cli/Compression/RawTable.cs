using System.Globalization;
using ResearchKit.Notebooks;

namespace ResearchKit.Cli;

/// <summary>A column as found: numbers, and what was no number. Rows count from 0, as in the output's column 'row'.</summary>
internal sealed class RawColumn(string name)
{
    private readonly List<double> values = [];

    public string Name { get; } = name;

    /// <summary>NaN where the cell is missing or text.</summary>
    public IReadOnlyList<double> Values => values;

    public int Missing { get; private set; }

    public int FirstMissing { get; private set; } = -1;

    public int Texts { get; private set; }

    public int FirstTextRow { get; private set; } = -1;

    public string FirstText { get; private set; } = "";

    public int FirstInfinite { get; private set; } = -1;

    public int Numbers => values.Count - Missing - Texts;

    /// <summary>More words than numbers make a column of text; fewer are mistakes in a column of numbers.</summary>
    public bool IsText => Texts > 0 && Texts >= Numbers;

    public void Add(string cell, int row)
    {
        if (TryRead(cell, out double value)) Add(value, row);
        else
        {
            if (Texts++ == 0) (FirstTextRow, FirstText) = (row, cell.Trim());
            values.Add(double.NaN);
        }
    }

    /// <summary>The number of a cell, NaN for a missing one; false for text.</summary>
    public static bool TryRead(string cell, out double value)
    {
        string text = cell.Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;
        value = double.NaN;
        return IsMissing(text);
    }

    public void Add(object? cell, int row)
    {
        switch (cell)
        {
            case null: Add(double.NaN, row); break;
            case string s: Add(s, row); break;
            case bool b: Add(b ? 1.0 : 0.0, row); break;
            // Through text, as the output is read back: the direct conversion of a decimal may round the other way.
            case decimal or DateTime or TimeSpan or Guid: Add(CellText.Of(cell), row); break;
            case IConvertible number: Add(number.ToDouble(CultureInfo.InvariantCulture), row); break;
            default: Add(cell.ToString() ?? "", row); break;
        }
    }

    public void Add(double value, int row)
    {
        if (double.IsNaN(value) && Missing++ == 0) FirstMissing = row;
        if (double.IsInfinity(value) && FirstInfinite < 0) FirstInfinite = row;
        values.Add(value);
    }

    /// <summary>The mean of the present values, by Welford's update.</summary>
    public double Mean()
    {
        double mean = 0;
        int n = 0;
        foreach (double v in values)
            if (!double.IsNaN(v)) mean += (v - mean) / ++n;
        return mean;
    }

    private static bool IsMissing(string cell) => cell.Length == 0
        || cell.ToUpperInvariant() is "NA" or "NAN" or "-NAN" or "NULL" or "N/A" or "?";
}

/// <summary>Every column of a file, before any policy: the policies need to know which rows they drop.</summary>
internal sealed record RawTable(IReadOnlyList<RawColumn> Columns)
{
    public int RowCount => Columns.Count == 0 ? 0 : Columns[0].Values.Count;

    public static RawTable Read(string path, CancellationToken cancellation)
    {
        RawTable table = FileKind.IsPoints(path) ? ReadPoints(path, cancellation)
            : FileKind.IsParquet(path) ? ReadParquet(path)
            : ReadCsv(path, cancellation);
        return table.Checked(path);
    }

    /// <summary>The first rows of a CSV file.</summary>
    public static RawTable ReadHead(string path, int rows, CancellationToken cancellation) => ReadCsv(path, cancellation, rows).Checked(path);

    private RawTable Checked(string path)
    {
        if (RowCount == 0)
            throw new CliException($"'{path}' has no data rows.", "A header and at least one row are needed.");
        if (Columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new CliException($"'{path}' has {twice.Count()} columns named '{twice.Key}'.", "Rename them, so that each name is one column.");
        return this;
    }

    private static RawTable ReadCsv(string path, CancellationToken cancellation, int most = int.MaxValue)
    {
        CsvShape shape = CsvShape.Of(path);
        RawColumn[] columns = [.. shape.Names.Select(n => new RawColumn(n))];
        bool skip = shape.HasHeader;
        int row = 0;
        foreach (CsvRecord record in CsvRecords.Read(path, shape.Delimiter))
        {
            if (skip)
            {
                skip = false;
                continue;
            }
            if (row == most) break;
            if ((row & 4095) == 0) cancellation.ThrowIfCancellationRequested();
            if (record.Fields.Length != columns.Length)
                throw new CliException($"'{path}' line {record.Line}: {record.Fields.Length} fields, but the {(shape.HasHeader ? "header" : "first line")} has {columns.Length}.",
                    $"Mend the line; fields that contain '{shape.Delimiter}' need quotes.");
            for (int j = 0; j < columns.Length; j++) columns[j].Add(record.Fields[j], row);
            row++;
        }
        return new RawTable(columns);
    }

    private static RawTable ReadParquet(string path)
    {
        try
        {
            return new RawTable(ParquetRows.ReadNumbersAsync(path).GetAwaiter().GetResult());
        }
        catch (Exception e) when (e is not (CliException or UnauthorizedAccessException or OutOfMemoryException))
        {
            // The format's library throws whatever the damage leads it to.
            throw new CliException($"'{path}' cannot be read as Parquet: {e.Message}", "Check that the file was copied completely.", e);
        }
    }

    private static RawTable ReadPoints(string path, CancellationToken cancellation)
    {
        try
        {
            NumericTable points = DataFile.Read(path, cancel: cancellation);
            return new RawTable([.. points.Columns.Select(name =>
            {
                var column = new RawColumn(name);
                double[] values = points.Column(name);
                for (int i = 0; i < values.Length; i++) column.Add(values[i], i);
                return column;
            })]);
        }
        catch (DataFileException e)
        {
            throw new CliException(e.Message, inner: e);
        }
    }
}
