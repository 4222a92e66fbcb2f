using ResearchKit.Cli;

namespace ResearchKit.Notebooks.Tests.Cli;

[Collection(CliCollection.Name)]
public class PrepareTests
{
    [Fact]
    public void Closure_holds_the_library_and_its_packages_but_not_the_command()
    {
        string[] names = [.. DependencyClosure.Of(AppContext.BaseDirectory).Select(f => f.Target)];
        Assert.Contains("ResearchKit.Notebooks.dll", names);
        Assert.Contains("ResearchKit.dll", names);
        Assert.Contains("MathNet.Numerics.dll", names);
        Assert.Contains("FSharp.Core.dll", names);
        Assert.DoesNotContain("ResearchKit.Cli.dll", names);
        Assert.DoesNotContain("Spectre.Console.dll", names);
        Assert.DoesNotContain("Microsoft.CodeAnalysis.dll", names);
    }

    [Fact]
    public async Task Prepare_fills_skips_and_repairs()
    {
        using var cli = new CliHarness();
        cli.MakeClone();
        CliResult first = await cli.RunAsync("notebooks", "prepare");
        Assert.Equal(0, first.Code);
        Assert.Contains("Prepared", first.Out);
        string entry = cli.Path("environment", "lib", "ResearchKit.Notebooks.dll");
        Assert.True(File.Exists(entry));

        Assert.Contains("is current", (await cli.RunAsync("notebooks", "prepare")).Out);

        // Same length, other content: sizes alone would miss it.
        byte[] bytes = await File.ReadAllBytesAsync(entry, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(entry, bytes, TestContext.Current.CancellationToken);
        cli.Write("environment/lib/Stale.dll", "x");
        Assert.Contains("Prepared", (await cli.RunAsync("notebooks", "prepare")).Out);
        Assert.False(File.Exists(cli.Path("environment", "lib", "Stale.dll")));
        Assert.Equal(["lib"], Directory.GetDirectories(cli.Path("environment")).Select(Path.GetFileName));
    }

    [Fact]
    public void Closure_without_deps_json_says_what_to_do()
    {
        using var cli = new CliHarness();
        CliException e = Assert.Throws<CliException>(() => DependencyClosure.Of(cli.Root));
        Assert.Contains("dotnet build", e.Remedy);
    }

    [Fact]
    public void Cancelled_staging_leaves_the_old_folder()
    {
        using var cli = new CliHarness();
        string folder = cli.Path("lib"), source = cli.Write("source/new.dll", "new");
        cli.Write("lib/old.dll", "old");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => NotebookLibrary.Prepare(folder, [new LibraryFile(source, "new.dll")], cancelled.Token));
        Assert.Equal(["old.dll"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }
}
