using System.Globalization;
using System.Text;

namespace ResearchKit.Cli;

/// <summary>Copies the chosen rows of a CSV file as they stand there, going to each by its place: no pass over the file.</summary>
internal static class CsvRowCopier
{
    /// <param name="request">Input and output.</param>
    /// <param name="shape">The input's layout.</param>
    /// <param name="rows">Data rows, ascending.</param>
    /// <param name="weights">One weight per row.</param>
    /// <param name="places">Where rows are found.</param>
    public static AddedColumns Write(CompressRequest request, CsvShape shape, long[] rows, double[] weights, RowPlaces places)
    {
        AddedColumns names = AddedColumns.Beside(shape.Names);
        OutputFolder.WriteAtomically(request.Output, stream =>
        {
            using var bytes = new CsvByteReader(request.Input, shape.Delimiter);
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
            char d = shape.Delimiter;
            string? header = shape.HasHeader ? bytes.ReadRecord(out _) : string.Join(d, shape.Names);
            writer.Write($"{header}{d}{names.Row}{d}{names.Weight}\n");
            long at = 0;
            for (int i = 0; i < rows.Length; i++)
            {
                RowPlace place = places.Before(rows[i]);
                if (i == 0 || place.Row > at)
                {
                    bytes.Seek(place.Offset, place.Line);
                    at = place.Row;
                }
                string? record = null;
                for (; at <= rows[i]; at++)
                    record = bytes.ReadRecord(out _) ?? throw new InvalidDataException($"'{request.Input}' changed while it was compressed: row {rows[i]} is gone.");
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{record}{d}{rows[i]}{d}{weights[i]:R}\n"));
            }
        });
        return names;
    }
}
