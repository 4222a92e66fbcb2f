using ResearchKit.Engine;
using ResearchKit.Notebooks.Tests.Cli;

namespace ResearchKit.Notebooks.Tests.Notebooks;

/// <summary>The notebooks from their first cell to their last, with parameters that make them short.</summary>
[Collection(CliCollection.Name)]
public class NotebookExecutionTests
{
    [Fact]
    public async Task Start_here_runs_and_records_its_claims()
    {
        using CliHarness cli = Clone("00-start-here.ipynb");
        CliResult result = await cli.RunAsync(TestContext.Current.CancellationToken, ["reproduce", "--param", .. TinyParameters.For("00-start-here.ipynb"), "--output", "out"]);
        Assert.Equal(("", 0), (result.Error, result.Code));
        Assert.Contains("All 3 checks hold in 1 notebook.", result.Out);
        string page = File.ReadAllText(cli.Path("out", "00-start-here.html"));
        Assert.Equal(2, page.Split("class=\"rk-live\"").Length - 1);
        Assert.Contains("weighted points stand for 6000", page);
    }

    [Fact]
    public async Task Permutation_invariant_compression_runs_in_every_cell()
    {
        using CliHarness cli = Clone("01-permutation-invariant-compression.ipynb");
        Notebook executed = await Run(cli, "01-permutation-invariant-compression");
        // What follows from arithmetic holds with any number of trials.
        foreach (string id in new[] { "t1-check", "t2-check", "t3-check" })
            Assert.Contains("holds", Text(executed, id));
        Assert.Contains("fig2-full.csv is missing", Text(executed, "stored-read"));
    }

    [Fact]
    public async Task Stored_results_are_shown_with_their_origin_and_claims()
    {
        using CliHarness cli = Clone("01-permutation-invariant-compression.ipynb");
        IEnumerable<string> rows = PaperData.Fig2().Select(p => FormattableString.Invariant($"{p.M},{p.K},{p.D},100,20,{p.GeoMean / 2:R},0,0,0,0,0"));
        cli.Write("notebooks/results/fig2-full.csv", "# command: a test\nm,k,d,budget,trials,geomean,mean,std,min,max,median_seconds\n" + string.Join('\n', rows));
        Notebook executed = await Run(cli, "01-permutation-invariant-compression");
        Assert.Contains("command: a test", Text(executed, "stored-read"));
        Assert.Contains("100 % of", Text(executed, "stored-cells"));
    }

    [Fact]
    public async Task Network_width_reduction_runs_in_every_cell()
    {
        using CliHarness cli = Clone("02-network-width-reduction.ipynb");
        Notebook executed = await Run(cli, "02-network-width-reduction");
        // Symmetry and copies hold to round-off in any training, however short.
        Assert.Contains("holds: shuffling", Text(executed, "t5-order-check"));
        Assert.Contains("holds: a neuron of weight 2 or 3", Text(executed, "t5-order-check"));
        foreach (string name in new[] { "compressed", "degree 5", "k-means", "random", "magnitude pruning", "small network", "lottery ticket" })
            Assert.Contains(name, Text(executed, "baselines-figure"));
        Assert.Contains("fig4-full.csv is missing", Text(executed, "fig4-stored"));
        Assert.Contains("fig7-full.csv is missing", Text(executed, "fig7-full"));
        Assert.Contains("width-budget.csv is missing", Text(executed, "budget-stored"));
        Assert.DoesNotContain("stored run", Text(executed, "claims"));
    }

    [Fact]
    public async Task Stored_trainings_of_networks_are_judged_by_the_median_of_seeds_and_fitted()
    {
        using CliHarness cli = Clone("02-network-width-reduction.ipynb");
        // AdamW: gaps of 1, 6 and 7 %, whose median is more than half the authors'; SGD: 1 % throughout; Rprop: nothing to compare.
        string Curve(int optimizer, int seed, int kind, double gap) => string.Join('\n', PaperData.Fig4().Where(p => p.Panel.StartsWith("AdamW", StringComparison.Ordinal))
            .Select(p => FormattableString.Invariant($"{optimizer},{seed},{kind},{p.Epoch},{p.Original * (1 + gap):R}")));
        cli.Write("notebooks/results/fig4-full.csv", "# command: a test\noptimizer,seed,kind,epoch,loss\n" + string.Join('\n',
            Curve(0, 1, 0, 0), Curve(0, 1, 1, 0.01), Curve(0, 1, 5, 0.3), Curve(0, 2, 0, 0), Curve(0, 2, 1, 0.06), Curve(0, 3, 0, 0), Curve(0, 3, 1, 0.07), Curve(1, 1, 0, 0), Curve(1, 1, 1, 0.01), Curve(2, 1, 0, 0)));
        IEnumerable<string> heads = PaperData.Fig7().SelectMany(p => new[] { p.Original, p.Original * 1.03, p.Naive }.Select((loss, kind) => FormattableString.Invariant($"1,{kind},{p.Epoch},{loss:R}")));
        cli.Write("notebooks/results/fig7-full.csv", "# command: a test\nseed,kind,epoch,loss\n" + string.Join('\n', heads));
        // The gap crosses 1 % at 10 d^0.25, halfway in logarithms between the budgets tried.
        IEnumerable<string> budgets = new[] { 1000, 3162, 10000, 31623, 100000, 316228 }.SelectMany(d => new[] { (0.5, 0.02), (2, 0.005), (4, 0.004) }
            .Select(t => FormattableString.Invariant($"0,2,{d},1,{Math.Round(t.Item1 * 10 * Math.Pow(d, 0.25))},{t.Item2},1,1,1")));
        cli.Write("notebooks/results/width-budget.csv", "# command: a test\noptimizer,method,d,seed,budget,median_gap,largest_gap,start_loss,last_loss\n" + string.Join('\n', budgets));
        Notebook executed = await Run(cli, "02-network-width-reduction");
        Assert.Contains("command: a test", Text(executed, "fig4-stored"));
        string judged = Text(executed, "fig4-full-figure"), claims = Text(executed, "claims");
        Assert.Contains("FAILS: gap of the test loss, AdamW: median and maximum over training, 10 000 to 1000; stored run", judged);
        Assert.Contains("ours 6.0 %, 6.0 %", judged);
        Assert.Contains("Medians of 3 seeds; the worst: 7.0 %, 7.0 %", judged);
        Assert.Contains("holds: gap of the test loss, SGD: median and maximum over training, 10 000 to 1000; stored run", judged);
        Assert.DoesNotContain("Rprop: median and maximum over training, 10 000", claims);
        Assert.Contains("FAILS: largest gap after epoch 10, 4000 heads to 800", Text(executed, "fig7-full"));
        Assert.Contains("grows like a power of d", Text(executed, "budget-figure"));
        Assert.Contains("0.25 (0.2", Text(executed, "budget-table"));
        Assert.Contains("holds", Text(executed, "budget-check"));
    }

    [Fact]
    public async Task Optimal_rate_runs_in_every_cell()
    {
        using CliHarness cli = Clone("05-optimal-rate.ipynb");
        Notebook executed = await Run(cli, "05-optimal-rate");
        // A polynomial of enough coefficients vanishes at any nodes, whatever the trials.
        Assert.Contains("holds", Text(executed, "t8-check"));
        Assert.Contains("optimal-degree.csv is missing", Text(executed, "t7-stored"));
        Assert.Contains("fig8-full.csv is missing", Text(executed, "fig8-stored"));
    }

    [Fact]
    public async Task Beyond_the_paper_runs_in_every_cell()
    {
        using CliHarness cli = Clone("06-beyond-the-paper.ipynb");
        Notebook executed = await Run(cli, "06-beyond-the-paper");
        string table = Text(executed, "when-table");
        foreach (string method in new[] { "uniform subset", "k-means", "kernel thinning", "paper's algorithm", "compressed", "free nodes", "automatic degree" })
            Assert.Contains(method, table);
        Assert.Contains("15 of 15", Text(executed, "free-nodes") + Text(executed, "claims"));
    }

    [Fact]
    public async Task Your_own_data_runs_on_a_file_of_the_users()
    {
        using CliHarness cli = Clone("10-your-own-data.ipynb");
        // A text column, a gap, and an order that is neither of the label nor of a feature.
        string file = cli.Write("mine.csv", "size,name,price,age\n" + string.Join('\n', Enumerable.Range(0, 400)
            .Select(i => FormattableString.Invariant($"{(i == 7 ? "" : Math.Sin(i * 0.7).ToString("R", System.Globalization.CultureInfo.InvariantCulture))},n{i},{Math.Sin(i * 0.7) * 3 + Math.Cos(i * 1.3) + 0.5 * Math.Sin(i * 12.9898):R},{Math.Cos(i * 1.3):R}"))));
        Notebook executed = await Run(cli, "10-your-own-data", $"file={file}", "label=price", "columns=[\"age\", \"size\"]");
        Assert.Contains("mine.csv: 399 rows, price from age, size", Text(executed, "file"));
        Assert.Contains("Column 'name' is text in 400 rows", Text(executed, "file"));
        Assert.Contains("holds: mean and variance", Text(executed, "checks"));
        Assert.Contains("of 399", Text(executed, "certificate"));
    }

    [Fact]
    public async Task Lab_runs_in_every_cell_and_refuses_a_knob_turned_too_far()
    {
        using CliHarness cli = Clone("20-lab.ipynb");
        Notebook executed = await Run(cli, "20-lab");
        Assert.Matches("budget +60 +20 to 1000", Text(executed, "knobs"));
        Assert.Contains("Sliders: k at 1, 2, 3, 4, 5, 6; steepness at 1, 4, 16", Text(executed, "by-size"));
        foreach (string method in new[] { "random subset", "k-means", "compressed", "free nodes" })
            Assert.Contains(method, Text(executed, "own"));
        CliResult refused = await cli.RunAsync(TestContext.Current.CancellationToken, "notebooks", "run", "notebooks", "--output", "out", "--param", "k=7");
        Assert.Contains("k = 7 is not possible: it must be a whole number from 1 to 6", refused.Error);
    }

    /// <summary>Runs the clone's one notebook with its tiny parameters, and others after them.</summary>
    internal static async Task<Notebook> Run(CliHarness cli, string name, params string[] more)
    {
        CliResult result = await cli.RunAsync(TestContext.Current.CancellationToken,
            ["notebooks", "run", "notebooks", "--output", "out", "--param", .. TinyParameters.For(name + ".ipynb"), .. more]);
        Assert.Equal(("", 0), (result.Error, result.Code));
        return Notebook.Load(cli.Path("out", name + ".ipynb"));
    }

    internal static CliHarness Clone(string notebook)
    {
        var cli = new CliHarness();
        cli.MakeClone();
        cli.Write("notebooks/" + notebook, File.ReadAllText(Path.Combine(Paths.Notebooks, notebook)));
        foreach (string file in Directory.GetFiles(Path.Combine(Paths.Datasets, "paper")))
            cli.Write("datasets/paper/" + Path.GetFileName(file), File.ReadAllText(file));
        return cli;
    }

    internal static string Text(Notebook notebook, string cell) =>
        string.Join('\n', notebook.Cells.Single(c => c.Id == cell).Outputs.OfType<DisplayOutput>().Select(o => o.Text("text/plain")));
}
