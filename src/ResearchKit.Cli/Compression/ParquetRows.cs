using Parquet;
using Parquet.Schema;
using ResearchKit.Notebooks;

namespace ResearchKit.Cli;

/// <summary>Copies selected rows of a Parquet file with all columns and their types, and adds the columns row and weight.</summary>
internal static class ParquetRows
{
    /// <summary>A column's selected values, and how to write them.</summary>
    private sealed record Column(DataField Field, Array Values, Func<ParquetRowGroupWriter, Task> Write);

    /// <param name="input">The original file.</param>
    /// <param name="output">Where to write.</param>
    /// <param name="rows">0-based rows of the original, ascending.</param>
    /// <param name="weights">One weight per row.</param>
    /// <param name="names">Names of the added columns.</param>
    public static async Task CopyAsync(string input, Stream output, int[] rows, double[] weights, AddedColumns names)
    {
        List<Column> columns = await ReadAsync(input, rows);
        columns.Add(Plain(names.Row, rows));
        columns.Add(Plain(names.Weight, weights));
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(c => (Field)c.Field)), output);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach (Column c in columns) await c.Write(group);
    }

    /// <summary>Rows as text, for a CSV of a Parquet file: header names and one array of cells per column.</summary>
    /// <param name="input">The file.</param>
    /// <param name="rows">0-based rows, ascending; null for all.</param>
    public static async Task<(string[] Names, string[][] Cells)> ReadTextAsync(string input, int[]? rows)
    {
        if (rows is null)
        {
            await using ParquetReader reader = await ParquetFile.OpenAsync(input);
            rows = [.. Enumerable.Range(0, checked((int)reader.RowGroups.Sum(g => g.RowCount)))];
        }
        List<Column> columns = await ReadAsync(input, rows);
        return ([.. columns.Select(c => c.Field.Name)], [.. columns.Select(c => c.Values.Cast<object?>().Select(CellText.Of).ToArray())]);
    }

    /// <summary>Names of the columns.</summary>
    public static async Task<string[]> NamesAsync(string input)
    {
        await using ParquetReader reader = await ParquetFile.OpenAsync(input);
        return [.. reader.Schema.Fields.Select(f => f.Name)];
    }

    /// <summary>All columns as numbers, one at a time in memory as its own type.</summary>
    public static async Task<List<RawColumn>> ReadNumbersAsync(string input)
    {
        await using ParquetReader reader = await ParquetFile.OpenAsync(input);
        int[] rows = [.. Enumerable.Range(0, checked((int)reader.RowGroups.Sum(g => g.RowCount)))];
        var result = new List<RawColumn>();
        foreach (Field field in reader.Schema.Fields)
        {
            var raw = new RawColumn(field.Name);
            Array? values = field is DataField { IsArray: false } data ? (await ReadAsync(reader, data, rows)).Values : null;
            for (int i = 0; i < rows.Length; i++) raw.Add(values is null ? $"({field.GetType().Name})" : values.GetValue(i), i);
            result.Add(raw);
        }
        return result;
    }

    private static async Task<List<Column>> ReadAsync(string input, int[] rows)
    {
        await using ParquetReader reader = await ParquetFile.OpenAsync(input);
        var columns = new List<Column>();
        foreach (Field field in reader.Schema.Fields)
        {
            if (field is not DataField { IsArray: false } data)
                throw new CliException($"Column '{field.Name}' of '{input}' is nested; only plain columns can be copied to the output.", "Flatten the file first, or drop that column.");
            columns.Add(await ReadAsync(reader, data, rows));
        }
        return columns;
    }

    private static Task<Column> ReadAsync(ParquetReader reader, DataField field, int[] rows)
    {
        // The library presents text of a file as memory of characters, of a schema made here as string.
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>)) return ReadTextAsync(reader, field, rows);
        if (field.ClrType == typeof(bool)) return ReadAsync<bool>(reader, field, rows);
        if (field.ClrType == typeof(byte)) return ReadAsync<byte>(reader, field, rows);
        if (field.ClrType == typeof(sbyte)) return ReadAsync<sbyte>(reader, field, rows);
        if (field.ClrType == typeof(short)) return ReadAsync<short>(reader, field, rows);
        if (field.ClrType == typeof(ushort)) return ReadAsync<ushort>(reader, field, rows);
        if (field.ClrType == typeof(int)) return ReadAsync<int>(reader, field, rows);
        if (field.ClrType == typeof(uint)) return ReadAsync<uint>(reader, field, rows);
        if (field.ClrType == typeof(long)) return ReadAsync<long>(reader, field, rows);
        if (field.ClrType == typeof(ulong)) return ReadAsync<ulong>(reader, field, rows);
        if (field.ClrType == typeof(float)) return ReadAsync<float>(reader, field, rows);
        if (field.ClrType == typeof(double)) return ReadAsync<double>(reader, field, rows);
        if (field.ClrType == typeof(decimal)) return ReadAsync<decimal>(reader, field, rows);
        if (field.ClrType == typeof(DateTime)) return ReadAsync<DateTime>(reader, field, rows);
        if (field.ClrType == typeof(TimeSpan)) return ReadAsync<TimeSpan>(reader, field, rows);
        if (field.ClrType == typeof(Guid)) return ReadAsync<Guid>(reader, field, rows);
        throw new CliException($"Column '{field.Name}' has the type {field.ClrType.Name}, which cannot be copied to the output.", "Drop that column first.");
    }

    private static async Task<Column> ReadAsync<T>(ParquetReader reader, DataField field, int[] rows)
        where T : struct
    {
        var all = new T?[rows.Length];
        await ForGroupsAsync(reader, rows, async (group, pick) =>
        {
            int count = checked((int)group.RowCount);
            if (field.IsNullable)
            {
                var values = new T?[count];
                await group.ReadAsync<T>(field, values.AsMemory());
                foreach ((int at, int inside) in pick) all[at] = values[inside];
            }
            else
            {
                var values = new T[count];
                await group.ReadAsync<T>(field, values.AsMemory());
                foreach ((int at, int inside) in pick) all[at] = values[inside];
            }
        });
        if (field.IsNullable)
            return new Column(field, all, w => w.WriteAsync<T>(field, new ReadOnlyMemory<T?>(all)));
        T[] plain = [.. all.Select(v => v.GetValueOrDefault())];
        return new Column(field, plain, w => w.WriteAsync<T>(field, new ReadOnlyMemory<T>(plain)));
    }

    private static async Task<Column> ReadTextAsync(ParquetReader reader, DataField field, int[] rows)
    {
        var all = new string?[rows.Length];
        await ForGroupsAsync(reader, rows, async (group, pick) =>
        {
            var values = new string?[checked((int)group.RowCount)];
            await group.ReadAsync(field, values.AsMemory());
            foreach ((int at, int inside) in pick) all[at] = values[inside];
        });
        var text = new DataField<string>(field.Name);
        return new Column(text, all, w => w.WriteAsync(text, all));
    }

    private static async Task ForGroupsAsync(ParquetReader reader, int[] rows, Func<ParquetRowGroupReader, List<(int At, int Inside)>, Task> read)
    {
        long start = 0;
        int at = 0;
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
            var pick = new List<(int, int)>();
            for (; at < rows.Length && rows[at] < start + group.RowCount; at++) pick.Add((at, (int)(rows[at] - start)));
            if (pick.Count > 0) await read(group, pick);
            start += group.RowCount;
        }
    }

    private static Column Plain<T>(string name, T[] values)
        where T : struct
    {
        var field = new DataField<T>(name, nullable: false);
        return new Column(field, values, w => w.WriteAsync<T>(field, new ReadOnlyMemory<T>(values)));
    }
}
