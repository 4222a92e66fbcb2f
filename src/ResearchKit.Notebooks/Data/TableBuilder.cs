namespace ResearchKit.Notebooks;

/// <summary>Gathers columns from any kind of file and applies the options' policies, once, in one place.</summary>
internal sealed class TableBuilder
{
    private readonly string _file;
    private readonly DataOptions _options;
    private readonly List<string> _findings = [];

    /// <exception cref="DataFileException">A name is empty or repeats, or a wanted column does not exist.</exception>
    public TableBuilder(string file, IReadOnlyList<string> names, DataOptions options)
    {
        (_file, _options) = (file, options);
        for (int i = 0; i < names.Count; i++)
        {
            int first = names.TakeWhile(n => n != names[i]).Count();
            if (names[i].Length == 0) throw new DataFileException(file, $"column {i + 1} has no name", "Name it, or set Header = false if the file has no header row.");
            if (first < i) throw new DataFileException(file, $"columns {first + 1} and {i + 1} have the same name", "Rename one of them.", column: names[i]);
        }

        var wanted = options.Columns ?? names;
        if (wanted.Count == 0) throw new DataFileException(file, "no column is asked for", "Name at least one in Columns, or leave it null for all.");
        if (wanted.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new DataFileException(file, "the column is asked for twice", "Name each column once in Columns.", column: twice.Key);
        Wanted = [.. wanted.Select(name =>
        {
            int index = names.TakeWhile(n => n != name).Count();
            return index < names.Count ? (index, new ColumnBuilder(file, name))
                : throw new DataFileException(file, "there is no such column", $"There are: {string.Join(", ", names.Take(40))}.", column: name);
        })];
    }

    /// <summary>The columns to fill, with their places in the file.</summary>
    public IReadOnlyList<(int Index, ColumnBuilder Column)> Wanted { get; }

    public void Find(string finding) => _findings.Add(finding);

    /// <exception cref="DataFileException">A policy refuses the file, or nothing is left of it.</exception>
    public NumericTable Finish()
    {
        int total = Wanted[0].Column.Count;
        if (total == 0) throw new DataFileException(_file, "the file has no data rows", "Check that it was written to its end.");
        var columns = WithoutText([.. Wanted.Select(w => w.Column)]);
        if (columns.Count == 0) throw new DataFileException(_file, "every column is text", "Moments need numbers: name or make numeric columns.");
        int[] rows = Present(columns, total);
        columns = WithoutConstants(columns, rows);
        if (columns.Count == 0) throw new DataFileException(_file, "every column is constant", "There is nothing to tell the rows apart by; give a file in which some column varies.");

        var values = new double[(long)rows.Length * columns.Count];
        for (int c = 0; c < columns.Count; c++)
        {
            double mean = columns[c].Missing > 0 ? columns[c].Mean : 0;
            for (int r = 0; r < rows.Length; r++)
            {
                double v = columns[c][rows[r]];
                values[((long)r * columns.Count) + c] = double.IsNaN(v) ? mean : v;
            }
        }

        return new([.. columns.Select(c => c.Name)], values, _findings, rows.Length < total ? rows : null);
    }

    private List<ColumnBuilder> WithoutText(List<ColumnBuilder> columns)
    {
        foreach (ColumnBuilder c in columns.Where(c => c.Texts > 0).ToList())
        {
            // A few words among numbers are mistakes to be mended, not a column of text to be dropped.
            if (c.Numbers > c.Texts)
                throw new DataFileException(_file, $"not a number, in a column with {c.Numbers} numbers ({c.Texts} such {Plural(c.Texts, "cell")})",
                    "Correct the cell, leave it empty to count as missing, or leave out the column by Columns.", c.FirstTextLine, c.Name, c.FirstText);
            if (_options.Text == TextPolicy.Error)
                throw new DataFileException(_file, "the column is text", "Read with Text = TextPolicy.Drop, encode it as numbers, or name the columns wanted in Columns.", c.FirstTextLine, c.Name, c.FirstText);
            columns.Remove(c);
            _findings.Add($"Column '{c.Name}' is text in {c.Texts} {Plural(c.Texts, "row")}, first in row {c.FirstTextRow} ('{c.FirstText}'): column left out.");
        }

        return columns;
    }

    private int[] Present(List<ColumnBuilder> columns, int total)
    {
        foreach (ColumnBuilder c in columns.Where(c => c.Missing > 0))
        {
            if (c.Numbers == 0)
                throw new DataFileException(_file, "the column has no values at all", "Leave it out by Columns.", c.FirstMissingLine, c.Name);
            string cells = $"Column '{c.Name}' misses {c.Missing} of {total} values, first in row {c.FirstMissingRow}";
            switch (_options.Missing)
            {
                case MissingPolicy.Error:
                    throw new DataFileException(_file, $"{c.Missing} of {total} values are missing, this is the first",
                        "Read with Missing = MissingPolicy.DropRows or MissingPolicy.Mean, or leave out the column by Columns.", c.FirstMissingLine, c.Name, "");
                case MissingPolicy.DropRows: _findings.Add($"{cells}: rows left out."); break;
                case MissingPolicy.Mean: _findings.Add($"{cells}: filled with the mean {NumberText.Of(c.Mean, 6)}."); break;
            }
        }

        var incomplete = _options.Missing == MissingPolicy.DropRows ? columns.Where(c => c.Missing > 0).ToList() : [];
        int[] rows = [.. Enumerable.Range(0, total).Where(r => incomplete.TrueForAll(c => !double.IsNaN(c[r])))];
        if (rows.Length == 0) throw new DataFileException(_file, "no row has all its values", "Fill with Missing = MissingPolicy.Mean, or leave out the emptiest columns by Columns.");
        if (rows.Length < total) _findings.Add($"{total - rows.Length} of {total} rows left out for missing values.");
        return rows;
    }

    private List<ColumnBuilder> WithoutConstants(List<ColumnBuilder> columns, int[] rows)
    {
        if (rows.Length == 1) return columns;
        foreach (ColumnBuilder c in columns.ToList())
        {
            double first = rows.Select(r => c[r]).FirstOrDefault(v => !double.IsNaN(v), double.NaN);
            if (!rows.All(r => double.IsNaN(c[r]) || c[r] == first)) continue;
            string finding = $"Column '{c.Name}' is {NumberText.Of(first, 6)} in all {rows.Length} rows from row 1 on";
            switch (_options.Constant)
            {
                case ConstantPolicy.Error:
                    throw new DataFileException(_file, "the column is constant", "Read with Constant = ConstantPolicy.Drop or Keep.", null, c.Name, NumberText.Of(first, 6).ToString());
                case ConstantPolicy.Drop:
                    columns.Remove(c);
                    _findings.Add(finding + ": column left out.");
                    break;
                default: _findings.Add(finding + ": kept."); break;
            }
        }

        return columns;
    }

    private static string Plural(int n, string word) => n == 1 ? word : word + "s";
}
