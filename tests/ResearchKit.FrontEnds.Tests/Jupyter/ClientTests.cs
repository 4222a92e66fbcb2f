using System.Text.Json;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>The installed kernel as Jupyter's own client sees it.</summary>
[Collection(InstalledKernel.Collection)]
public class ClientTests(InstalledKernel kernel)
{
    [Fact]
    public async Task Streams_results_displays_and_updates_reach_the_client()
    {
        JsonElement all = await kernel.ClientAsync("outputs");
        Assert.Equal(["status", "execute_input", "stream", "stream", "execute_result"], Types(all[0]));
        Assert.Equal("out\n", Output(all[0], 2, "text"));
        Assert.Equal("stderr", Output(all[0], 3, "name"));
        Assert.Contains("42", all[0].GetProperty("outputs")[4].GetProperty("content").GetProperty("data").ToString());

        Assert.Equal(["status", "execute_input", "display_data", "update_display_data"], Types(all[1]));
        string id = DisplayId(all[1], 2);
        Assert.Equal(id, DisplayId(all[1], 3));
        // An output of an earlier cell.
        Assert.Equal(id, DisplayId(all[2], 2));
        Assert.Equal(["text/html", "text/markdown"], all[3].GetProperty("outputs").EnumerateArray().Skip(2)
            .SelectMany(o => o.GetProperty("content").GetProperty("data").EnumerateObject()).Select(p => p.Name));

        // All of 20000 lines, in order, in few messages.
        JsonElement[] lines = [.. all[4].GetProperty("outputs").EnumerateArray().Where(o => o.GetProperty("type").GetString() == "stream")];
        Assert.Equal(string.Concat(Enumerable.Range(0, 20000).Select(i => $"{i}\n")), string.Concat(lines.Select(l => l.GetProperty("content").GetProperty("text").GetString())));
        Assert.True(lines.Length < 2000, $"{lines.Length} messages");

        Assert.Equal(["status"], Types(all[5]));
        Assert.Equal(5, all[5].GetProperty("reply").GetProperty("execution_count").GetInt32());
        JsonElement values = all[6].GetProperty("reply").GetProperty("user_expressions");
        Assert.Contains("42", values.GetProperty("twice").GetProperty("data").ToString());
        Assert.Equal("error", values.GetProperty("wrong").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Errors_say_where_and_stop_the_cells_sent_after_them()
    {
        JsonElement all = await kernel.ClientAsync("errors");
        Assert.Contains("line 2, column 14", Traceback(all[0]));
        Assert.Contains("  2 |   int b = a +* 2;", Traceback(all[0]));
        Assert.Equal("ArgumentException", Reply(all[2], "ename"));
        Assert.Contains("line 2, column 13: odd", Traceback(all[2]));
        Assert.Contains("at Half in cell 2, line 3", Traceback(all[2]));
        // The error is published too, for clients that show outputs.
        Assert.Equal("error", Types(all[2])[^1]);
        Assert.Contains("researchkit notebooks prepare", Reply(all[3], "evalue"));
        Assert.Equal("error", Reply(all[4], "status"));
        Assert.Equal("aborted", Reply(all[5], "status"));
        Assert.Equal("ok", Reply(all[6], "status"));
    }

    [Fact]
    public async Task Completion_and_hover_know_what_earlier_cells_declared()
    {
        JsonElement all = await kernel.ClientAsync("language");
        Assert.Contains("ages", Matches(all, "variable"));
        Assert.Equal(["TryAdd", "TryGetAlternateLookup", "TryGetNonEnumeratedCount", "TryGetValue"], Matches(all, "member"));
        Assert.Equal((5, 8), Range(all.GetProperty("inside")));
        Assert.Contains("ContainsKey", Matches(all, "inside"));
        // The client counts the emoji as one character, .NET as two.
        Assert.Equal(["Twice"], Matches(all, "astral"));
        Assert.Equal((13, 16), Range(all.GetProperty("astral")));

        string hover = all.GetProperty("hover").GetProperty("data").GetProperty("text/plain").GetString()!;
        Assert.Contains("int Twice(int n)", hover);
        Assert.Contains("Two of them.", hover);
        Assert.Contains("Console.WriteLine(", all.GetProperty("call").GetProperty("data").GetProperty("text/plain").GetString());
        Assert.False(all.GetProperty("unknown").GetProperty("found").GetBoolean());

        Assert.Equal("complete", all.GetProperty("complete").GetProperty("status").GetString());
        Assert.Equal(("incomplete", "    "), (all.GetProperty("incomplete").GetProperty("status").GetString(), all.GetProperty("incomplete").GetProperty("indent").GetString()));
        Assert.Equal("invalid", all.GetProperty("invalid").GetProperty("status").GetString());
        Assert.Equal("ok", Reply(all.GetProperty("still_runs"), "status"));
        Assert.Contains("display(Twice(4));", all.GetProperty("history").GetProperty("history").ToString());
        Assert.Empty(all.GetProperty("comms").GetProperty("comms").EnumerateObject());
        Assert.Equal("5.3", all.GetProperty("info").GetProperty("protocol_version").GetString());
    }

    [Fact]
    public async Task A_cell_asks_the_client_that_runs_it()
    {
        JsonElement all = await kernel.ClientAsync("stdin");
        Assert.Contains("hello Ada", all[0].GetProperty("outputs").ToString());
        Assert.Contains("pin/True", all[1].GetProperty("outputs").ToString());
        Assert.Contains("takes none", Reply(all[2], "evalue"));
    }

    [Fact]
    public async Task An_interrupt_ends_compression_sleep_and_input_and_frees_the_kernel_of_an_endless_loop()
    {
        JsonElement all = await kernel.ClientAsync("interrupt", kernel.Library);
        foreach (string stopped in new[] { "compression", "sleep", "input" })
            Assert.Equal(("Interrupted", true), (Reply(all.GetProperty(stopped), "ename"), Reply(all.GetProperty(stopped), "evalue").StartsWith("The cell was interrupted.", StringComparison.Ordinal)));
        foreach (string left in new[] { "await", "loop" })
            Assert.Contains("restart the kernel", Reply(all.GetProperty(left), "evalue"));
        // What the interrupted cell did before is kept, and the kernel goes on.
        Assert.Contains("2", all.GetProperty("after").GetProperty("outputs")[2].ToString());
        Assert.Contains("42", all.GetProperty("goes_on").GetProperty("outputs")[2].ToString());
        Assert.Equal("ok", Reply(all.GetProperty("idle"), "status"));
        Assert.Equal("ok", Reply(all.GetProperty("input").GetProperty("next"), "status"));
    }

    [Fact]
    public async Task A_restart_forgets_everything_in_a_new_process()
    {
        JsonElement all = await kernel.ClientAsync("restart");
        Assert.Equal("ok", Reply(all.GetProperty("before"), "status"));
        Assert.Contains("'kept' does not exist", Reply(all.GetProperty("after"), "evalue"));
        Assert.True(all.GetProperty("new_process").GetBoolean());
        Assert.True(all.GetProperty("old_gone").GetBoolean());
    }

    [Fact]
    public async Task Two_clients_have_each_their_own_replies()
    {
        JsonElement all = await kernel.ClientAsync("two_clients");
        Assert.Equal(("ok", "ok"), (all.GetProperty("first").GetProperty("status").GetString(), all.GetProperty("second").GetProperty("status").GetString()));
        Assert.False(all.GetProperty("strayed").GetBoolean());
    }

    private static string[] Types(JsonElement run) => [.. run.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("type").GetString()!)];

    private static string? Output(JsonElement run, int index, string name) => run.GetProperty("outputs")[index].GetProperty("content").GetProperty(name).GetString();

    private static string DisplayId(JsonElement run, int index) =>
        run.GetProperty("outputs")[index].GetProperty("content").GetProperty("transient").GetProperty("display_id").GetString()!;

    private static string Reply(JsonElement run, string name) => run.GetProperty("reply").GetProperty(name).GetString()!;

    private static string Traceback(JsonElement run) => string.Join('\n', run.GetProperty("reply").GetProperty("traceback").EnumerateArray().Select(l => l.GetString()));

    private static string[] Matches(JsonElement all, string name) => [.. all.GetProperty(name).GetProperty("matches").EnumerateArray().Select(m => m.GetString()!)];

    private static (int Start, int End) Range(JsonElement reply) => (reply.GetProperty("cursor_start").GetInt32(), reply.GetProperty("cursor_end").GetInt32());
}
