namespace ResearchKit.Networks;

/// <summary>
/// Where the parameters of a model's objects stand: for every block and every axis of it the set of objects that runs
/// along it. Selecting objects, gathering them as rows and writing rows back all follow from it.
/// </summary>
internal sealed class NetworkObjectLayout
{
    /// <summary>The mark of an axis along which no objects run.</summary>
    public const int None = -1;

    private readonly Part[] parts;
    private readonly int parameters;

    /// <summary>Describes a model.</summary>
    /// <param name="model">Gives the blocks and the numbers of objects.</param>
    /// <param name="axes">
    /// Block names with the set of each axis or <see cref="None"/>; their order is the order of an object's coordinates.
    /// Blocks that are not named belong to no object.
    /// </param>
    public NetworkObjectLayout(WeightedModel model, IReadOnlyList<(string Block, int[] Sets)> axes)
    {
        parameters = model.Parameters.Length;
        Widths = [.. Enumerable.Range(0, model.ObjectSets).Select(s => model.ObjectWeights(s).Length)];
        var named = axes.Select(a => a.Block).ToHashSet();
        parts =
        [
            .. axes.Select(a => new Part(model.Blocks.First(b => b.Name == a.Block), a.Sets)),
            .. model.Blocks.Where(b => !named.Contains(b.Name)).Select(b => new Part(b, [.. b.Shape.Select(static _ => None)])),
        ];
    }

    /// <summary>d of every set.</summary>
    public int[] Widths { get; }

    /// <summary>The number of coordinates of an object.</summary>
    /// <param name="set">Which set.</param>
    public int Dimension(int set) => parts.Where(p => p.Sets.Contains(set)).Sum(p => p.Block.Length / Widths[set]);

    /// <summary>For every coordinate of every object of a set its place in the parameter vector, one row per object.</summary>
    /// <param name="set">Which set.</param>
    public int[] Places(int set)
    {
        int m = Dimension(set), first = 0;
        var places = new int[checked(Widths[set] * m)];
        foreach (Part part in parts)
        {
            int axis = Array.IndexOf(part.Sets, set);
            if (axis < 0) continue;
            int inner = part.Block.Shape.Skip(axis + 1).Aggregate(1, static (a, b) => a * b);
            int width = Widths[set], outer = part.Block.Length / (inner * width);
            for (int j = 0; j < width; j++)
                for (int o = 0; o < outer; o++)
                    for (int i = 0; i < inner; i++)
                        places[j * m + first + o * inner + i] = part.Block.Offset + (o * width + j) * inner + i;
            first += outer * inner;
        }
        return places;
    }

    /// <summary>The objects of a set as points, with the model's weights as their masses.</summary>
    /// <param name="model">A model of this layout.</param>
    /// <param name="set">Which set.</param>
    public WeightedPoints Objects(WeightedModel model, int set)
    {
        int[] places = Places(set);
        var rows = new double[places.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = model.Parameters[places[i]];
        return new WeightedPoints(rows, Dimension(set), [.. model.ObjectWeights(set)]);
    }

    /// <summary>For every parameter of the model of the selected objects its place in this one's parameter vector.</summary>
    /// <param name="smaller">The layout of the model with as many objects as are selected.</param>
    /// <param name="selected">The selected indices of every set, in the order of the smaller model.</param>
    public int[] Selection(NetworkObjectLayout smaller, IReadOnlyList<int[]> selected)
    {
        var map = new int[smaller.parameters];
        for (int p = 0; p < parts.Length; p++)
        {
            Part from = parts[p], to = smaller.parts[p];
            IReadOnlyList<int> shape = to.Block.Shape;
            var at = new int[shape.Count];
            for (int i = 0; i < to.Block.Length; i++)
            {
                int place = 0;
                for (int a = 0; a < at.Length; a++)
                    place = place * from.Block.Shape[a] + (from.Sets[a] == None ? at[a] : selected[from.Sets[a]][at[a]]);
                map[to.Block.Offset + i] = from.Block.Offset + place;
                for (int a = at.Length - 1; a >= 0 && ++at[a] == shape[a]; a--) at[a] = 0;
            }
        }
        return map;
    }

    private sealed record Part(ParameterBlock Block, int[] Sets);
}
