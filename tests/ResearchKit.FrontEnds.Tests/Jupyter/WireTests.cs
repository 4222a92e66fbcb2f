using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ResearchKit.Engine.Jupyter;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>What strangers and broken clients send: ignored, and never executed.</summary>
public sealed class WireTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_wrong_signature_executes_nothing()
    {
        using var client = new WireClient(folder.Path);
        string file = folder.File("executed").Replace('\\', '/');
        client.Send(client.Execute($"System.IO.File.WriteAllText(\"{file}\", \"\");", key: "guessed"));
        List<byte[]> cut = client.Execute($"System.IO.File.WriteAllText(\"{file}\", \"\");");
        cut[1] = cut[1][..10];
        client.Send(cut);
        List<byte[]> none = client.Execute($"System.IO.File.WriteAllText(\"{file}\", \"\");");
        none[1] = [];
        client.Send(none);
        // What comes after on the same socket is answered, so the three before it have been looked at.
        Assert.Equal("7", client.Value("3 + 4"));
        Assert.False(File.Exists(file));
        Assert.Equal(3, client.Log.Count(l => l.Contains("signature", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_message_is_executed_once_however_often_it_is_sent()
    {
        using var client = new WireClient(folder.Path);
        client.Send(client.Execute("int n = 0;"));
        client.Receive();
        List<byte[]> message = client.Execute("n++;");
        for (int i = 0; i < 3; i++) client.Send(message);
        client.Receive();
        Assert.Equal("1", client.Value("n"));
    }

    [Fact]
    public void Malformed_frames_and_unknown_types_are_ignored()
    {
        using var client = new WireClient(folder.Path);
        byte[] header = "{\"msg_id\":\"1\",\"msg_type\":\"execute_request\"}"u8.ToArray(), empty = "{}"u8.ToArray();
        client.Send(["no delimiter"u8.ToArray()]);
        client.Send([[], []]);
        client.Send(["<IDS|MSG>"u8.ToArray()]);
        client.Send(["<IDS|MSG>"u8.ToArray(), "0"u8.ToArray(), empty]);
        // Correctly signed, and still no messages.
        client.Send(client.Signed("{"u8.ToArray(), empty, empty, empty));
        client.Send(client.Signed([0xff, 0xfe], empty, empty, empty));
        client.Send(client.Signed("[]"u8.ToArray(), empty, empty, empty));
        client.Send(client.Signed(empty, empty, empty, empty));
        client.Send(client.Signed(header, empty, empty, "[1]"u8.ToArray()));
        client.Send(client.Signed(header, empty, empty, Encoding.UTF8.GetBytes(new string('[', 100000))));
        client.Send(client.Signed(header, empty, empty, "{\"code\":1,\"code\":2}"u8.ToArray()));
        client.Send(client.Frames("make_coffee_request", []));
        Assert.Equal("7", client.Value("3 + 4"));
        Assert.Equal(12, client.Log.Count);
        Assert.Contains(client.Log, l => l.Contains("make_coffee_request", StringComparison.Ordinal));
    }

    [Fact]
    public void A_request_without_what_it_needs_has_an_error_for_a_reply()
    {
        using var client = new WireClient(folder.Path);
        client.Send(client.Frames("execute_request", new JsonObject { ["code"] = 5 }));
        Assert.Equal("error", (string?)client.Receive().Content["status"]);
        client.Send(client.Frames("complete_request", new JsonObject { ["code"] = "Math.", ["cursor_pos"] = -3 }));
        Assert.Equal("complete_reply", client.Receive().Type);
        client.Send(client.Frames("history_request", new JsonObject { ["hist_access_type"] = "search", ["n"] = "many" }));
        Assert.Equal("ok", (string?)client.Receive().Content["status"]);
    }

    [Fact]
    public void Noise_on_every_port_harms_nothing()
    {
        using var client = new WireClient(folder.Path);
        var random = new Random(1);
        ConnectionInfo c = client.Connection;
        foreach (int port in new[] { c.ShellPort, c.ControlPort, c.IoPubPort, c.StdinPort, c.HeartbeatPort })
        {
            byte[] noise = new byte[5000];
            random.NextBytes(noise);
            // A greeting of the protocol with nonsense after it, other protocols, silence.
            byte[] greeting = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, .. noise];
            foreach (byte[] bytes in new[] { noise, greeting, "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [] })
            {
                using var tcp = new TcpClient("127.0.0.1", port);
                tcp.GetStream().Write(bytes);
                tcp.GetStream().Flush();
            }
        }
        Assert.Equal("7", client.Value("3 + 4"));
    }

    [Fact]
    public void A_cell_of_50_MB_runs()
    {
        using var client = new WireClient(folder.Path);
        client.Send(client.Execute("var big = 42; // " + new string('x', 50_000_000)));
        Assert.Equal("ok", (string?)client.Receive().Content["status"]);
        Assert.Equal("42", client.Value("big"));
    }

    [Fact]
    public void Two_clients_at_once_share_variables_and_have_each_their_own_replies()
    {
        using var one = new WireClient(folder.Path);
        using var two = new WireClient(one);
        one.Send(one.Execute("int total = 0;"));
        one.Receive();
        for (int i = 0; i < 5; i++)
        {
            one.Send(one.Execute("total += 1;"));
            two.Send(two.Execute("total += 100;"));
        }
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("ok", (string?)one.Receive().Content["status"]);
            Assert.Equal("ok", (string?)two.Receive().Content["status"]);
        }
        Assert.Equal("505", two.Value("total"));
    }

    [Fact]
    public void A_port_that_is_taken_is_named()
    {
        using var client = new WireClient(folder.Path);
        var error = Assert.Throws<JupyterKernelException>(() => new JupyterKernel(client.Connection, folder.Path));
        Assert.Contains($"shell_port {client.Connection.ShellPort}", error.Message);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("{}", "'transport' is missing")]
    [InlineData("""{"transport":"ipc"}""", "transport is 'ipc'")]
    [InlineData("""{"transport":"tcp","signature_scheme":"hmac-md5"}""", "signature_scheme is 'hmac-md5'")]
    [InlineData("""{"transport":"tcp","signature_scheme":"hmac-sha256","ip":"0.0.0.0","key":"k"}""", "loopback")]
    [InlineData("""{"transport":"tcp","signature_scheme":"hmac-sha256","ip":"192.168.1.5","key":"k"}""", "loopback")]
    [InlineData("""{"transport":"tcp","signature_scheme":"hmac-sha256","ip":"127.0.0.1","key":""}""", "key is empty")]
    [InlineData("""{"transport":"tcp","signature_scheme":"hmac-sha256","ip":"127.0.0.1","key":"k","shell_port":70000}""", "'shell_port' is 70000")]
    public void A_connection_file_that_is_no_good_is_refused(string text, string says)
    {
        string file = folder.Write("connection.json", text);
        Assert.Contains(says, Assert.Throws<JupyterKernelException>(() => ConnectionInfo.Read(file)).Message);
    }

    [Fact]
    public void A_connection_file_that_cannot_be_read_is_named()
    {
        foreach (string path in new[] { folder.File("absent.json"), folder.Path })
            Assert.Contains($"'{path}' cannot be read", Assert.Throws<JupyterKernelException>(() => ConnectionInfo.Read(path)).Message);
    }
}
