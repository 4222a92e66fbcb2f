using System.Text.Json.Nodes;

namespace ResearchKit.Engine.Jupyter;

/// <summary>The sockets of a kernel.</summary>
internal enum JupyterChannel
{
    Shell,
    Control,
    Stdin,
    IoPub,
}

/// <summary>A message that a client sent, its signature checked.</summary>
/// <param name="Channel">The socket it came by.</param>
/// <param name="Identities">The way back to its sender.</param>
/// <param name="HeaderBytes">Its header as it was sent: the parent header of every answer.</param>
/// <param name="Type">The header's msg_type.</param>
/// <param name="ParentId">The msg_id of the message that it answers; empty if it answers none.</param>
/// <param name="Content">Its content.</param>
internal sealed record JupyterMessage(
    JupyterChannel Channel, IReadOnlyList<byte[]> Identities, byte[] HeaderBytes, string Type, string ParentId, JsonObject Content)
{
    /// <summary>Where it stands in the order of arrival; set by the kernel.</summary>
    public long Sequence { get; init; }

    /// <summary>A member of the content that is text; null if it is missing or something else.</summary>
    public string? Text(string name) =>
        Content[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A member of the content that is true or false.</summary>
    public bool Flag(string name, bool otherwise) =>
        Content[name] is JsonValue value && value.TryGetValue(out bool flag) ? flag : otherwise;

    /// <summary>A member of the content that is a whole number.</summary>
    public int Number(string name, int otherwise) =>
        Content[name] is JsonValue value && value.TryGetValue(out int number) ? number : otherwise;
}
