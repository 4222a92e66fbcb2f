using System.Globalization;

namespace ResearchKit.Notebooks;

/// <summary>A data file that cannot be read or written: says where, what, and how to mend it.</summary>
public sealed class DataFileException : IOException
{
    /// <summary>Makes an error; parts that do not apply are null.</summary>
    /// <param name="file">The file as the caller named it.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="remedy">What to do about it.</param>
    /// <param name="line">Line in the file, from 1.</param>
    /// <param name="column">Column name.</param>
    /// <param name="value">The offending value.</param>
    /// <param name="inner">The cause.</param>
    public DataFileException(string file, string problem, string remedy, long? line = null, string? column = null, string? value = null, Exception? inner = null)
        : base(Compose(file, problem, remedy, line, column, value), inner)
    {
        (File, Problem, Remedy, Line, Column, Value) = (file, problem, remedy, line, column, value);
    }

    /// <summary>The file as the caller named it.</summary>
    public string File { get; }

    /// <summary>What is wrong.</summary>
    public string Problem { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }

    /// <summary>Line in the file, from 1.</summary>
    public long? Line { get; }

    /// <summary>Column name.</summary>
    public string? Column { get; }

    /// <summary>The offending value.</summary>
    public string? Value { get; }

    private static string Compose(string file, string problem, string remedy, long? line, string? column, string? value)
    {
        string where = file;
        if (line is long l) where += ", line " + l.ToString(CultureInfo.InvariantCulture);
        if (column is not null) where += $", column '{column}'";
        string what = value is null ? problem : $"{problem}: '{Shorten(value)}'";
        return $"{where}: {what}. {remedy}";
    }

    private static string Shorten(string value) => value.Length <= 60 ? value : value[..57] + "...";
}
