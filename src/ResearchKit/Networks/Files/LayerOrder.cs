using System.Text.RegularExpressions;

namespace ResearchKit.Networks;

/// <summary>
/// Puts the layers of a file into the order in which a network applies them: each takes as many inputs as the one before
/// gives, and names that differ in numbers alone ("0", "2", "10" or "fc1", "fc2") stand in the order of these.
/// </summary>
internal static partial class LayerOrder
{
    // Ways tried before the order counts as unclear.
    private const int MaxSteps = 100_000, MaxLayers = 1000;

    /// <summary>The one order that fits.</summary>
    /// <exception cref="InvalidDataException">None fits, or several do, or there is no hidden layer.</exception>
    public static List<PlainLayer> Of(IReadOnlyList<PlainLayer> layers, string path)
    {
        if (layers.Count is < 2 or > MaxLayers)
            throw new InvalidDataException($"'{path}' has {layers.Count} fully connected layer(s); a network needs 2 to {MaxLayers}, the last being its outputs: save one with a hidden layer.");
        PlainLayer[][] groups = [.. layers.GroupBy(layer => Number().Replace(layer.Name, "#"), (_, group) => group.OrderBy(NumericName, StringComparer.Ordinal).ToArray())];
        var search = new Search(groups, layers.Count);
        search.Extend();
        if (search.Found.Count == 1 && search.Steps < MaxSteps) return search.Found[0];
        string list = string.Join(", ", layers.Select(layer => $"'{layer.Name}' {Tensor.Text([layer.Outputs, layer.Inputs])}"));
        if (search.Found.Count == 0 && search.Steps < MaxSteps)
            throw new InvalidDataException($"The layers of '{path}' do not join: {list} as [outputs, inputs]. {Mismatch(groups)}Each must take as many inputs as the one before gives: save the layers of one network.");
        throw new InvalidDataException($"The layers of '{path}' fit together in several orders: {list} as [outputs, inputs]. Number them in their names, as nn.Sequential does.");
    }

    private static string Mismatch(PlainLayer[][] groups)
    {
        if (groups.Length > 1) return "";
        foreach ((PlainLayer before, PlainLayer after) in groups[0].Zip(groups[0].Skip(1)))
            if (before.Outputs != after.Inputs) return $"Layer '{after.Name}' takes {after.Inputs} inputs, '{before.Name}' gives {before.Outputs}. ";
        return "";
    }

    /// <summary>A name whose text order is the order of its numbers.</summary>
    private static string NumericName(PlainLayer layer) => Number().Replace(layer.Name, match => match.Value.PadLeft(30, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    /// <summary>All ways to merge the groups, each in its order, into one chain; stops at the second.</summary>
    private sealed class Search(PlainLayer[][] groups, int count)
    {
        private readonly int[] next = new int[groups.Length];
        private readonly List<PlainLayer> chain = [];

        public List<List<PlainLayer>> Found { get; } = [];

        public int Steps { get; private set; }

        public void Extend()
        {
            if (chain.Count == count)
            {
                Found.Add([.. chain]);
                return;
            }
            for (int g = 0; g < groups.Length && Found.Count < 2 && Steps < MaxSteps; g++)
            {
                if (next[g] == groups[g].Length) continue;
                PlainLayer layer = groups[g][next[g]];
                if (chain.Count > 0 && chain[^1].Outputs != layer.Inputs) continue;
                Steps++;
                next[g]++;
                chain.Add(layer);
                Extend();
                chain.RemoveAt(chain.Count - 1);
                next[g]--;
            }
        }
    }
}
