using System.Text.Json.Nodes;
using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Engine;

/// <summary>Files in, files out; and files that are no notebooks.</summary>
public class NotebookFormatTests
{
    private const string Small =
        """
        {
         "cells": [
          {
           "cell_type": "markdown",
           "id": "m1",
           "metadata": {
            "custom": {
             "deep": [
              1,
              "zwei"
             ]
            }
           },
           "source": [
            "# Title <é> 🧪\n",
            "text"
           ]
          },
          {
           "cell_type": "code",
           "execution_count": 3,
           "id": "c1",
           "metadata": {},
           "outputs": [
            {
             "name": "stdout",
             "output_type": "stream",
             "text": [
              "a\n",
              "b"
             ]
            },
            {
             "data": {
              "application/json": {
               "a": [
                1
               ]
              },
              "text/plain": [
               "42"
              ]
             },
             "execution_count": 3,
             "metadata": {},
             "output_type": "execute_result"
            }
           ],
           "source": [
            "var x = 1;"
           ]
          }
         ],
         "metadata": {
          "kernelspec": {
           "name": ".net-csharp"
          },
          "unknown": true
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    [Fact]
    public void A_notebook_as_Jupyter_writes_it_is_written_back_byte_for_byte()
    {
        var text = Small.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("🧪", "µ", StringComparison.Ordinal);
        Assert.Equal(text, Notebook.Parse(text).ToJson());
    }

    [Fact]
    public void Astral_characters_survive_the_round_trip()
    {
        var again = Notebook.Parse(Notebook.Parse(Small).ToJson());
        Assert.Equal("# Title <é> 🧪\ntext", again.Cells[0].Source);
        Assert.Equal("Title <é> 🧪", again.Title);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Indentation_stays_as_it_was(int indent)
    {
        var notebook = new Notebook { Indent = indent };
        notebook.Cells.Add(new NotebookCell(CellKind.Code, "1\n2", "a"));
        var text = notebook.ToJson();
        Assert.StartsWith("{\n" + new string(' ', indent) + "\"cells\"", text, StringComparison.Ordinal);
        Assert.Equal(text, Notebook.Parse(text).ToJson());
    }

    [Fact]
    public void Source_may_be_a_string_or_a_list_of_lines()
    {
        const string Template = "{\"cells\":[{\"cell_type\":\"code\",\"metadata\":{},\"outputs\":[],\"execution_count\":null,\"source\":SOURCE}],\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":2}";
        var fromString = Notebook.Parse(Template.Replace("SOURCE", "\"a\\r\\nb\"", StringComparison.Ordinal));
        var fromList = Notebook.Parse(Template.Replace("SOURCE", "[\"a\\n\",\"b\"]", StringComparison.Ordinal));
        Assert.Equal("a\nb", fromString.Cells[0].Source);
        Assert.Equal("a\nb", fromList.Cells[0].Source);
        Assert.Equal(fromString.ToJson(), fromList.ToJson());
        // A file from before cell ids gets them, and says so in its version.
        Assert.Equal("cell-1", fromList.Cells[0].Id);
        Assert.Equal(5, JsonNode.Parse(fromList.ToJson())!["nbformat_minor"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{\n \"cells\": [\n", "is not valid JSON (line 3")]
    [InlineData("<<<<<<< HEAD\n{}", "is not valid JSON (line 1")]
    [InlineData("[]", "the top is not an object")]
    [InlineData("{\"cells\":[]}", "no number 'nbformat'")]
    [InlineData("{\"nbformat\":4}", "no list 'cells'")]
    [InlineData("{\"nbformat\":3,\"worksheets\":[]}", "has notebook format 3")]
    [InlineData("{\"nbformat\":4,\"cells\":[7]}", "cell 1 is not an object")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"heading\",\"source\":\"\"}]}", "unknown cell_type 'heading'")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\"}]}", "cell 1 has no source")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\",\"source\":[1]}]}", "is not a valid notebook")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\",\"source\":\"\",\"execution_count\":\"x\"}]}", "is not a valid notebook")]
    public void A_damaged_file_says_its_name_what_is_wrong_and_a_remedy(string content, string problem)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("damaged.ipynb", content);
        var error = Assert.Throws<NotebookFormatException>(() => Notebook.Load(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.True(error.Remedy.Length > 20);
        Assert.EndsWith(error.Remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        using var folder = new TemporaryFolder();
        var missing = Path.Combine(folder.Path, "none", "n.ipynb");
        Assert.Contains(missing + " does not exist", Assert.Throws<NotebookFormatException>(() => Notebook.Load(missing)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<NotebookFormatException>(() => Notebook.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_replaces_the_file_and_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("sub/n.ipynb", "old");
        Notebook.Parse(Small).Save(path);
        Assert.Equal(["n.ipynb"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
        Assert.Equal(2, Notebook.Load(path).Cells.Count);
    }

    [Fact]
    public async Task An_empty_notebook_runs_and_exports()
    {
        var notebook = Notebook.Parse("{\"cells\":[],\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":5}", "empty.ipynb");
        var result = await new NotebookRunner().RunAsync(notebook, TestContext.Current.CancellationToken);
        Assert.True(result.Success);
        Assert.Empty(result.Executed.Cells);
        Assert.Contains("<h1>empty</h1>", HtmlExporter.Export(result.Executed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_executed_notebook_has_every_field_that_nbformat_requires()
    {
        var result = await Cells.Run("Console.Write(1); display(HTML(\"<b>x</b>\")); 42", "// nothing", "throw new Exception(\"x\");");
        var root = JsonNode.Parse(result.Executed.ToJson())!.AsObject();

        Assert.Equal(["cells", "metadata", "nbformat", "nbformat_minor"], root.Select(m => m.Key));
        Assert.Equal(".net-csharp", root["metadata"]!["kernelspec"]!["name"]!.ToString());
        var seen = new HashSet<string>();
        foreach (var cell in root["cells"]!.AsArray())
        {
            Assert.Equal(["cell_type", "execution_count", "id", "metadata", "outputs", "source"], cell!.AsObject().Select(m => m.Key));
            Assert.Matches("^[a-zA-Z0-9-_]{1,64}$", cell["id"]!.ToString());
            foreach (var output in cell["outputs"]!.AsArray())
            {
                var type = output!["output_type"]!.ToString();
                seen.Add(type);
                string[] required = type switch
                {
                    "stream" => ["name", "output_type", "text"],
                    "display_data" => ["data", "metadata", "output_type"],
                    "execute_result" => ["data", "execution_count", "metadata", "output_type"],
                    "error" => ["ename", "evalue", "output_type", "traceback"],
                    _ => [],
                };
                Assert.Equal(required, output.AsObject().Select(m => m.Key));
            }
        }

        Assert.Equal(["display_data", "error", "execute_result", "stream"], seen.Order());
        Assert.Equal([1, 2, 3], result.Executed.Cells.Select(c => c.ExecutionCount!.Value));
        var again = Notebook.Parse(result.Executed.ToJson());
        Assert.Equal(result.Executed.ToJson(), again.ToJson());
        Assert.True(again.Cells[0].Elapsed > TimeSpan.Zero);
    }

    [Fact]
    public async Task Running_does_not_change_the_notebook_and_drops_old_outputs()
    {
        var notebook = Notebook.Parse(Small);
        var before = notebook.ToJson();
        var result = await new NotebookRunner().RunAsync(notebook, TestContext.Current.CancellationToken);
        Assert.Equal(before, notebook.ToJson());
        Assert.Empty(result.Executed.Cells[1].Outputs);
        Assert.Equal(1, result.Executed.Cells[1].ExecutionCount);
        Assert.True(result.Executed.Metadata["unknown"]!.GetValue<bool>());
    }
}
