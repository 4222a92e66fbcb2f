using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`compress` from the checked request to the exit code.</summary>
internal static class CompressJob
{
    /// <summary>Ridge functions that the certificate tries; they cost about as much as the compression of a small table.</summary>
    private const int Probes = 16;

    public static int Run(CliContext context, CompressRequest request)
    {
        RequestCheck.BeforeReading(request);
        return StreamDecision.Streams(context, request) ? StreamJob.Run(context, request) : RunWhole(context, request);
    }

    private static int RunWhole(CliContext context, CompressRequest request)
    {
        SourceData source = SourceReader.Read(request, context.Cancellation);
        CompressPrinter.Columns(context, source.Findings);
        RequestCheck.AfterReading(request, source.Points.Dimension, source.Points.Count);
        CompressionOptions options = OptionsFor(context, request, source);
        CompressPrinter.Plan(context, request, source, request.Budget is null ? null : Compressor.Estimate(source.Points.Count, source.Points.Dimension, options));

        CompressedSet result = CompressionProgressView.Show(context, progress => Compressor.Compress(source.Points, options with { Progress = progress }));
        CompressPrinter.Result(context, result.Certificate);

        context.Cancellation.ThrowIfCancellationRequested();
        int[] rows = [.. result.Indices.ToArray().Select(i => source.Rows[i])];
        double[] weights = result.Weights.ToArray();
        AddedColumns added = OutputWriter.Write(request.Input, request.Output, rows, weights, source.PointColumns);
        Verification? verification = request.Verify ? OutputVerifier.Verify(source, request.Output, added, request.Degree ?? result.Certificate.Degree, context.Cancellation) : null;
        CertificateFile.Write(request, source, result.Certificate, added, verification);

        context.Out.MarkupLine($"Wrote [bold]{Markup.Escape(context.Display(request.Output))}[/] (columns '{added.Row}' and '{added.Weight}' added) and {Markup.Escape(context.Display(request.Certificate))}.");
        if (verification is null) return ExitCodes.Ok;
        CompressPrinter.Verified(context, verification, source.Names);
        return verification.Holds ? ExitCodes.Ok : ExitCodes.Failed;
    }

    /// <summary>The request in the library's terms.</summary>
    /// <param name="context">Gives the cancellation.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="source">Rows whose deviations give the scales of --standardize.</param>
    public static CompressionOptions OptionsFor(CliContext context, CompressRequest request, SourceData source)
    {
        PartitionMetric? metric = null;
        if (request.Standardize)
        {
            // Local frames make the moments themselves indifferent to units; only the cutting of cells needs them.
            double[] scales = [.. source.Deviations().Select(s => s > 0 ? 1 / s : 0)];
            if (scales.Any(s => s > 0)) metric = PartitionMetric.Scaled(scales);
        }
        bool automatic = request.Degree is null;
        return new CompressionOptions
        {
            Budget = request.Budget,
            Tolerance = request.Tolerance,
            Degree = request.Degree,
            AutomaticDegree = automatic && request.Budget is not null,
            Metric = metric,
            MomentsOnly = request.MomentsOnly,
            // A search takes its own, larger number.
            Probes = request.Budget is null || automatic ? CompressionOptions.DefaultSearchProbes : Probes,
            MaxDegreeOfParallelism = request.Threads,
            CancellationToken = context.Cancellation,
        };
    }
}
