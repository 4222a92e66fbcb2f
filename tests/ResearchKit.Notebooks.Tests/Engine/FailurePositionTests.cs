namespace ResearchKit.Notebooks.Tests.Engine;

/// <summary>A failing cell says where: which cell, which line, which column.</summary>
public class FailurePositionTests
{
    [Fact]
    public async Task A_compile_error_is_placed_at_its_line_and_column()
    {
        var failure = await Cells.Failure("var a = 1;", "// fine\nvar b = a;\nvar c = undefinedName + 1;");

        Assert.Equal(2, failure.CellNumber);
        Assert.Equal("id-2", failure.CellId);
        Assert.Equal(3, failure.Line);
        Assert.Equal(9, failure.Failure.Column);
        Assert.Equal("var c = undefinedName + 1;", failure.SourceLine);
        Assert.Equal("CompilationError", failure.Failure.Name);
        Assert.Contains("CS0103", failure.Message, StringComparison.Ordinal);
        Assert.Equal("  3 | var c = undefinedName + 1;\n    |         ^", failure.Excerpt);
        Assert.Contains("cells.ipynb, cell 2 (id-2), line 3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_error_is_placed_at_the_line_that_threw()
    {
        var failure = await Cells.Failure("int zero = 0;\n\n// the culprit\nvar x = 10 / zero;\nvar y = 1;");

        Assert.Equal("DivideByZeroException", failure.Failure.Name);
        Assert.Equal(4, failure.Line);
        Assert.Equal("var x = 10 / zero;", failure.SourceLine);
        Assert.IsType<DivideByZeroException>(failure.InnerException);
    }

    [Theory]
    [InlineData("var y = data[0] + data[5];", "IndexOutOfRangeException")]
    [InlineData("var y = nothing.Length;", "NullReferenceException")]
    [InlineData("var y = (string)(object)data;", "InvalidCastException")]
    [InlineData("var y = checked(data[0] - int.MaxValue - 10);", "OverflowException")]
    [InlineData("var y = new[] { 1 }.Single(v => v / data[0] > 0);", "DivideByZeroException")]
    public async Task An_error_that_the_runtime_raises_keeps_its_line(string line, string name)
    {
        var failure = await Cells.Failure("var data = new int[3]; string nothing = null;", $"var a = data[0];\n{line}\nvar b = data[1];");
        Assert.Equal(name, failure.Failure.Name);
        Assert.Equal(2, failure.Line);
        Assert.Equal(line, failure.SourceLine);
    }

    [Fact]
    public async Task An_exception_in_a_method_of_an_earlier_cell_is_placed_at_the_call()
    {
        var failure = await Cells.Failure(
            "int Half(int x)\n{\n    if (x % 2 != 0)\n        throw new ArgumentException(\"odd\");\n    return x / 2;\n}",
            "var four = Half(8);\nvar bad = Half(7);");

        Assert.Equal(2, failure.CellNumber);
        Assert.Equal(2, failure.Line);
        Assert.Equal("var bad = Half(7);", failure.SourceLine);
        Assert.Contains(failure.Failure.Traceback, l => l.Contains("Half in cell 1, line 4", StringComparison.Ordinal));
        Assert.Contains(failure.Failure.Traceback, l => l.Contains("cell 2, line 2", StringComparison.Ordinal));
        Assert.DoesNotContain(failure.Failure.Traceback, l => l.Contains("Microsoft.CodeAnalysis", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_exception_after_an_await_and_inside_a_task_keeps_its_line()
    {
        var failure = await Cells.Failure(
            "await Task.Delay(1);\nawait Task.Run(() =>\n{\n    throw new InvalidOperationException(\"deep\");\n});");

        Assert.Equal("InvalidOperationException", failure.Failure.Name);
        Assert.Equal(4, failure.Line);
    }

    [Fact]
    public async Task The_traceback_has_the_names_that_the_author_gave()
    {
        var failure = await Cells.Failure(
            "public class Model { public static void Fit(Action step) { step(); } }",
            "async Task Later() { await Task.Delay(1); Model.Fit(() => throw new Exception(\"x\")); }",
            "await Later();");

        Assert.Equal(1, failure.Line);
        var frames = failure.Failure.Traceback.Where(l => l.StartsWith("   at ", StringComparison.Ordinal)).Select(l => l[6..]).ToList();
        Assert.Equal(["Later in cell 2, line 1", "Model.Fit in cell 1, line 1", "Later in cell 2, line 1", "cell 3, line 1"], frames);
    }

    [Fact]
    public async Task The_cause_of_a_parallel_failure_is_what_is_reported()
    {
        var failure = await Cells.Failure(
            "Task.Run(() =>\n{\n    throw new FormatException(\"in the task\");\n}).Wait();");

        Assert.Equal("FormatException", failure.Failure.Name);
        Assert.Equal("in the task", failure.Failure.Message);
        Assert.Equal(3, failure.Line);
    }

    [Fact]
    public async Task Execution_stops_at_the_failing_cell_and_the_notebook_keeps_the_error()
    {
        var result = await Cells.Run("Console.Write(\"first\");", "throw new Exception(\"stop\");", "Console.Write(\"never\");");

        Assert.False(result.Success);
        Assert.Equal(new ResearchKit.Engine.StreamOutput("stdout", "first"), Assert.Single(result.Executed.Cells[0].Outputs));
        var error = Assert.IsType<ResearchKit.Engine.ErrorOutput>(Assert.Single(result.Executed.Cells[1].Outputs));
        Assert.Equal("Exception", error.Name);
        Assert.Equal("stop", error.Message);
        Assert.NotEmpty(error.Traceback);
        Assert.Empty(result.Executed.Cells[2].Outputs);
        Assert.Null(result.Executed.Cells[2].ExecutionCount);
    }

    [Fact]
    public async Task An_error_in_a_loaded_file_names_the_file_and_its_line()
    {
        using var folder = new TemporaryFolder();
        folder.File("helper.csx", "int Twice(int x) => 2 * x;\nint broken = \"text\";\n");
        var notebook = new ResearchKit.Engine.Notebook { Path = folder.File("n.ipynb") };
        notebook.Cells.Add(new(ResearchKit.Engine.CellKind.Code, "#load \"helper.csx\"\nTwice(2)"));

        var result = await new ResearchKit.Engine.NotebookRunner().RunAsync(notebook, TestContext.Current.CancellationToken);

        Assert.NotNull(result.Failure);
        Assert.Contains("CS0029", result.Failure.Message, StringComparison.Ordinal);
        Assert.Contains(result.Failure.Failure.Traceback, l => l.StartsWith("helper.csx, line 2, column 14", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_syntax_error_is_placed_in_its_line()
    {
        var failure = await Cells.Failure("var a = 1;\nvar b = (1 + 2;\nvar c = 3;");

        Assert.Equal(2, failure.Line);
        Assert.Contains("CS1026", failure.Message, StringComparison.Ordinal);
    }
}
