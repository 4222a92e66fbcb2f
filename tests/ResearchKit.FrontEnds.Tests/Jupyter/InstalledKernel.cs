using System.Text.Json;
using ResearchKit.Notebooks;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>A clone with notebooks and their library, and the kernel installed for a user who has nothing else.</summary>
public sealed class InstalledKernel : IAsyncLifetime
{
    public const string Collection = "Jupyter";

    private readonly string root = Directory.CreateTempSubdirectory("researchkit-jupyter").FullName;

    /// <summary>The folder of the clone's notebooks.</summary>
    public string Notebooks => Path.Combine(root, "clone", "notebooks");

    /// <summary>The folder of the library that notebooks load.</summary>
    public string Library => Path.Combine(root, "clone", "environment", "lib");

    /// <summary>Where Jupyter finds the kernel and writes what it writes.</summary>
    public Dictionary<string, string?> Environment { get; }

    public InstalledKernel() => Environment = new()
    {
        ["JUPYTER_DATA_DIR"] = Path.Combine(root, "data"),
        ["JUPYTER_RUNTIME_DIR"] = Path.Combine(root, "runtime"),
        ["JUPYTER_CONFIG_DIR"] = Path.Combine(root, "config"),
        ["IPYTHONDIR"] = Path.Combine(root, "ipython"),
        ["JUPYTER_PATH"] = null,
    };

    public async ValueTask InitializeAsync()
    {
        if (Programs.Python is null) return;
        foreach (string folder in new[] { "data", "runtime", "config", "ipython" }) Directory.CreateDirectory(Path.Combine(root, folder));
        foreach (string folder in new[] { "notebooks", "notebooks/results", "datasets", "datasets/paper" })
        {
            Directory.CreateDirectory(Path.Combine(root, "clone", folder));
            foreach (string file in Directory.GetFiles(Path.Combine(Paths.Root, folder)))
                File.Copy(file, Path.Combine(root, "clone", folder, Path.GetFileName(file)));
        }
        File.Copy(Path.Combine(Paths.Root, "ResearchKit.sln"), Path.Combine(root, "clone", "ResearchKit.sln"));
        foreach (string[] command in new[] { new[] { "notebooks", "prepare" }, ["kernel", "install"], ["kernel", "install", "--name", ".net-csharp"] })
        {
            Finished done = await Programs.ResearchKitAsync(Path.Combine(root, "clone"), Environment, command);
            Assert.Equal((0, ""), (done.Code, done.Error));
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a scenario of client.py with Jupyter's own client; skips where that is not installed.</summary>
    public async Task<JsonElement> ClientAsync(string scenario, params string[] arguments)
    {
        string python = Programs.RequirePython();
        string script = Path.Combine(Paths.Root, "tests", "ResearchKit.FrontEnds.Tests", "Jupyter", "client.py");
        Finished done = await Programs.RunAsync(python, Notebooks, Environment, [script, scenario, .. arguments]);
        Assert.True(done.Code == 0, done.Error + done.Out);
        return JsonDocument.Parse(done.Out).RootElement;
    }
}

[CollectionDefinition(InstalledKernel.Collection)]
public sealed class JupyterCollection : ICollectionFixture<InstalledKernel>;
