using System.Globalization;

namespace ResearchKit.Notebooks;

/// <summary>How values of knobs are written: short, and as they would be typed.</summary>
internal static class KnobText
{
    public static string Of<T>(T value) => value switch
    {
        bool b => b ? "true" : "false",
        double d => d.ToString("G6", CultureInfo.InvariantCulture),
        float f => f.ToString("G6", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>Text in marks, so that a stray space shows.</summary>
    public static string Quoted<T>(T value) => value is string ? $"'{value}'" : Of(value);

    /// <summary>"'a', 'b' or 'c'".</summary>
    public static string List<T>(IReadOnlyList<T> values) => values.Count < 2
        ? values.Count == 0 ? "none" : Quoted(values[0])
        : $"{string.Join(", ", values.Take(values.Count - 1).Select(Quoted))} or {Quoted(values[^1])}";

    /// <summary>The one wording for a value that a knob does not take.</summary>
    public static string Refusal(string name, string value, string rule) =>
        $"{name} = {value} is not possible: {rule}. Change it in the parameters cell (or in -p {name}=...) and run that cell and those after it.";
}
