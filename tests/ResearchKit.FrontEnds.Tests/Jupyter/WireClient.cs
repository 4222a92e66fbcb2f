using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;
using ResearchKit.Engine.Jupyter;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>A kernel in this process, and a client that can say things no decent client says.</summary>
internal sealed class WireClient : IDisposable
{
    public const string Key = "5ca1ab1e";

    private readonly JupyterKernel? kernel;
    private readonly DealerSocket shell = new();
    private readonly MessageSigner signer = new(Key);
    private int count;

    /// <summary>Starts a kernel and connects to it.</summary>
    public WireClient(string folder)
    {
        Connection = Free();
        kernel = new JupyterKernel(Connection, folder, Log.Enqueue);
        _ = kernel.RunAsync(TestContext.Current.CancellationToken);
        shell.Connect($"tcp://127.0.0.1:{Connection.ShellPort}");
    }

    /// <summary>Connects to the kernel of another client.</summary>
    public WireClient(WireClient other)
    {
        Connection = other.Connection;
        shell.Connect($"tcp://127.0.0.1:{Connection.ShellPort}");
    }

    public ConnectionInfo Connection { get; }

    /// <summary>What the kernel said that it ignored.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Log { get; } = new();

    public static ConnectionInfo Free()
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners) listener.Stop();
        return new ConnectionInfo(IPAddress.Loopback, ports[0], ports[1], ports[2], ports[3], ports[4], Key);
    }

    /// <summary>The frames of a message, correctly signed with a key of the caller's choice.</summary>
    public List<byte[]> Frames(string type, JsonObject content, string key = Key)
    {
        byte[] header = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["msg_id"] = $"test-{Guid.NewGuid():n}-{++count}", ["session"] = "test", ["username"] = "test", ["msg_type"] = type, ["version"] = "5.3",
        }.ToJsonString());
        return Signed(header, "{}"u8.ToArray(), "{}"u8.ToArray(), Encoding.UTF8.GetBytes(content.ToJsonString()), key);
    }

    public List<byte[]> Signed(byte[] header, byte[] parent, byte[] metadata, byte[] content, string key = Key) =>
        ["<IDS|MSG>"u8.ToArray(), (key == Key ? signer : new MessageSigner(key)).Sign(header, parent, metadata, content), header, parent, metadata, content];

    public List<byte[]> Execute(string code, string key = Key) => Frames("execute_request", new JsonObject { ["code"] = code, ["silent"] = false }, key);

    public void Send(IEnumerable<byte[]> frames) => shell.SendMultipartBytes(frames);

    /// <summary>The next reply on the shell channel.</summary>
    public (string Type, JsonObject Content) Receive(TimeSpan? limit = null)
    {
        List<byte[]> frames = null!;
        if (!shell.TryReceiveMultipartBytes(limit ?? TimeSpan.FromMinutes(2), ref frames!)) throw new TimeoutException("the kernel does not answer");
        int delimiter = frames.FindIndex(f => f.AsSpan().SequenceEqual("<IDS|MSG>"u8));
        // The kernel signs, too.
        Assert.Equal(signer.Sign(frames[delimiter + 2], frames[delimiter + 3], frames[delimiter + 4], frames[delimiter + 5]), frames[delimiter + 1]);
        return ((string)JsonNode.Parse(frames[delimiter + 2])!["msg_type"]!, (JsonObject)JsonNode.Parse(frames[delimiter + 5])!);
    }

    /// <summary>The plain value of an expression, asked for as a client asks.</summary>
    public string Value(string expression)
    {
        Send(Frames("execute_request", new JsonObject
        {
            ["code"] = "", ["silent"] = true, ["user_expressions"] = new JsonObject { ["x"] = $"({expression}).ToString()" },
        }));
        (string type, JsonObject content) = Receive();
        Assert.Equal("execute_reply", type);
        return (string)content["user_expressions"]!["x"]!["data"]!["text/plain"]!;
    }

    public void Dispose()
    {
        shell.Options.Linger = TimeSpan.Zero;
        shell.Dispose();
        kernel?.Dispose();
    }
}
