using System.Globalization;

namespace ResearchKit.Cli;

/// <summary>Values as text that reads back to the same value.</summary>
internal static class CellText
{
    public static string Of(object? value) => value switch
    {
        null => "",
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        // A float's own shortest text names another double than the one that was compressed.
        float f => ((double)f).ToString("R", CultureInfo.InvariantCulture),
        DateTime t => t.ToString("O", CultureInfo.InvariantCulture),
        bool b => b ? "true" : "false",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}

/// <summary>The names of the two columns that the output has beyond the input's.</summary>
internal readonly record struct AddedColumns(string Row, string Weight)
{
    /// <summary>"row" and "weight", unless the input has columns of these names, which stay untouched.</summary>
    public static AddedColumns Beside(IReadOnlyCollection<string> existing)
    {
        return new(Free("row"), Free("weight"));

        string Free(string name)
        {
            string choice = name;
            for (int i = 0; existing.Contains(choice); i++) choice = i == 0 ? $"compressed_{name}" : $"compressed_{name}_{i}";
            return choice;
        }
    }
}
