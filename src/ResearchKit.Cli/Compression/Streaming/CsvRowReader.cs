using System.Buffers;
using System.Globalization;

namespace ResearchKit.Cli;

/// <summary>
/// The chosen columns of a CSV file as blocks of numbers. Rows of plain numbers are read from the bytes directly; any other
/// row (quotes, gaps, words, other line ends) goes the way of the text reader, so both give the same doubles.
/// </summary>
internal sealed class CsvRowReader : IDisposable
{
    private readonly CompressRequest request;
    private readonly CsvShape shape;
    private readonly string[] names;
    private readonly CsvByteReader bytes;
    private readonly RowPlaces places;
    private readonly int[] use;
    private readonly double[] values;
    private readonly byte delimiter;
    private readonly SearchValues<byte> stops;
    private readonly bool weighted;
    private long row;

    /// <param name="request">What was asked for.</param>
    /// <param name="shape">The file's layout.</param>
    /// <param name="names">The coordinates, in order.</param>
    /// <param name="places">Receives the places of rows; those of an interrupted run let this one go on.</param>
    /// <param name="start">The first row to read.</param>
    public CsvRowReader(CompressRequest request, CsvShape shape, IReadOnlyList<string> names, RowPlaces places, long start = 0)
    {
        (this.request, this.shape, this.names, this.places) = (request, shape, [.. names], places);
        delimiter = (byte)shape.Delimiter;
        stops = SearchValues.Create(delimiter, (byte)'\n', (byte)'\r', (byte)'"');
        weighted = request.WeightColumn is not null;
        bytes = new CsvByteReader(request.Input, shape.Delimiter);
        // The weight stands behind the coordinates; -1 marks columns that nobody asks for.
        use = [.. shape.Names.Select(n => n == request.WeightColumn ? names.Count : Array.IndexOf(this.names, n))];
        values = new double[names.Count + 1];
        values[^1] = 1;
        if (start > 0)
        {
            RowPlace place = places.Before(start);
            bytes.Seek(place.Offset, place.Line);
            for (row = place.Row; row < start; row++) bytes.ReadRecord(out _);
        }
        else if (shape.HasHeader) bytes.ReadRecord(out _);
    }

    /// <summary>Fills a block; false when the file has no more rows.</summary>
    public bool Read(RowBlock block, CancellationToken cancellation)
    {
        block.Start(row);
        while (block.Count < block.Capacity)
        {
            if ((row & 4095) == 0) cancellation.ThrowIfCancellationRequested();
            long offset = bytes.Offset, line = bytes.Line;
            if (!TryPlain() && !ReadText()) break;
            places.Note(row, offset, line);
            Take(block);
            row++;
        }
        block.End = bytes.Offset;
        return block.Count > 0;
    }

    public void Dispose() => bytes.Dispose();

    /// <summary>A row of plain numbers, where all of it is in the window.</summary>
    private bool TryPlain()
    {
        ReadOnlySpan<byte> window = bytes.Window;
        int at = 0;
        for (int c = 0; c < use.Length; c++)
        {
            if (use[c] < 0)
            {
                int stop = window[at..].IndexOfAny(stops);
                if (stop < 0) return Again();
                at += stop;
            }
            else
            {
                while (at < window.Length && window[at] == ' ') at++;
                if (!DecimalParser.TryRead(window, ref at, out values[use[c]])) return at >= window.Length - 32 && Again();
                while (at < window.Length && window[at] == ' ') at++;
            }
            if (at >= window.Length) return Again();
            if (c < use.Length - 1 && window[at++] != delimiter) return false;
        }
        if (window[at] == '\r')
        {
            if (at + 1 >= window.Length) return Again();
            at++;
        }
        if (window[at] != '\n') return false;
        bytes.Consume(at + 1, 1);
        return true;

        // A window that ends within the row; at the end of the file, the text reader takes the rest.
        bool Again() => bytes.Refill() && TryPlain();
    }

    private bool ReadText()
    {
        if (bytes.ReadRecord(out long line) is not { } text) return false;
        string[] fields = CsvRecords.Split(text, shape.Delimiter);
        if (fields.Length != use.Length)
            throw new CliException($"'{request.Input}' line {line}: {fields.Length} fields, but the {(shape.HasHeader ? "header" : "first line")} has {use.Length}.",
                $"Mend the line; fields that contain '{shape.Delimiter}' need quotes.");
        for (int c = 0; c < use.Length; c++)
        {
            if (use[c] < 0 || RawColumn.TryRead(fields[c], out values[use[c]])) continue;
            if (use[c] == names.Length) values[use[c]] = double.NaN;
            else throw new CliException($"Column '{names[use[c]]}' holds '{fields[c].Trim()}' in row {row}, which is no number.",
                "Mend the cell, leave it empty and choose --missing drop, or leave the column out of --columns.");
        }
        return true;
    }

    /// <summary>Applies the policies to the row in <see cref="values"/>.</summary>
    private void Take(RowBlock block)
    {
        double w = values[^1];
        if (!(w >= 0) || double.IsInfinity(w))
            throw new CliException($"--weight-column '{request.WeightColumn}': row {row} {(double.IsNaN(w) ? "has no number" : $"has {w.ToString("R", CultureInfo.InvariantCulture)}")}; weights must be finite and not negative.",
                "Mend or remove that row; compress positive and negative weights as two files.");
        bool gap = false;
        Span<double> next = block.Next;
        for (int j = 0; j < next.Length; j++)
        {
            double x = next[j] = values[j];
            if (double.IsFinite(x)) continue;
            if (double.IsInfinity(x))
                throw new CliException($"Column '{names[j]}' holds {x.ToString(CultureInfo.InvariantCulture)} in row {row}; coordinates must be finite.", "Mend or remove that row.");
            if (request.Missing == MissingChoice.Error)
                throw new CliException($"Column '{names[j]}': the cell of row {row} is missing.", "--missing drop leaves such rows out; --columns can leave the column out; --missing mean needs --stream never.");
            block.Missing.Add((row, j));
            gap = true;
        }
        if (gap) block.PushNothing();
        else block.Push(w);
    }
}
