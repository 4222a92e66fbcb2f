using Parquet;
using Parquet.Schema;

namespace ResearchKit.Notebooks;

/// <summary>Apache Parquet: flat columns of any numeric type, read row group by row group.</summary>
internal static class ParquetData
{
    public static NumericTable Read(string path, DataOptions options, CancellationToken cancel)
    {
        try
        {
            // Notebook hosts and test runners may carry a synchronisation context: leave it before blocking.
            return Task.Run(() => ReadAsync(path, options, cancel), cancel).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not (DataFileException or OperationCanceledException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or OutOfMemoryException))
        {
            // The format's library throws many types on broken bytes; all mean the same to the reader.
            throw new DataFileException(path, "this is no readable Parquet file (" + e.Message.TrimEnd('.') + ")", "Write it again, or check that it was copied to its end.", inner: e);
        }
    }

    public static void Write(string path, NumericTable table, IReadOnlyList<double>? weights) =>
        Task.Run(() => WriteAsync(path, table, weights)).GetAwaiter().GetResult();

    private static async Task<NumericTable> ReadAsync(string path, DataOptions options, CancellationToken cancel)
    {
        if (new FileInfo(path) is { Exists: true, Length: 0 }) throw new DataFileException(path, "the file is empty", "Check that it was written to its end.");
        await using ParquetReader reader = await ParquetFile.OpenAsync(path, cancel).ConfigureAwait(false);
        DataField[] fields = reader.Schema.GetDataFields();
        var builder = new TableBuilder(path, [.. fields.Select(f => f.Path.ToString())], options);
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            cancel.ThrowIfCancellationRequested();
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
            foreach (var (index, column) in builder.Wanted) await AddAsync(group, fields[index], column, cancel).ConfigureAwait(false);
        }

        return builder.Finish();
    }

    private static Task AddAsync(ParquetRowGroupReader group, DataField field, ColumnBuilder column, CancellationToken cancel)
    {
        if (field.IsArray || field.MaxRepetitionLevel > 0) return Fill(group, column, $"list of {field.ClrType.Name}");
        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Double => Numbers<double>(group, field, column, cancel),
            TypeCode.Single => Numbers<float>(group, field, column, cancel),
            TypeCode.Int32 => Numbers<int>(group, field, column, cancel),
            TypeCode.Int64 => Numbers<long>(group, field, column, cancel),
            TypeCode.Int16 => Numbers<short>(group, field, column, cancel),
            TypeCode.SByte => Numbers<sbyte>(group, field, column, cancel),
            TypeCode.Byte => Numbers<byte>(group, field, column, cancel),
            TypeCode.UInt16 => Numbers<ushort>(group, field, column, cancel),
            TypeCode.UInt32 => Numbers<uint>(group, field, column, cancel),
            TypeCode.UInt64 => Numbers<ulong>(group, field, column, cancel),
            TypeCode.Decimal => Numbers<decimal>(group, field, column, cancel),
            TypeCode.Boolean => Numbers<bool>(group, field, column, cancel),
            TypeCode.String => Strings(group, field, column, cancel),
            _ => Fill(group, column, field.ClrType.Name),
        };
    }

    private static async Task Numbers<T>(ParquetRowGroupReader group, DataField field, ColumnBuilder column, CancellationToken cancel) where T : struct
    {
        if (field.IsNullable)
        {
            var values = new T?[group.RowCount];
            await group.ReadAsync<T>(field, values.AsMemory(), null, cancel).ConfigureAwait(false);
            foreach (T? v in values) column.Add((object?)v, column.Count + 1);
        }
        else
        {
            var values = new T[group.RowCount];
            await group.ReadAsync<T>(field, values.AsMemory(), null, cancel).ConfigureAwait(false);
            if (values is double[] doubles) foreach (double v in doubles) column.Add(v, column.Count + 1);
            else foreach (T v in values) column.Add((object?)v, column.Count + 1);
        }
    }

    private static async Task Strings(ParquetRowGroupReader group, DataField field, ColumnBuilder column, CancellationToken cancel)
    {
        var values = new string?[group.RowCount];
        await group.ReadAsync(field, values.AsMemory()!, null, cancel).ConfigureAwait(false);
        foreach (string? v in values) column.Add((object?)v, column.Count + 1);
    }

    /// <summary>A type that is no number counts as text, under the type's name.</summary>
    private static Task Fill(ParquetRowGroupReader group, ColumnBuilder column, string type)
    {
        for (long r = 0; r < group.RowCount; r++) column.Text(type, column.Count + 1);
        return Task.CompletedTask;
    }

    private static async Task WriteAsync(string path, NumericTable table, IReadOnlyList<double>? weights)
    {
        DataField[] fields = [.. table.Columns.Concat(weights is null ? [] : [DataFile.WeightColumn]).Select(c => new DataField(c, typeof(double), false))];
        await SafeFile.WriteAsync(path, async stream =>
        {
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).ConfigureAwait(false);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            for (int c = 0; c < fields.Length; c++)
            {
                double[] values = c < table.Columns.Count ? table.Column(table.Columns[c]) : [.. weights!];
                await group.WriteAsync<double>(fields[c], values.AsMemory()).ConfigureAwait(false);
            }

            group.CompleteValidate();
        }).ConfigureAwait(false);
    }
}
