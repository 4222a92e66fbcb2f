using System.Text;
using System.Text.Json.Nodes;

namespace ResearchKit.Engine.Jupyter;

/// <summary>Composes, signs and sends what the kernel says; from any thread.</summary>
internal sealed class KernelOutbox(MessageSigner signer, Action<JupyterChannel, List<byte[]>> send)
{
    private readonly string _session = Guid.NewGuid().ToString("n");

    /// <summary>Answers a request on the channel it came by.</summary>
    public void Reply(JupyterMessage request, string type, JsonObject content) =>
        send(request.Channel, WireFormat.Compose(request.Identities, type, _session, request.HeaderBytes, content, signer).Frames);

    /// <summary>Tells all clients.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="parentHeader">The header of the request that this is about; null if there is none.</param>
    /// <param name="content">The content.</param>
    public void Publish(string type, byte[]? parentHeader, JsonObject content) =>
        send(JupyterChannel.IoPub, WireFormat.Compose([Encoding.ASCII.GetBytes("kernel." + type)], type, _session, parentHeader, content, signer).Frames);

    /// <summary>Says whether the kernel works on a request.</summary>
    public void Status(string state, byte[]? parentHeader) =>
        Publish("status", parentHeader, new JsonObject { ["execution_state"] = state });

    /// <summary>Asks the client that sent a request for a line of input.</summary>
    /// <returns>The question's id.</returns>
    public string Ask(JupyterMessage request, JsonObject content)
    {
        var (frames, id) = WireFormat.Compose(request.Identities, "input_request", _session, request.HeaderBytes, content, signer);
        send(JupyterChannel.Stdin, frames);
        return id;
    }
}
