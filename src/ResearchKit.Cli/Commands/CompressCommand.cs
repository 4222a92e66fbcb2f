using System.CommandLine;
using System.Globalization;

namespace ResearchKit.Cli;

/// <summary>`researchkit compress`: a table or point cloud to few weighted rows with the same moments.</summary>
internal static class CompressCommand
{
    public static Command Create(CliContext context)
    {
        var input = new Argument<string>("input") { Description = "A .csv, .tsv, .parquet, .obj or .xyz file." };
        var budget = new Option<int?>("--budget", "-b") { Description = "Rows to keep at most. This or --tolerance is needed.", HelpName = "rows" };
        var tolerance = new Option<double?>("--tolerance") { Description = "Keep as few rows as have an estimated error of at most this: of means of smooth functions of order 1.", HelpName = "error" };
        var degree = new Option<string?>("--degree", "-k") { Description = "Moments of degree 0 to k are kept; 'auto' tries degrees and takes the one with the least estimated error. Default: 4, with --tolerance auto.", HelpName = "k" };
        var columns = new Option<string?>("--columns", "-c") { Description = "Coordinates, separated by commas. Default: every numeric column but the weights.", HelpName = "a,b,..." };
        var weightColumn = new Option<string?>("--weight-column", "-w") { Description = "Column of nonnegative weights. Default: weight 1 each.", HelpName = "name" };
        var output = new Option<string?>("--output", "-o") { Description = "File to write: .csv; .parquet for Parquet input; .xyz for point clouds. Default: <input>.compressed.csv.", HelpName = "file" };
        var certificate = new Option<string?>("--certificate") { Description = "Certificate to write. Default: <output>.certificate.json.", HelpName = "file.json" };
        var missing = new Option<MissingChoice>("--missing") { Description = "Empty or NaN cells of coordinates: refuse, drop such rows, or use the column's mean. Default: error." };
        var text = new Option<TextChoice>("--text") { Description = "Columns that are not numeric: refuse, or carry them along without compressing by them. Default: error." };
        var constant = new Option<ConstantChoice>("--constant") { Description = "Columns with one value only: keep as coordinates, carry along, or refuse. Default: keep." };
        var standardize = new Option<bool>("--standardize") { Description = "Cut cells in units of each column's standard deviation." };
        var momentsOnly = new Option<bool>("--moments-only") { Description = "Keep the moments and nothing else: faster, less exact for functions that are not polynomials of the degree." };
        var threads = new Option<int>("--threads", "-t") { Description = "Threads to use. The result is the same for any number. Default: all processors.", HelpName = "n", DefaultValueFactory = _ => -1 };
        var verify = new Option<bool>("--verify") { Description = "Read the output back and recompute all moments by independent code." };
        var stream = new Option<StreamChoice>("--stream") { Description = "Read a CSV file as a stream, in chunks: auto when it would not fit into --memory, always, or never. Default: auto." };
        var memory = new Option<double>("--memory") { Description = "Memory that may be used, in MB. Default: 1000.", HelpName = "MB", DefaultValueFactory = _ => CompressRequest.DefaultMemory / 1e6 };
        var chunk = new Option<int?>("--chunk") { Description = "Rows that a stream compresses at once. Default: fits the budget.", HelpName = "rows" };
        var resume = new Option<ResumeChoice>("--resume") { Description = "A stream that was interrupted goes on from <output>.state: auto when the state belongs to it, never. Default: auto." };
        var saveEvery = new Option<double>("--save-every") { Description = "Seconds between two saved states of a stream. Default: 10.", HelpName = "seconds", DefaultValueFactory = _ => 10 };
        var force = new Option<bool>("--force", "-f") { Description = "Replace existing output." };
        var command = new DocumentedCommand("compress", "Keeps few weighted rows of a table or point cloud such that all moments up to a degree stay the same.")
        {
            input, budget, tolerance, degree, columns, weightColumn, output, certificate, missing, text, constant, standardize, momentsOnly, threads, verify, stream, memory, chunk, resume, saveEvery, force,
        };
        command.Remarks.Add("The output holds original rows with all their columns, the 0-based data row in the column 'row', and the new weight in the column 'weight'. Sums over all rows of any polynomial of degree k become weighted sums over the kept ones.");
        command.Examples.Add(("researchkit compress bunny.obj --budget 1000 --degree 4 --verify", "36 thousand points to a thousand"));
        command.Examples.Add(("researchkit compress bunny.obj --tolerance 1e-6", "as few points as keep means of smooth functions to 1e-6"));
        command.Examples.Add(("researchkit compress housing.csv -b 2000 -k 2 --text drop --missing mean --standardize", "a table with a text column and gaps"));
        command.Examples.Add(("researchkit compress big.parquet -b 5000 -c x,y,z -w mass -o small.parquet", "weighted rows, three coordinates"));
        command.Examples.Add(("researchkit compress huge.csv -b 5000 --memory 500", "a file larger than memory; Ctrl+C saves, the same command goes on"));
        command.SetAction(async (parsed, _) =>
        {
            string source = context.FullPath(parsed.GetRequiredValue(input));
            string target = parsed.GetValue(output) is { } o ? context.FullPath(o) : source + ".compressed.csv";
            var request = new CompressRequest
            {
                Input = source,
                Budget = parsed.GetValue(budget),
                Tolerance = parsed.GetValue(tolerance),
                Degree = DegreeOf(parsed.GetValue(degree), parsed.GetValue(tolerance) is not null),
                Columns = parsed.GetValue(columns)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
                WeightColumn = parsed.GetValue(weightColumn),
                Output = target,
                Certificate = parsed.GetValue(certificate) is { } c ? context.FullPath(c) : target + ".certificate.json",
                Missing = parsed.GetValue(missing),
                Text = parsed.GetValue(text),
                Constant = parsed.GetValue(constant),
                Standardize = parsed.GetValue(standardize),
                MomentsOnly = parsed.GetValue(momentsOnly),
                Threads = parsed.GetValue(threads),
                Verify = parsed.GetValue(verify),
                Stream = parsed.GetValue(stream),
                Memory = 1e6 * parsed.GetValue(memory),
                Chunk = parsed.GetValue(chunk),
                Resume = parsed.GetValue(resume),
                SaveEvery = parsed.GetValue(saveEvery),
                Force = parsed.GetValue(force),
            };
            return await Task.Run(() => CompressJob.Run(context, request));
        });
        return command;
    }

    /// <summary>k; null for the automatic choice.</summary>
    private static int? DegreeOf(string? text, bool toTolerance)
    {
        if (text is null) return toTolerance ? null : CompressionOptions.DefaultDegree;
        if (text == "auto") return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int k) ? k
            : throw new CliException($"--degree got '{text}'; it takes a whole number or auto.", "Usual values are 2 to 6.");
    }
}
