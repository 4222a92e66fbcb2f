namespace ResearchKit.Cli;

/// <summary>Where a record is found again: the data row, its place in bytes, and its line.</summary>
internal readonly record struct RowPlace(long Row, long Offset, long Line);

/// <summary>
/// The places of every so many rows of a file: chosen rows are found again without a pass over all. When they get too many,
/// every second is dropped. Written by the reading thread while another may look.
/// </summary>
internal sealed class RowPlaces
{
    private const int Most = 1 << 17;

    private readonly Lock gate = new();
    private readonly List<RowPlace> places = [];
    private long stride = 64;

    /// <summary>Notes a row where it is one of those.</summary>
    public void Note(long row, long offset, long line)
    {
        if (row % stride != 0) return;
        lock (gate)
        {
            if (places.Count > 0 && places[^1].Row >= row) return;
            places.Add(new RowPlace(row, offset, line));
            if (places.Count < Most) return;
            stride *= 2;
            places.RemoveAll(p => p.Row % stride != 0);
        }
    }

    /// <summary>The last noted row at or before one; the first row is always noted.</summary>
    public RowPlace Before(long row)
    {
        lock (gate)
        {
            int low = 0, high = places.Count;
            while (high - low > 1)
            {
                int middle = (low + high) / 2;
                if (places[middle].Row <= row) low = middle;
                else high = middle;
            }
            return places[low];
        }
    }

    public void Write(BinaryWriter writer)
    {
        lock (gate)
        {
            writer.Write(stride);
            writer.Write(places.Count);
            foreach (RowPlace p in places)
            {
                writer.Write(p.Row);
                writer.Write(p.Offset);
                writer.Write(p.Line);
            }
        }
    }

    public static RowPlaces Read(BinaryReader reader)
    {
        var result = new RowPlaces { stride = reader.ReadInt64() };
        for (int left = reader.ReadInt32(); left > 0; left--) result.places.Add(new RowPlace(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64()));
        return result;
    }
}
