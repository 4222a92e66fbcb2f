namespace ResearchKit.Notebooks.Tests.Notebooks;

/// <summary>Parameters with which a notebook runs in every cell, in seconds; the numbers then mean nothing.</summary>
internal static class ShortRuns
{
    private static readonly Dictionary<string, string[]> s_parameters = new()
    {
        ["00"] = ["count=6000"],
        ["01"] = ["trials=2", "slowTrials=1", "dims=[2]", "degrees=[2]", "sizes=[1000, 2000, 4000]", "referenceSize=1000"],
        ["02"] = ["width=400", "budget=130", "samples=2000", "epochs=2", "heads=120", "keptHeads=96", "headEpochs=2", "deepWidth=40", "deepBudget=28", "deepEpochs=2", "theoryWidth=500"],
        ["03"] = ["count=2000", "budget=100", "epochs=2", "landscapeCount=3000", "steps=3", "testSamples=500"],
        ["04"] = ["counts=[256, 512, 1024]", "dataSeeds=1", "seen=4096", "passes=1", "widths=[256, 400]", "widthSamples=256", "widthEpochs=1", "smoothSeeds=1", "largest=3000"],
        ["05"] = ["count=1000", "sets=1", "functions=2", "rungs1=[1, 3, 5, 7]", "rungs2=[1, 2, 3, 4]", "rungs3=[1, 2, 3, 4]", "sizes=[2000]", "trials=1"],
        ["06"] = ["count=1000", "trials=1", "slowTrials=1", "budgets=[60, 120]", "lossCount=2000", "lossBudgets=[100, 200]", "vectors=3", "cellSeeds=1", "toleranceTrials=1", "lossSets=1"],
        ["10"] = ["budget=60", "fitFeatures=20", "steps=30", "splits=1"],
    };

    /// <summary>Assignments name=value; none for a notebook that is short by itself.</summary>
    /// <param name="notebook">Its file name, of which the number counts.</param>
    public static string[] Of(string notebook) => s_parameters.GetValueOrDefault(notebook[..2], []);
}
