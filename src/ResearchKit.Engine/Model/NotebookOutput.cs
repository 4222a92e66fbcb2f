using System.Text.Json.Nodes;

namespace ResearchKit.Engine;

/// <summary>One output of a code cell.</summary>
public abstract record NotebookOutput;

/// <summary>Text that a cell wrote to a standard stream.</summary>
/// <param name="Name">"stdout" or "stderr".</param>
/// <param name="Text">What was written.</param>
public sealed record StreamOutput(string Name, string Text) : NotebookOutput;

/// <summary>A value shown by a cell, in one or more formats.</summary>
/// <param name="Data">From mime type to content: a string, or a JSON value for JSON types.</param>
/// <param name="Metadata">Per mime type metadata; usually empty.</param>
/// <param name="ExecutionCount">The number in "Out [n]" of a cell's value; null for a displayed value.</param>
public sealed record DisplayOutput(JsonObject Data, JsonObject Metadata, int? ExecutionCount = null) : NotebookOutput
{
    /// <summary>True for the value of a cell's last expression, false for what the cell displayed.</summary>
    public bool IsResult { get; init; }

    /// <summary>The content in a format, or null when the output lacks it.</summary>
    /// <param name="mimeType">For example "text/html".</param>
    public string? Text(string mimeType) =>
        Data[mimeType] is JsonNode node ? NotebookReader.MultilineText(node) : null;
}

/// <summary>The error that ended a cell.</summary>
/// <param name="Name">The kind of error: an exception's type, or "CompilationError".</param>
/// <param name="Message">The message.</param>
/// <param name="Traceback">Where it came from, one line each.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Traceback) : NotebookOutput;
