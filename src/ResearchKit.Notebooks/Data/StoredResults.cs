using System.Globalization;

namespace ResearchKit.Notebooks;

/// <summary>
/// Results of a run that is too long for a notebook's quick mode: a CSV file in notebooks/results whose leading lines,
/// each after a '#', say how it was made (command, seed, date, processor).
/// </summary>
public sealed class StoredResults
{
    private StoredResults(IReadOnlyList<string> notes, NumericTable table) => (Notes, Table) = (notes, table);

    /// <summary>The comment lines, without their signs.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The numbers.</summary>
    public NumericTable Table { get; }

    /// <summary>A file of the results folder; null if it is not there.</summary>
    /// <param name="name">File name, such as fig2-full.csv.</param>
    /// <exception cref="DataFileException">It is there and cannot be read.</exception>
    public static StoredResults? Find(string name)
    {
        string path = Path.Combine(Paths.Results, name);
        return File.Exists(path) ? Read(path) : null;
    }

    /// <summary>Reads such a file from anywhere.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFileException">A row is incomplete or a value is no finite number.</exception>
    public static StoredResults Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        int start = Array.FindIndex(lines, l => l.Length > 0 && l[0] != '#');
        if (start < 0) throw new DataFileException(path, "the file holds no rows", "Let the command named in its first lines run to its end.");
        string[] columns = lines[start].Split(',', StringSplitOptions.TrimEntries);
        if (columns.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1 || g.Key.Length == 0) is { } twice)
            throw new DataFileException(path, twice.Key.Length == 0 ? "a column has no name" : "a column name repeats", "Repeat the run: the file was cut off or edited.", start + 1, twice.Key);
        var values = new List<double>();
        for (int i = start + 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#') continue;
            string[] cells = lines[i].Split(',', StringSplitOptions.TrimEntries);
            if (cells.Length != columns.Length)
                throw new DataFileException(path, $"the row has {cells.Length} cells where the header has {columns.Length}", "Repeat the run: the file was cut off or edited.", i + 1, null, lines[i]);
            for (int c = 0; c < cells.Length; c++)
            {
                if (!double.TryParse(cells[c], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
                    throw new DataFileException(path, "the value is not a finite number", "Repeat the run: the file was cut off or edited.", i + 1, columns[c], cells[c]);
                values.Add(value);
            }
        }

        return new([.. lines.Where(l => l.StartsWith('#')).Select(l => l.TrimStart('#').Trim())], new(columns, [.. values]));
    }
}
