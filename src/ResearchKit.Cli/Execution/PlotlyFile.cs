using ResearchKit.Notebooks;

namespace ResearchKit.Cli;

/// <summary>plotly.min.js beside the pages: once per folder instead of in every page.</summary>
internal static class PlotlyFile
{
    public const string Name = "plotly.min.js";

    /// <summary>Writes the script into the folder unless the same one is there.</summary>
    public static void Ensure(string folder)
    {
        string path = Path.Combine(folder, Name);
        string script = PlotlyAssets.GetScript();
        if (!File.Exists(path) || new FileInfo(path).Length != System.Text.Encoding.UTF8.GetByteCount(script))
            OutputFolder.WriteTextAtomically(path, script);
    }

    /// <summary>Tells figures of notebooks run meanwhile that their page brings the script.</summary>
    public static IDisposable SuppliedByPage() => new Setting();

    private sealed class Setting : IDisposable
    {
        private readonly string? before = Environment.GetEnvironmentVariable(PlotlyAssets.Variable);

        // A notebook's own copy of the library reads the variable; the one in this process has started already.
        private readonly PlotlyMode mode = PlotlyAssets.Mode;

        public Setting()
        {
            Environment.SetEnvironmentVariable(PlotlyAssets.Variable, "page");
            PlotlyAssets.Mode = PlotlyMode.Page;
        }

        public void Dispose()
        {
            Environment.SetEnvironmentVariable(PlotlyAssets.Variable, before);
            PlotlyAssets.Mode = mode;
        }
    }
}
