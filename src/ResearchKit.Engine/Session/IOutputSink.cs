namespace ResearchKit.Engine;

/// <summary>Where the outputs of an executing cell go: a notebook, or a Jupyter client.</summary>
/// <remarks>Called from whatever thread the cell's code writes on; implementations synchronise.</remarks>
public interface IOutputSink
{
    /// <summary>Text was written to a standard stream.</summary>
    /// <param name="name">"stdout" or "stderr".</param>
    /// <param name="text">What was written; any piece of a line.</param>
    void Stream(string name, string text);

    /// <summary>A value was displayed.</summary>
    /// <param name="data">From mime type to content.</param>
    /// <param name="displayId">The name under which <see cref="Update"/> replaces it.</param>
    void Display(IReadOnlyDictionary<string, string> data, string displayId);

    /// <summary>A displayed value was replaced, perhaps one of an earlier cell.</summary>
    /// <param name="data">From mime type to content.</param>
    /// <param name="displayId">The name given to <see cref="Display"/>.</param>
    void Update(IReadOnlyDictionary<string, string> data, string displayId);

    /// <summary>The value of the cell's last expression.</summary>
    /// <param name="data">From mime type to content.</param>
    void Result(IReadOnlyDictionary<string, string> data);

    /// <summary>The cell failed; nothing of it follows.</summary>
    /// <param name="failure">What went wrong and where.</param>
    void Error(CellFailure failure);
}
