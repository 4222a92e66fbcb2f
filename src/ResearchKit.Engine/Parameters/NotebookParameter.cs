namespace ResearchKit.Engine;

/// <summary>A variable of a notebook that its caller may set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type as C# writes it: "int", "double[]".</param>
/// <param name="Default">The expression it is initialised with; empty if there is none.</param>
/// <param name="Description">The comment at the end of its line or on the line above; empty if there is none.</param>
public sealed record NotebookParameter(string Name, string TypeName, string Default, string Description)
{
    /// <summary>True for a <c>const</c> or <c>readonly</c> variable, which cannot be set.</summary>
    internal bool IsConstant { get; init; }

    /// <summary>The parameter as a reader sees it: "int seed = 7".</summary>
    public override string ToString() => Default.Length > 0 ? $"{TypeName} {Name} = {Default}" : $"{TypeName} {Name}";
}

/// <summary>A parameter was given that a notebook does not have, or a value that does not fit it.</summary>
/// <param name="message">Names the parameter, the value, and what would do.</param>
public sealed class NotebookParameterException(string message) : Exception(message);
