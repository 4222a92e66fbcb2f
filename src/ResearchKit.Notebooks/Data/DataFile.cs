using Microsoft.Data.Analysis;

namespace ResearchKit.Notebooks;

/// <summary>
/// Reads and writes data files: .csv, .parquet, .obj (vertices), .xyz. Nothing is left out or filled in silently:
/// what the options allow is listed in <see cref="NumericTable.Findings"/>, all else is a
/// <see cref="DataFileException"/> that names file, line, column, value and remedy.
/// </summary>
public static class DataFile
{
    /// <summary>Name of the column in which weights are written.</summary>
    public const string WeightColumn = "weight";

    /// <summary>Reads a file by its extension.</summary>
    /// <param name="path">A .csv, .parquet, .obj or .xyz file.</param>
    /// <param name="options">Policies; by default anything but clean numbers is refused.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="DataFileException">The file cannot be read as the options ask.</exception>
    public static NumericTable Read(string path, DataOptions? options = null, CancellationToken cancel = default) => Extension(path) switch
    {
        ".csv" => ReadCsv(path, options, cancel),
        ".parquet" => ReadParquet(path, options, cancel),
        ".obj" => ReadObj(path, options, cancel),
        ".xyz" => ReadXyz(path, options, cancel),
        var other => throw new DataFileException(path, $"files of kind '{other}' are not read", "Use .csv, .parquet, .obj or .xyz, or call ReadCsv and its like for another extension."),
    };

    /// <summary>Reads comma-separated values, whatever the file's extension.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Policies.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="DataFileException">The file cannot be read as the options ask.</exception>
    public static NumericTable ReadCsv(string path, DataOptions? options = null, CancellationToken cancel = default) =>
        Reading(path, () => CsvData.Read(path, options ?? DataOptions.Default, cancel));

    /// <summary>Reads a Parquet file, whatever its extension.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Policies.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="DataFileException">The file cannot be read as the options ask.</exception>
    public static NumericTable ReadParquet(string path, DataOptions? options = null, CancellationToken cancel = default) =>
        Reading(path, () => ParquetData.Read(path, options ?? DataOptions.Default, cancel));

    /// <summary>Reads the vertices of a Wavefront file as columns x, y, z.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Policies.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="DataFileException">The file cannot be read as the options ask.</exception>
    public static NumericTable ReadObj(string path, DataOptions? options = null, CancellationToken cancel = default) =>
        Reading(path, () => PointData.ReadObj(path, options ?? DataOptions.Default, cancel));

    /// <summary>Reads points between blanks as columns x, y, z and c4, c5, ... for what follows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Policies.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="DataFileException">The file cannot be read as the options ask.</exception>
    public static NumericTable ReadXyz(string path, DataOptions? options = null, CancellationToken cancel = default) =>
        Reading(path, () => PointData.ReadXyz(path, options ?? DataOptions.Default, cancel));

    /// <summary>Writes a table by the path's extension, .csv or .parquet. The file appears whole or not at all.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="table">The rows.</param>
    /// <param name="weights">One weight a row, written as column "weight"; none if null.</param>
    /// <exception cref="DataFileException">The extension is another, the table has a column "weight" already, or the disk refuses.</exception>
    /// <exception cref="ArgumentException">There are more or fewer weights than rows.</exception>
    public static void Write(string path, NumericTable table, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (weights is not null && weights.Count != table.Rows)
            throw new ArgumentException($"{weights.Count} weights for {table.Rows} rows: give one each.", nameof(weights));
        if (weights is not null && table.Columns.Contains(WeightColumn))
            throw new DataFileException(path, "the table has a column of this name already", "Rename it, or write without weights.", column: WeightColumn);
        Action write = Extension(path) switch
        {
            ".csv" => () => CsvData.Write(path, table, weights),
            ".parquet" => () => ParquetData.Write(path, table, weights),
            var other => throw new DataFileException(path, $"files of kind '{other}' are not written", "Use .csv or .parquet."),
        };
        try
        {
            write();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not DataFileException)
        {
            throw new DataFileException(path, "the file cannot be written (" + e.Message.TrimEnd('.') + ")", "Check the folder's permissions and the free space; no partial file was left.", inner: e);
        }
    }

    /// <summary>Writes the numeric columns of a data frame.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="frame">The rows.</param>
    /// <param name="weights">One weight a row.</param>
    /// <exception cref="DataFileException">As for the other overload, or the frame holds missing values or text.</exception>
    public static void Write(string path, DataFrame frame, IReadOnlyList<double>? weights = null) =>
        Write(path, NumericTable.FromDataFrame(frame), weights);

    private static string Extension(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Path.GetExtension(path).ToLowerInvariant();
    }

    private static NumericTable Reading(string path, Func<NumericTable> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Directory.Exists(path)) throw new DataFileException(path, "this is a folder", "Name a file in it.");
        if (!File.Exists(path)) throw new DataFileException(path, "there is no such file", "Check the name and the folder that it is relative to.");
        try
        {
            return read();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not DataFileException)
        {
            throw new DataFileException(path, "the file cannot be read (" + e.Message.TrimEnd('.') + ")", "Check its permissions and whether another program holds it open.", inner: e);
        }
    }
}
