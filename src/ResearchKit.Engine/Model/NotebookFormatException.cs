namespace ResearchKit.Engine;

/// <summary>A notebook file that is missing, is not JSON, or is not a version 4 notebook.</summary>
/// <remarks>The message names the file, says what is wrong and what to do about it.</remarks>
public sealed class NotebookFormatException : Exception
{
    /// <summary>Builds the message from its three parts.</summary>
    /// <param name="path">The file, as the caller named it.</param>
    /// <param name="problem">What is wrong, as a clause: "is not valid JSON (line 3)".</param>
    /// <param name="remedy">What the reader can do, as a sentence.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public NotebookFormatException(string path, string problem, string remedy, Exception? inner = null)
        : base($"{path} {problem}. {remedy}", inner)
    {
        Path = path;
        Remedy = remedy;
    }

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }

    /// <summary>What the reader can do, as a sentence.</summary>
    public string Remedy { get; }
}
