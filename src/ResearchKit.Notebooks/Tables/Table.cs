using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Analysis;

namespace ResearchKit.Notebooks;

/// <summary>
/// A data frame with manners: significant digits, powers of ten, aligned columns, verdicts in words and colour, a row
/// limit that says what it hides. Every method returns a new table; the frame is shared and not changed.
/// </summary>
/// <example>
/// <code>
/// Table.Of(("m", m), ("error", error), ("bound", bound))
///     .Digits(3).Verdict("error", e => e &lt; 1e-8).Caption("d = 10 000, k = 5.");
/// </code>
/// </example>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed partial class Table : INotebookHtml
{
    private readonly ImmutableDictionary<string, int> _digits;
    private readonly ImmutableDictionary<string, Func<object, bool>> _verdicts;
    private readonly int _defaultDigits, _limit;
    private readonly string _caption;

    /// <summary>Wraps a data frame.</summary>
    /// <param name="frame">Any data frame.</param>
    public Table(DataFrame frame)
        : this(frame ?? throw new ArgumentNullException(nameof(frame)), ImmutableDictionary<string, int>.Empty, ImmutableDictionary<string, Func<object, bool>>.Empty, 4, 30, "")
    {
    }

    private Table(DataFrame frame, ImmutableDictionary<string, int> digits, ImmutableDictionary<string, Func<object, bool>> verdicts, int defaultDigits, int limit, string caption) =>
        (Frame, _digits, _verdicts, _defaultDigits, _limit, _caption) = (frame, digits, verdicts, defaultDigits, limit, caption);

    /// <summary>The values.</summary>
    public DataFrame Frame { get; }

    /// <summary>Makes a table from named columns of one length.</summary>
    /// <param name="columns">Name and values: whole numbers, floating point numbers, booleans, or anything with a text.</param>
    /// <exception cref="ArgumentException">Names repeat or lengths differ; the message lists them.</exception>
    public static Table Of(params (string Name, IEnumerable Values)[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Length == 0) throw new ArgumentException("A table needs at least one column.", nameof(columns));
        var made = columns.Select(c => Column(c.Name, [.. (c.Values ?? throw new ArgumentException($"Column '{c.Name}' is null.")).Cast<object?>()])).ToList();
        if (made.Any(c => c.Length != made[0].Length))
            throw new ArgumentException($"Columns have different lengths: {string.Join(", ", made.Select(c => $"'{c.Name}' has {c.Length}"))}.", nameof(columns));
        if (made.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two columns are named '{twice.Key}'.", nameof(columns));
        return new(new DataFrame(made));
    }

    /// <summary>Makes a table from records: one column for each public property, in the order declared.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <param name="rows">The rows.</param>
    public static Table From<T>(IEnumerable<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        T[] all = [.. rows];
        return Of([.. typeof(T).GetProperties().Where(p => p.CanRead && p.GetIndexParameters().Length == 0)
            .Select(p => (p.Name, (IEnumerable)all.Select(r => p.GetValue(r)).ToArray()))]);
    }

    /// <summary>Makes a table from numeric data.</summary>
    /// <param name="data">The data.</param>
    public static Table From(NumericTable data) => new((data ?? throw new ArgumentNullException(nameof(data))).ToDataFrame());

    /// <summary>Sets the significant digits of all numbers (4 unless set).</summary>
    /// <param name="digits">1 to 17.</param>
    public Table Digits(int digits) => new(Frame, _digits, _verdicts, Checked(digits), _limit, _caption);

    /// <summary>Sets the significant digits of one column.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="digits">1 to 17.</param>
    public Table Digits(string column, int digits) => new(Frame, _digits.SetItem(Existing(column), Checked(digits)), _verdicts, _defaultDigits, _limit, _caption);

    /// <summary>Shows a column of booleans as pass or fail, in words, sign and colour.</summary>
    /// <param name="column">Its name.</param>
    public Table Verdict(string column) => new(Frame, _digits, _verdicts.SetItem(Existing(column), v => v is true), _defaultDigits, _limit, _caption);

    /// <summary>Marks each number of a column as passed or failed.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="passes">What a number must be.</param>
    public Table Verdict(string column, Func<double, bool> passes)
    {
        ArgumentNullException.ThrowIfNull(passes);
        return new(Frame, _digits, _verdicts.SetItem(Existing(column), v => passes(Convert.ToDouble(v, CultureInfo.InvariantCulture))), _defaultDigits, _limit, _caption);
    }

    /// <summary>Sets how many rows are shown (30 unless set); the table says how many it hides.</summary>
    /// <param name="count">At least 1.</param>
    public Table Limit(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(Frame, _digits, _verdicts, _defaultDigits, count, _caption);
    }

    /// <summary>Sets the text under the table.</summary>
    /// <param name="text">One or two sentences.</param>
    public Table Caption(string text) => new(Frame, _digits, _verdicts, _defaultDigits, _limit, text ?? "");

    private static DataFrameColumn Column(string name, object?[] values)
    {
        object? sample = Array.Find(values, v => v is not null);
        bool All<T>() => sample is T && Array.TrueForAll(values, v => v is null or T);
        if (All<bool>()) return new BooleanDataFrameColumn(name, values.Select(v => (bool?)v));
        if (All<int>()) return new Int32DataFrameColumn(name, values.Select(v => (int?)v));
        if (All<double>()) return new DoubleDataFrameColumn(name, values.Select(v => (double?)v));
        if (sample is not null && Array.TrueForAll(values, v => v is null or sbyte or byte or short or ushort or int or uint or long))
            return new Int64DataFrameColumn(name, values.Select(v => v is null ? null : (long?)Convert.ToInt64(v, CultureInfo.InvariantCulture)));
        if (sample is not null && Array.TrueForAll(values, v => v is null || IsNumber(v)))
            return new DoubleDataFrameColumn(name, values.Select(v => v is null ? null : (double?)Convert.ToDouble(v, CultureInfo.InvariantCulture)));
        return new StringDataFrameColumn(name, values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)));
    }

    private static bool IsNumber(object value) => value is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal;

    private static int Checked(int digits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 17);
        return digits;
    }

    private string Existing(string column) => Frame.Columns.Any(c => c.Name == column) ? column
        : throw new ArgumentException($"There is no column '{column}'; there are {string.Join(", ", Frame.Columns.Select(c => $"'{c.Name}'"))}.", nameof(column));
}
