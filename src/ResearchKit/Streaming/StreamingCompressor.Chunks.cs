using System.Diagnostics;

namespace ResearchKit;

/// <content>Filling, compressing and merging.</content>
public sealed partial class StreamingCompressor
{
    private void Take(ReadOnlySpan<double> coordinates, ReadOnlySpan<double> given)
    {
        // What a cancelled call has left to do.
        Settle();
        int count = coordinates.Length / dimension;
        for (int i = 0; i < count;)
        {
            int size = Math.Min(count - i, ChunkSize - buffered);
            Reserve(buffered + size);
            for (int end = i + size; i < end; i++, Count++)
            {
                double w = given.IsEmpty ? 1.0 : given[i];
                // Without weight there is no moment to keep.
                if (w == 0) continue;
                coordinates.Slice(i * dimension, dimension).CopyTo(rows.AsSpan(buffered * dimension));
                weights[buffered] = w;
                indices[buffered++] = Count;
            }
            Settle();
        }
    }

    /// <summary>Compresses a full chunk and merges full levels. Each step is done or not: a cancelled one is repeated by the next call.</summary>
    private void Settle()
    {
        if (buffered == ChunkSize) CompressChunk();
        for (int level = 0; level < levels.Count; level++)
            if (levels[level].Count == Fan) Merge(level);
    }

    private void CompressChunk()
    {
        long start = Stopwatch.GetTimestamp();
        int threads = options.Compression.MaxDegreeOfParallelism;
        WeightedPoints chunk = Points(rows.Length == buffered * dimension ? rows : rows[..(buffered * dimension)], weights[..buffered]);
        if (chunks == 0) RequireBudget(chunk);
        CompressedSet result = Compressor.Compress(chunk, intermediate);
        moments.Add(rows.AsMemory(0, buffered * dimension), Weights(weights.AsMemory(0, buffered)), threads);
        Push(0, StreamedRows.Of(result, rows, indices, dimension), result.Certificate);
        buffered = 0;
        chunks++;
        Done(start);
    }

    private void Merge(int level)
    {
        long start = Stopwatch.GetTimestamp();
        StreamedRows all = StreamedRows.Concat(levels[level]);
        CompressedSet result = Compressor.Compress(Points(all.Rows, all.Weights), intermediate);
        levels[level].Clear();
        Push(level + 1, StreamedRows.Of(result, all.Rows, all.Indices, dimension), result.Certificate);
        merges++;
        Done(start);
    }

    private void Push(int level, StreamedRows set, Certificate certificate)
    {
        if (levels.Count == level) levels.Add([]);
        levels[level].Add(set);
        cellResidual = Math.Max(cellResidual, certificate.MaxMomentResidual);
    }

    private void Done(long start)
    {
        seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        options.Progress?.Report(Progress);
    }

    /// <summary>A budget below N may hold the moments of objects on an algebraic set; where it does not, the first chunk already tells.</summary>
    private void RequireBudget(WeightedPoints chunk)
    {
        if (options.Compression.RequireBudget() < space.Count)
            Compressor.Compress(chunk, intermediate with { Budget = options.Compression.Budget });
    }

    private WeightedPoints Points(double[] coordinates, double[] given)
        => new(coordinates, dimension, AllOnes(given) ? null : given);

    /// <summary>No array for weights that are all 1: what a caller says by leaving them out must give the same bits.</summary>
    private static ReadOnlyMemory<double> Weights(ReadOnlyMemory<double> given) => AllOnes(given.Span) ? default : given;

    private static bool AllOnes(ReadOnlySpan<double> given) => !given.ContainsAnyExcept(1.0);

    private void Reserve(int objects)
    {
        if (objects <= indices.Length) return;
        int capacity = (int)Math.Min(ChunkSize, Math.Max(objects, 2L * indices.Length));
        Array.Resize(ref rows, capacity * dimension);
        Array.Resize(ref weights, capacity);
        Array.Resize(ref indices, capacity);
    }
}
