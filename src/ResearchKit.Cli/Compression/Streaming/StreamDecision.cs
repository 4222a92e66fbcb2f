using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>Whether a request is worked on as a stream.</summary>
internal static class StreamDecision
{
    /// <summary>Memory that reading a file whole takes, in units of its length: lists that grow, points, the compressor's copy.</summary>
    private const double WholeFactor = 3;

    /// <summary>Decides; where a large file cannot be streamed, says why.</summary>
    public static bool Streams(CliContext context, CompressRequest request)
    {
        if (request.Stream == StreamChoice.Never) return false;
        bool large = new FileInfo(request.Input).Length * WholeFactor > request.Memory;
        if (request.Stream == StreamChoice.Auto && !large) return false;
        if (Obstacle(request) is not { } obstacle) return true;
        if (request.Stream == StreamChoice.Always)
            throw new CliException($"--stream always: {obstacle.Reason}.", obstacle.Remedy);
        context.Out.WriteLine($"note: the file is read whole, which may take {Duration.Bytes(new FileInfo(request.Input).Length * WholeFactor)}: {obstacle.Reason}. {obstacle.Remedy}");
        return false;
    }

    private static (string Reason, string Remedy)? Obstacle(CompressRequest request)
    {
        if (FileKind.IsParquet(request.Input) || FileKind.IsPoints(request.Input)) return ("only CSV files can be streamed so far", "Write the data as .csv to stream them.");
        if (request.Budget is null || request.Degree is null) return ("a tolerance or an automatic degree needs all rows several times", "Give --budget and --degree to stream.");
        if (request.Standardize) return ("--standardize needs the deviations of all rows before the first can be used", "Leave it out to stream.");
        if (request.Missing == MissingChoice.Mean) return ("--missing mean needs all rows before the first can be used", "Use --missing drop to stream.");
        if (request.Constant != ConstantChoice.Keep) return ("--constant drop and error need all rows before the first can be used", "Name the coordinates by --columns to stream.");
        if (CsvByteReader.IsWide(request.Input)) return ("the file is not in UTF-8", "Convert it to UTF-8 to stream it.");
        return null;
    }
}
