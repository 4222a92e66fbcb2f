using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ResearchKit.Engine.Jupyter;

/// <summary>Where a kernel listens and the key that both sides sign with: Jupyter's connection file.</summary>
/// <param name="Address">A loopback address: the kernel executes code for whoever reaches it.</param>
/// <param name="ShellPort">Requests.</param>
/// <param name="ControlPort">Interrupt and shutdown, answered while a cell runs.</param>
/// <param name="IoPubPort">Outputs, to every client.</param>
/// <param name="StdinPort">Questions to the user.</param>
/// <param name="HeartbeatPort">Echo.</param>
/// <param name="Key">The secret of HMAC-SHA256; not empty.</param>
public sealed record ConnectionInfo(
    IPAddress Address, int ShellPort, int ControlPort, int IoPubPort, int StdinPort, int HeartbeatPort, string Key)
{
    private const string Remedy = "Start the kernel again from its client, which writes the file.";

    /// <summary>Reads a connection file.</summary>
    /// <param name="path">The file that Jupyter names on the command line.</param>
    /// <exception cref="JupyterKernelException">
    /// The file cannot be read, is not what Jupyter writes, has no key, or asks for anything but
    /// TCP on the loopback interface signed by HMAC-SHA256.
    /// </exception>
    public static ConnectionInfo Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new JupyterKernelException($"The connection file '{path}' cannot be read: {e.Message} {Remedy}", e);
        }

        return Parse(text, path);
    }

    internal static ConnectionInfo Parse(string text, string path)
    {
        JsonObject json;
        try
        {
            json = JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("it is not a JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new JupyterKernelException($"The connection file '{path}' is not JSON: {e.Message} {Remedy}", e);
        }

        var transport = Text("transport");
        if (transport != "tcp")
            throw Wrong($"transport is '{transport}'; this kernel has 'tcp'");
        var scheme = Text("signature_scheme");
        if (scheme != "hmac-sha256")
            throw Wrong($"signature_scheme is '{scheme}'; this kernel has 'hmac-sha256'");
        var ip = Text("ip");
        if (ip == "localhost")
            ip = "127.0.0.1";
        if (!IPAddress.TryParse(ip, out var address) || !IPAddress.IsLoopback(address))
            throw Wrong($"ip is '{ip}'; this kernel listens on the loopback interface only (127.0.0.1): whoever reaches it can run code");
        var key = Text("key");
        if (key.Length == 0)
            throw Wrong("key is empty: messages would not be signed, and any program of this machine could run code");
        return new ConnectionInfo(
            address, Port("shell_port"), Port("control_port"), Port("iopub_port"), Port("stdin_port"), Port("hb_port"), key);

        string Text(string name)
        {
            try
            {
                if (json[name] is JsonValue value && value.TryGetValue(out string? found)) return found;
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair: JSON allows it, a string does not.
            }

            throw Wrong($"'{name}' is missing or is not a string");
        }

        int Port(string name) => json[name] is JsonValue value && value.TryGetValue(out int port) && port is > 0 and <= 65535
            ? port
            : throw Wrong($"'{name}' is {json[name]?.ToJsonString() ?? "missing"}; it must be a port, 1 to 65535");

        JupyterKernelException Wrong(string what) => new($"The connection file '{path}': {what}. {Remedy}");
    }
}
