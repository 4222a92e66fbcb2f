using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Engine;

/// <summary>Lines that begin with <c>#!</c>.</summary>
public class MagicTests
{
    [Fact]
    public async Task Time_is_told_after_the_output()
    {
        var outputs = await Cells.Outputs("#!time\nConsole.Write(\"x\");");
        Assert.Equal(new StreamOutput("stdout", "x"), outputs[0]);
        Assert.Matches(@"^Wall time: [0-9.]+ms$", Assert.IsType<DisplayOutput>(outputs[1]).Text("text/plain"));
        Assert.Equal(2, outputs.Count);
    }

    [Fact]
    public async Task Markdown_and_csharp_alternate_in_one_cell()
    {
        var outputs = await Cells.Outputs("#!csharp\nvar x = 1;\n#!markdown\n# It's *fine* /* here\n#!csharp\n(x + 1).ToString()");
        Assert.Equal("# It's *fine* /* here", Assert.IsType<DisplayOutput>(outputs[0]).Text("text/markdown"));
        Assert.Equal("2", Assert.IsType<DisplayOutput>(outputs[1]).Text("text/plain"));
    }

    [Fact]
    public async Task Lines_after_a_magic_keep_their_numbers()
    {
        var failure = await Cells.Failure("#!time\n#!csharp\n\nvar x = missing;");
        Assert.Equal(4, failure.Line);
        Assert.Equal("var x = missing;", failure.SourceLine);
    }

    [Theory]
    [InlineData("#!pwsh", "#!pwsh")]
    [InlineData("var a = 1;\n  #!share a --from csharp", "#!share")]
    public async Task An_unknown_magic_is_an_error_that_lists_the_known(string code, string name)
    {
        var failure = await Cells.Failure("Console.Write(1);", code);
        Assert.Equal("MagicError", failure.Failure.Name);
        Assert.Contains($"'{name}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("#!time", failure.Message, StringComparison.Ordinal);
        Assert.Equal(code.Split('\n').Length, failure.Line);
    }

    [Fact]
    public async Task A_magic_inside_a_string_is_text()
    {
        var shown = await Cells.Shown("\"\"\"\n#!/bin/sh\n#!pwsh\n\"\"\"");
        Assert.Equal("#!/bin/sh\n#!pwsh", shown.Text("text/plain"));
        Assert.Empty(await Cells.Outputs("/*\n#!pwsh\n*/\nvar x = 1;"));
    }
}
