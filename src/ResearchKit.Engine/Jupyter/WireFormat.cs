using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ResearchKit.Engine.Jupyter;

/// <summary>Jupyter's messages as frames: identities, delimiter, signature, header, parent, metadata, content, buffers.</summary>
internal static class WireFormat
{
    /// <summary>The version of the protocol that this kernel speaks.</summary>
    public const string Version = "5.3";

    private static readonly byte[] s_delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly byte[] s_empty = "{}"u8.ToArray();
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Takes frames apart. Nothing of them is looked into before the signature has been checked.</summary>
    /// <returns>The message, or null and why it is none.</returns>
    public static (JupyterMessage? Message, string Problem) Parse(JupyterChannel channel, IReadOnlyList<byte[]> frames, MessageSigner signer)
    {
        int delimiter = 0;
        while (delimiter < frames.Count && !frames[delimiter].AsSpan().SequenceEqual(s_delimiter))
            delimiter++;
        if (delimiter == frames.Count)
            return (null, "no delimiter <IDS|MSG>");
        if (frames.Count < delimiter + 6)
            return (null, $"{frames.Count - delimiter - 1} frames after the delimiter; at least 5 are needed");
        byte[] header = frames[delimiter + 2], parent = frames[delimiter + 3], metadata = frames[delimiter + 4], content = frames[delimiter + 5];
        if (!signer.Accept(frames[delimiter + 1], header, parent, metadata, content))
            return (null, "wrong or repeated signature");
        try
        {
            var head = Object(header);
            if (Member(head, "msg_type") is not { Length: > 0 } type)
                return (null, "no msg_type in the header");
            return (new JupyterMessage(channel, [.. frames.Take(delimiter)], header, type, Member(Object(parent), "msg_id") ?? "", Object(content)), "");
        }
        catch (JsonException e)
        {
            return (null, "not JSON: " + e.Message);
        }
    }

    /// <summary>Puts a message together and signs it.</summary>
    /// <param name="prefix">The receiver's identities, or the topic.</param>
    /// <param name="type">The msg_type.</param>
    /// <param name="session">The kernel's session.</param>
    /// <param name="parentHeader">The header of the request; null if there is none.</param>
    /// <param name="content">The content.</param>
    /// <param name="signer">Signs.</param>
    /// <returns>The frames and the message's id.</returns>
    public static (List<byte[]> Frames, string Id) Compose(
        IEnumerable<byte[]> prefix, string type, string session, byte[]? parentHeader, JsonObject content, MessageSigner signer)
    {
        var id = Guid.NewGuid().ToString("n");
        var header = Bytes(new JsonObject
        {
            ["msg_id"] = id,
            ["session"] = session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = Version,
        });
        var parent = parentHeader ?? s_empty;
        var body = Bytes(content);
        return ([.. prefix, s_delimiter, signer.Sign(header, parent, s_empty, body), header, parent, s_empty, body], id);
    }

    private static JsonObject Object(byte[] frame) =>
        JsonNode.Parse(frame, documentOptions: s_strict) as JsonObject ?? throw new JsonException("a frame is not a JSON object");

    private static string? Member(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
