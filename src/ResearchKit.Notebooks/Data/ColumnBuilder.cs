using System.Globalization;
using System.Text;

namespace ResearchKit.Notebooks;

/// <summary>Collects one column's cells and remembers what was not a number. Rows count from 1.</summary>
internal sealed class ColumnBuilder(string file, string name)
{
    private double[] _values = new double[256];

    public string Name { get; } = name;
    public int Count { get; private set; }

    /// <summary>Cells that were numbers.</summary>
    public int Numbers { get; private set; }
    public int Missing { get; private set; }
    public long FirstMissingRow { get; private set; }
    public long FirstMissingLine { get; private set; }
    public int Texts { get; private set; }
    public long FirstTextRow { get; private set; }
    public long FirstTextLine { get; private set; }
    public string FirstText { get; private set; } = "";
    public double Sum { get; private set; }

    /// <summary>The value of a row; NaN where it is missing or text.</summary>
    public double this[int row] => _values[row];

    public double Mean => Sum / Numbers;

    /// <summary>A cell as it stands in a text file, in UTF-8.</summary>
    /// <exception cref="DataFileException">The cell says infinity.</exception>
    public void Add(ReadOnlySpan<byte> cell, long line)
    {
        cell = cell.Trim((byte)' ');
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
            Number(value);
        else if (IsMissing(cell))
            Absent(line);
        else if (IsInfinite(cell))
            throw Infinite(Encoding.UTF8.GetString(cell), line);
        else
            Text(Encoding.UTF8.GetString(cell), line);
    }

    /// <summary>A cell as a typed file holds it; rows stand for lines.</summary>
    public void Add(object? cell, long row)
    {
        switch (cell)
        {
            case null: Absent(row); break;
            case bool b: Number(b ? 1 : 0); break;
            case string or char or DateTime or DateTimeOffset or TimeSpan or DateOnly or TimeOnly or Guid: Text(Convert.ToString(cell, CultureInfo.InvariantCulture)!, row); break;
            case IConvertible number: Add(number.ToDouble(CultureInfo.InvariantCulture), row); break;
            default: Text(cell.ToString() ?? cell.GetType().Name, row); break;
        }
    }

    public void Add(double value, long row)
    {
        if (double.IsFinite(value)) Number(value);
        else if (double.IsNaN(value)) Absent(row);
        else throw Infinite(value > 0 ? "Infinity" : "-Infinity", row);
    }

    public void Absent(long line)
    {
        if (Missing++ == 0) (FirstMissingRow, FirstMissingLine) = (Count + 1, line);
        Push(double.NaN);
    }

    public void Text(string text, long line)
    {
        if (Texts++ == 0) (FirstTextRow, FirstTextLine, FirstText) = (Count + 1, line, text);
        Push(double.NaN);
    }

    private void Number(double value)
    {
        Numbers++;
        Sum += value;
        Push(value);
    }

    private void Push(double value)
    {
        if (Count == _values.Length) Array.Resize(ref _values, checked(Count * 2));
        _values[Count++] = value;
    }

    private DataFileException Infinite(string text, long line) =>
        new(file, "infinity is no coordinate", "Replace the cell or leave out its row or column.", line, Name, text);

    private static bool IsMissing(ReadOnlySpan<byte> cell) =>
        cell.IsEmpty || Is(cell, "na") || Is(cell, "nan") || Is(cell, "null") || Is(cell, "n/a") || Is(cell, "-nan") || Is(cell, "?");

    private static bool IsInfinite(ReadOnlySpan<byte> cell)
    {
        ReadOnlySpan<byte> word = cell[0] is (byte)'-' or (byte)'+' ? cell[1..] : cell;
        // A number beyond the range of double parses as infinity.
        return Is(word, "inf") || Is(word, "infinity") || double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
    }

    private static bool Is(ReadOnlySpan<byte> cell, string word) => Ascii.EqualsIgnoreCase(cell, word);
}
