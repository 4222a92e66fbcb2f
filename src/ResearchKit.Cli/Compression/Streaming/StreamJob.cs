using System.Diagnostics;
using System.Threading.Channels;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`compress` of a CSV file that need not fit into memory: one thread reads ahead while the others compress.</summary>
internal sealed class StreamJob
{
    private const int HeadRows = 1 << 16;
    private const int BlockRows = 1 << 15;

    private readonly CliContext context;
    private readonly CompressRequest request;
    private readonly CsvShape shape;
    private readonly SourceData head;
    private readonly StreamingOptions options;
    private readonly StreamState state;
    private readonly StreamTally tally;
    private readonly long bytes;
    private readonly double readSeconds;

    private StreamJob(CliContext context, CompressRequest request)
    {
        (this.context, this.request) = (context, request);
        bytes = new FileInfo(request.Input).Length;
        shape = CsvShape.Of(request.Input);
        head = SourceReader.Choose(request, RawTable.ReadHead(request.Input, HeadRows, context.Cancellation));
        RequestCheck.AfterReading(request, head.Points.Dimension, head.RowCount < HeadRows ? head.Points.Count : int.MaxValue);
        options = new StreamingOptions { Compression = CompressJob.OptionsFor(context, request, head) with { Probes = 0 }, ChunkSize = request.Chunk };
        state = new StreamState(request, head);
        tally = new StreamTally(head.Points.Dimension);
        (long rows, readSeconds) = EstimateRows();
        EstimatedRows = rows;
    }

    private long EstimatedRows { get; }

    public static int Run(CliContext context, CompressRequest request) => new StreamJob(context, request).Run();

    private int Run()
    {
        int m = head.Points.Dimension;
        CostEstimate cost = StreamingCompressor.Estimate(EstimatedRows, m, options);
        CompressPrinter.StreamPlan(context, request, m, EstimatedRows, cost, readSeconds);
        if (cost.Bytes > request.Memory)
            throw new CliException($"--memory {Duration.Bytes(request.Memory)} is too little: about {Duration.Bytes(cost.Bytes)} are needed.", "Raise --memory, or lower --budget or --chunk.");
        StreamingCompressor? resumed = state.Resume(m, options, tally, out RowPlaces places);
        StreamingCompressor stream = resumed ?? new StreamingCompressor(m, options);
        if (resumed is not null) context.Out.WriteLine($"Going on from row {stream.Count}, by {context.Display(state.Path)} (--resume never would start anew).");

        StreamedSet result;
        try
        {
            result = CompressionProgressView.Show(context, progress => Pass(stream, places, progress));
        }
        catch (Exception e) when (e is CliException or InvalidDataException)
        {
            // The same row would be met again; mended, the file is another one.
            state.Delete();
            throw;
        }
        state.RequireUnchanged();
        long[] rows = result.Indices.ToArray();
        AddedColumns added = CsvRowCopier.Write(request, shape, rows, result.Points.Weights.ToArray(), places);
        IReadOnlyList<ColumnFinding> findings = Findings(stream.Count);
        CompressPrinter.Columns(context, findings);
        CompressPrinter.Result(context, result.Certificate);
        Verification? verification = request.Verify ? StreamVerifier.Verify(request, shape, head.Names, stream.Count, tally, added, context.Cancellation) : null;
        CertificateFile.Write(request, head.Names, findings, result.Certificate, request.Degree!.Value, added, verification);
        state.Delete();
        context.Out.MarkupLine($"Wrote [bold]{Markup.Escape(context.Display(request.Output))}[/] (columns '{added.Row}' and '{added.Weight}' added) and {Markup.Escape(context.Display(request.Certificate))}.");
        if (verification is null) return ExitCodes.Ok;
        CompressPrinter.Verified(context, verification, head.Names);
        return verification.Holds ? ExitCodes.Ok : ExitCodes.Failed;
    }

    /// <summary>Rows of the file and seconds to read them, from the first ones.</summary>
    private (long Rows, double Seconds) EstimateRows()
    {
        using var reader = new CsvRowReader(request, shape, head.Names, new RowPlaces());
        var block = new RowBlock(BlockRows, head.Points.Dimension, request.WeightColumn is not null);
        reader.Read(block, context.Cancellation);
        long count = block.Count, end = block.End, start = Stopwatch.GetTimestamp();
        // The first block pays for starting up.
        if (!reader.Read(block, context.Cancellation)) return (count, 0);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, part = (double)bytes / Math.Max(1, block.End);
        return ((long)Math.Round((count + block.Count) * part), seconds * bytes / Math.Max(1, block.End - end));
    }

    private StreamedSet Pass(StreamingCompressor stream, RowPlaces places, IProgress<CompressionProgress> progress)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        using var reader = new CsvRowReader(request, shape, head.Names, places, stream.Count);
        try
        {
            if (request.Threads == 1)
            {
                RowBlock block = NewBlock();
                var saved = Stopwatch.StartNew();
                while (reader.Read(block, stop.Token)) Take(stream, block, places, saved, progress);
            }
            else
            {
                ReadAhead(stream, reader, places, progress, stop);
            }
            progress.Report(new CompressionProgress("finish", 1));
            return stream.Finish();
        }
        catch (OperationCanceledException)
        {
            if (stream.Count == 0) throw;
            state.Save(stream, tally, places);
            context.Error.WriteLine($"Saved the state at row {stream.Count} to {context.Display(state.Path)}; the same command goes on from there.");
            throw;
        }
    }

    private void ReadAhead(StreamingCompressor stream, CsvRowReader reader, RowPlaces places, IProgress<CompressionProgress> progress, CancellationTokenSource stop)
    {
        // As much as the compressor is busy with at a time.
        int blocks = stream.ChunkSize / BlockRows + 2;
        var full = Channel.CreateBounded<RowBlock>(blocks);
        var free = Channel.CreateUnbounded<RowBlock>();
        Task reading = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    if (!free.Reader.TryRead(out RowBlock? block)) block = NewBlock();
                    if (!reader.Read(block, stop.Token)) break;
                    await full.Writer.WriteAsync(block, stop.Token);
                }
            }
            finally
            {
                full.Writer.Complete();
            }
        });
        try
        {
            var saved = Stopwatch.StartNew();
            while (full.Reader.WaitToReadAsync(context.Cancellation).AsTask().GetAwaiter().GetResult())
            {
                while (full.Reader.TryRead(out RowBlock? block))
                {
                    Take(stream, block, places, saved, progress);
                    free.Writer.TryWrite(block);
                }
            }
            reading.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            // The reader must let go of the file before it is closed; its own failure is known by now.
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        }
    }

    private void Take(StreamingCompressor stream, RowBlock block, RowPlaces places, Stopwatch saved, IProgress<CompressionProgress> progress)
    {
        (long before, long chunks) = (stream.Count, stream.Progress.Chunks);
        try
        {
            context.Cancellation.ThrowIfCancellationRequested();
            stream.Add(block.Rows, block.Weights);
        }
        finally
        {
            tally.Add(block, before, stream.Count);
        }
        // A chunk leaves large arrays behind, which the collector lets pile up where the machine has much memory.
        if (stream.Progress.Chunks > chunks) GC.Collect();
        progress.Report(new CompressionProgress("stream", (double)block.End / bytes));
        // Between two chunks there is least to write; but not for ever, where they take long to fill.
        if (saved.Elapsed.TotalSeconds < (stream.Waiting > BlockRows ? 3 : 1) * request.SaveEvery) return;
        state.Save(stream, tally, places);
        saved.Restart();
    }

    private RowBlock NewBlock() => new(BlockRows, head.Points.Dimension, request.WeightColumn is not null);

    private IReadOnlyList<ColumnFinding> Findings(long rows) => [.. head.Findings.Select(f => f.Use != "coordinate" ? f
        : f with { Note = tally.Note(head.Names.TakeWhile(n => n != f.Column).Count(), rows) })];
}
