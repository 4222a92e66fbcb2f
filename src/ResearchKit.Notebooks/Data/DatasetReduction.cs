using System.Text.Json.Nodes;
using Microsoft.Data.Analysis;
using ResearchKit.Datasets;
using ResearchKit.Networks;

namespace ResearchKit.Notebooks;

/// <summary>
/// Reduces tables to weighted rows, with columns by name: the way to <see cref="DatasetCompressor"/> from data frames, CSV and
/// Parquet files.
/// </summary>
public static class DatasetReduction
{
    /// <summary>Reduces a table.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="label">The column of labels (numbers) or classes (any distinct numbers).</param>
    /// <param name="options">Task, budget or tolerance, feature maps.</param>
    /// <param name="features">The columns of features; all but label and weights when null.</param>
    /// <param name="weights">A column of nonnegative weights; 1 each when null.</param>
    /// <exception cref="ArgumentException">There is no such column, one is named twice, or the options are refused.</exception>
    public static ReducedTable Compress(NumericTable table, string label, DatasetOptions options, IReadOnlyList<string>? features = null, string? weights = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(label);
        string[] special = weights is null ? [label] : [label, weights];
        string[] names = features is null ? [.. table.Columns.Where(c => !special.Contains(c))] : [.. features];
        if (names.Length == 0)
            throw new ArgumentException($"There is no feature: the table has no column but {string.Join(" and ", special.Select(s => $"'{s}'"))}.", nameof(features));
        if (names.Concat(special).GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The column '{twice.Key}' is named twice, among features, label and weights; name each once.", nameof(features));
        double[] y = table.Column(label), x = table.Select(names).RowMajor;
        var samples = new Samples(x, y, names.Length, 1, weights is null ? null : table.Column(weights));
        return new ReducedTable(DatasetCompressor.Compress(samples, options), names, label, table.SourceRows, table.Findings);
    }

    /// <summary>Reduces a data frame.</summary>
    /// <param name="frame">The rows.</param>
    /// <param name="label">The column of labels or classes.</param>
    /// <param name="options">Task, budget or tolerance, feature maps.</param>
    /// <param name="data">What to do with missing values and text; anything but clean numbers is refused when null.</param>
    /// <param name="features">The columns of features; all but label and weights when null.</param>
    /// <param name="weights">A column of nonnegative weights; 1 each when null.</param>
    /// <exception cref="DataFileException">The policies refuse the frame.</exception>
    public static ReducedTable Compress(DataFrame frame, string label, DatasetOptions options, DataOptions? data = null, IReadOnlyList<string>? features = null, string? weights = null)
        => Compress(NumericTable.FromDataFrame(frame, Wanted(data, label, features, weights)), label, options, features, weights);

    /// <summary>Reduces a .csv or .parquet file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="label">The column of labels or classes.</param>
    /// <param name="options">Task, budget or tolerance, feature maps.</param>
    /// <param name="data">What to do with missing values and text; anything but clean numbers is refused when null.</param>
    /// <param name="features">The columns of features; all but label and weights when null.</param>
    /// <param name="weights">A column of nonnegative weights; 1 each when null.</param>
    /// <exception cref="DataFileException">The file cannot be read as the options ask.</exception>
    public static ReducedTable CompressFile(string path, string label, DatasetOptions options, DataOptions? data = null, IReadOnlyList<string>? features = null, string? weights = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Compress(DataFile.Read(path, Wanted(data, label, features, weights), options.CancellationToken), label, options, features, weights);
    }

    /// <summary>Only the columns that are asked for are looked at: what the others hold must not matter.</summary>
    private static DataOptions Wanted(DataOptions? data, string label, IReadOnlyList<string>? features, string? weights)
    {
        data ??= DataOptions.Default;
        if (features is null || data.Columns is not null) return data;
        return data with { Columns = [.. features, label, .. weights is null ? Array.Empty<string>() : [weights]] };
    }
}

/// <summary>A reduced table: kept rows with row number and weight, for any tool, and the certificate.</summary>
public sealed class ReducedTable
{
    /// <summary>Name of the column of row numbers.</summary>
    public const string RowColumn = "row";

    private readonly IReadOnlyList<string> findings;

    internal ReducedTable(CompressedDataset result, string[] features, string label, IReadOnlyList<int>? sourceRows, IReadOnlyList<string> findings)
    {
        (Result, Label, Features, this.findings) = (result, label, features, findings);
        string[] columns = [.. features, label, Free(RowColumn)];
        int n = features.Length, width = columns.Length;
        var rows = new double[result.Count * width];
        for (int i = 0; i < result.Count; i++)
        {
            result.Samples.Inputs.Slice(i * n, n).CopyTo(rows.AsSpan(i * width));
            rows[i * width + n] = result.Labels[i];
            rows[i * width + n + 1] = sourceRows is null ? result.Indices[i] : sourceRows[result.Indices[i]];
        }
        Rows = new NumericTable(columns, rows, findings);

        string Free(string name) => features.Contains(name) || label == name ? Free(name + "_number") : name;
    }

    /// <summary>Indices, weights and samples for training.</summary>
    public CompressedDataset Result { get; }

    /// <summary>The feature columns.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>The label's column.</summary>
    public string Label { get; }

    /// <summary>Features, label and the number of the row in what was read, from 0, rows that were left out included.</summary>
    public NumericTable Rows { get; }

    /// <summary>The same with the column "weight".</summary>
    public DataFrame ToDataFrame()
    {
        DataFrame frame = Rows.ToDataFrame();
        frame.Columns.Add(new DoubleDataFrameColumn(DataFile.WeightColumn, Result.Weights.ToArray()));
        return frame;
    }

    /// <summary>The certificate, with the columns and what reading had to decide.</summary>
    public JsonObject CertificateNode() => new()
    {
        ["features"] = new JsonArray([.. Features.Select(f => (JsonNode)f)]),
        ["label"] = Label,
        ["findings"] = new JsonArray([.. findings.Select(f => (JsonNode)f)]),
        ["certificate"] = CertificateJson.Of(Result.Certificate),
    };

    /// <summary>Writes rows and weights (.csv or .parquet), and the certificate beside them under the same name with .json.</summary>
    /// <param name="path">The table's file; its folder is made.</param>
    /// <exception cref="DataFileException">Another extension, a feature called "weight", or the disk refuses.</exception>
    public void Write(string path)
    {
        DataFile.Write(path, Rows, Result.Weights.ToArray());
        string certificate = Path.ChangeExtension(path, ".json");
        try
        {
            SafeFile.Write(certificate, CertificateNode().ToJsonString(CertificateJson.Options) + "\n");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new DataFileException(certificate, "the file cannot be written (" + e.Message.TrimEnd('.') + ")", "Check the folder's permissions and the free space; no partial file was left.", inner: e);
        }
    }
}
