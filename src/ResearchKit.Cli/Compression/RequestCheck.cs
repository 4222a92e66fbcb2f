using System.Globalization;

namespace ResearchKit.Cli;

/// <summary>Refuses what cannot work before any time is spent on it: value, allowed range, remedy.</summary>
internal static class RequestCheck
{
    /// <summary>Checks that need no data.</summary>
    public static void BeforeReading(CompressRequest request)
    {
        if (request.Budget is null && request.Tolerance is null)
            throw new CliException("Neither --budget nor --tolerance was given.", "Name the number of rows to keep, or the error to keep to.");
        if (request.Budget is not null && request.Tolerance is not null)
            throw new CliException("Both --budget and --tolerance were given.", "Leave one of them out.");
        RequireInput(request.Input);
        if (request.Tolerance is { } tolerance && !(tolerance > 0 && double.IsFinite(tolerance)))
            throw new CliException($"--tolerance is {tolerance.ToString(CultureInfo.InvariantCulture)}; it must be positive and finite.", "Usual values are 1e-3 to 1e-9.");
        if (request.Budget < 1)
            throw new CliException($"--budget is {request.Budget}; it must be at least 1.", "Name the number of rows to keep.");
        if (request.Degree is < 0 or > 255)
            throw new CliException($"--degree is {request.Degree}; it must lie between 0 and 255.", "Usual values are 2 to 6.");
        if (request.Threads is 0 or < -1)
            throw new CliException($"--threads is {request.Threads}; it must be at least 1.", "Leave it out for all processors.");
        if (!(request.Memory > 0))
            throw new CliException($"--memory is {(request.Memory / 1e6).ToString(CultureInfo.InvariantCulture)} MB; it must be positive.", "1000 is the default.");
        if (request.Chunk < 1)
            throw new CliException($"--chunk is {request.Chunk}; it must be at least 1.", "Leave it out for a size that fits the budget.");
        if (!(request.SaveEvery > 0))
            throw new CliException($"--save-every is {request.SaveEvery.ToString(CultureInfo.InvariantCulture)} seconds; it must be positive.", "10 is the default.");
        string[] endings = OutputWriter.EndingsFor(request.Input);
        if (!endings.Contains(Path.GetExtension(request.Output).ToLowerInvariant()))
            throw new CliException($"--output '{request.Output}' ends in '{Path.GetExtension(request.Output)}'; for this input it can be {string.Join(" or ", endings)}.", "Choose another ending.");
        RequireOutput(request, request.Output);
        RequireOutput(request, request.Certificate);
        if (SamePath(request.Output, request.Certificate))
            throw new CliException($"--output and --certificate both name '{request.Output}'.", "Choose two files.");
    }

    /// <summary>Checks of budget and degree against the number of coordinates.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="dimension">m.</param>
    /// <param name="count">d.</param>
    public static void AfterReading(CompressRequest request, int dimension, int count)
    {
        // A search keeps to degrees that fit.
        if (request.Degree is not { } degree) return;
        double moments = MomentSpace.CountOf(dimension, degree);
        if (moments > MomentSpace.MaxCount)
        {
            int largest = LargestDegree(dimension, MomentSpace.MaxCount);
            throw new CliException($"--degree {degree} in {dimension} columns means C({dimension}+{degree}, {degree}) = {moments:G6} moments; at most {MomentSpace.MaxCount} are allowed.",
                $"Use --degree {largest} or less, or fewer --columns.");
        }
        if (request.Budget is { } budget && budget < moments && budget < count)
        {
            int largest = LargestDegree(dimension, budget);
            throw new CliException($"--budget {budget} is less than the {moments} moments of degree {degree} in {dimension} columns, C({dimension}+{degree}, {degree}); so many rows are needed to keep them.",
                $"Use --budget {moments} or more, or --degree {largest} or less.");
        }
    }

    private static int LargestDegree(int dimension, double limit)
    {
        int k = 0;
        while (k < 255 && MomentSpace.CountOf(dimension, k + 1) <= limit) k++;
        return k;
    }

    private static void RequireInput(string path)
    {
        if (Directory.Exists(path))
            throw new CliException($"'{path}' is a folder; a file is needed.", "Name one file of it.");
        if (!File.Exists(path))
        {
            string? folder = Path.GetDirectoryName(path);
            string? question = Directory.Exists(folder) ? Suggestions.Question(Path.GetFileName(path), Directory.EnumerateFiles(folder).Take(2000).Select(f => Path.GetFileName(f))) : null;
            throw new CliException($"'{path}' does not exist.", question ?? "Check the path.");
        }
        string ending = Path.GetExtension(path).ToLowerInvariant();
        if (!FileKind.Inputs.Contains(ending))
            throw new CliException($"'{path}' ends in '{ending}'; {string.Join(", ", FileKind.Inputs)} can be read.", "Convert the file first.");
        if (new FileInfo(path).Length == 0)
            throw new CliException($"'{path}' is empty.", "A header and at least one row are needed.");
    }

    private static void RequireOutput(CompressRequest request, string path)
    {
        if (SamePath(path, request.Input))
            throw new CliException($"The output '{path}' is the input itself.", "Choose another --output.");
        if (Directory.Exists(path))
            throw new CliException($"The output '{path}' is a folder.", "Name a file.");
        if (File.Exists(path) && !request.Force)
            throw new CliException($"'{path}' exists already.", "Add --force to replace it, or choose another name.");
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            throw new CliException($"The folder '{folder}' of the output does not exist.", "Create it first.");
        OutputFolder.Create(folder);
    }

    private static bool SamePath(string a, string b) =>
        string.Equals(Path.GetFullPath(a), Path.GetFullPath(b), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
}
