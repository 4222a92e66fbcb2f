using System.Text.Json.Nodes;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>`researchkit kernel install, list, uninstall` as a user's shell runs them.</summary>
public sealed class KernelSpecTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Install_list_and_uninstall_honour_the_data_folder_and_leave_nothing()
    {
        Finished installed = await Kernel("install");
        Assert.Equal((0, ""), (installed.Code, installed.Error));
        string spec = folder.File("data/kernels/researchkit");
        Assert.Contains(spec, installed.Out);
        var json = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(spec, "kernel.json")))!;
        Assert.Equal(("csharp", "message", "C# (ResearchKit)"), ((string)json["language"]!, (string)json["interrupt_mode"]!, (string)json["display_name"]!));
        string[] command = [.. json["argv"]!.AsArray().Select(a => (string)a!)];
        // The command works from its copy, which no build touches.
        Assert.StartsWith(spec, command[1]);
        Finished run = await Programs.RunAsync(command[0], folder.Path, Environment, [.. command[1..^1], folder.File("absent.json")]);
        Assert.Equal(2, run.Code);
        Assert.Contains("absent.json' cannot be read", run.Error);

        Assert.Contains("The same build was there", (await Kernel("install")).Out);
        Assert.Matches(@"researchkit\s+C# \(ResearchKit\)\s+csharp\s+ResearchKit", (await Kernel("list")).Out);
        Assert.Equal(0, (await Kernel("uninstall")).Code);
        Assert.False(Directory.Exists(spec));
        Assert.Equal(2, (await Kernel("uninstall")).Code);
    }

    [Fact]
    public async Task Another_programs_kernel_is_neither_overwritten_nor_removed_unasked()
    {
        string spec = Directory.CreateDirectory(folder.File("data/kernels/.net-csharp")).FullName;
        string file = Path.Combine(spec, "kernel.json");
        const string Foreign = """{"argv":["dotnet","interactive"],"display_name":".NET (C#)","language":"C#"}""";
        File.WriteAllText(file, Foreign);
        Finished refused = await Kernel("install", "--name", ".net-csharp");
        Assert.Equal(2, refused.Code);
        Assert.Contains("another program's kernel: .NET (C#)", refused.Error);
        Assert.Equal(2, (await Kernel("uninstall", "--name", ".net-csharp")).Code);
        Assert.Equal(Foreign, File.ReadAllText(file));
        Assert.Equal(0, (await Kernel("install", "--name", ".net-csharp", "--force")).Code);
        Assert.Contains("C# (ResearchKit), .net-csharp", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("two words")]
    public async Task A_name_that_jupyter_does_not_allow_is_refused(string name)
    {
        Finished refused = await Kernel("install", "--name", name);
        Assert.Equal(2, refused.Code);
        Assert.Contains("cannot be the name of a kernel", refused.Error);
    }

    private Dictionary<string, string?> Environment => new() { ["JUPYTER_DATA_DIR"] = folder.File("data"), ["JUPYTER_PATH"] = null };

    private Task<Finished> Kernel(params string[] arguments) => Programs.ResearchKitAsync(folder.Path, Environment, ["kernel", .. arguments]);
}
