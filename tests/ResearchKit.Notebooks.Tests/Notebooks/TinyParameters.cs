namespace ResearchKit.Notebooks.Tests.Notebooks;

/// <summary>For each notebook the parameters that make it short without leaving a cell out: every test that runs them all takes these.</summary>
internal static class TinyParameters
{
    private static readonly Dictionary<string, string[]> s_all = new()
    {
        ["00-start-here.ipynb"] = ["count=6000"],
        ["01-permutation-invariant-compression.ipynb"] = ["trials=2", "slowTrials=1", "dims=[2]", "degrees=[2]", "sizes=[1000, 2000, 4000]", "referenceSize=1000"],
        ["02-network-width-reduction.ipynb"] =
        [
            "width=400", "budget=130", "samples=2000", "epochs=2", "heads=120", "keptHeads=96", "headEpochs=2", "deepWidth=40", "deepBudget=28", "deepEpochs=2", "theoryWidth=500",
        ],
        ["03-dataset-reduction.ipynb"] = ["count=2000", "budget=100", "epochs=2", "landscapeCount=3000", "steps=3", "testSamples=500"],
        ["04-scaling-law-boosting.ipynb"] =
        [
            "counts=[256, 512, 1024]", "dataSeeds=1", "seen=4096", "passes=1", "widths=[256, 400]", "widthSamples=256", "widthEpochs=1", "smoothSeeds=1", "largest=3000",
        ],
        ["05-optimal-rate.ipynb"] =
        [
            "count=1000", "sets=1", "functions=2", "rungs1=[1, 3, 5, 7]", "rungs2=[1, 2, 3, 4]", "rungs3=[1, 2, 3, 4]", "sizes=[2000]", "trials=1",
        ],
        ["06-beyond-the-paper.ipynb"] =
        [
            "count=1000", "trials=1", "slowTrials=1", "budgets=[60, 120]", "lossCount=2000", "lossBudgets=[100, 200]", "vectors=3", "cellSeeds=1", "toleranceTrials=1", "lossSets=1",
        ],
        // Without a file of the user's, the notebook makes one up.
        ["10-your-own-data.ipynb"] = ["budget=60", "fitFeatures=20", "steps=30", "splits=1"],
        ["20-lab.ipynb"] = ["d=1000", "trials=1", "k=2", "budget=60"],
    };

    /// <summary>The notebooks that there are parameters for.</summary>
    public static IReadOnlyCollection<string> Notebooks => s_all.Keys;

    /// <exception cref="InvalidOperationException">A new notebook has none yet.</exception>
    public static string[] For(string notebook) => s_all.TryGetValue(notebook, out string[]? parameters) ? parameters
        : throw new InvalidOperationException($"{notebook} is new: add parameters that make it short to {nameof(TinyParameters)}.");
}
