namespace ResearchKit;

/// <summary>
/// A growing sequence of lower sets of exponents: what a moment space keeps is all of its layers up to one, and the next
/// layers are the first moments that it does not keep.
/// </summary>
internal abstract class ExponentLayers
{
    /// <summary>More exponents than this in one layer are never listed: no reduction could watch or keep them.</summary>
    public const int Limit = 4 * MomentSpace.MaxCount;

    /// <summary>
    /// The exponents of the layers from one to another with their layers: by layer, then total degree, then
    /// lexicographically with the first coordinate falling. Null where they are more than the limit.
    /// </summary>
    public List<Exponent>? List(int first, int last, int limit = Limit)
    {
        List<Exponent>? rows = Enumerate(first, last, limit);
        rows?.Sort(static (a, b) => a.Layer != b.Layer ? a.Layer.CompareTo(b.Layer)
            : a.Degree != b.Degree ? a.Degree.CompareTo(b.Degree) : b.Values.AsSpan().SequenceCompareTo(a.Values));
        return rows;
    }

    /// <summary>The number of exponents in a layer; infinite beyond <see cref="Limit"/> unless it is known without listing them.</summary>
    public virtual double Count(int layer) => Enumerate(layer, layer, Limit)?.Count ?? double.PositiveInfinity;

    /// <summary>The exponents of some layers in any order; null where they are more than the limit.</summary>
    protected abstract List<Exponent>? Enumerate(int first, int last, int limit);
}

/// <summary>One moment's exponents, its layer and total degree.</summary>
/// <param name="Values">One exponent per coordinate.</param>
/// <param name="Layer">The first layer that has it.</param>
/// <param name="Degree">Their sum.</param>
internal readonly record struct Exponent(byte[] Values, int Layer, int Degree);

/// <summary>
/// Layers that depend on degrees in groups of coordinates alone: total degree (one group), weighted degree (a group per
/// coordinate), products of degrees.
/// </summary>
/// <param name="groups">Group of each coordinate, from 0; -1 for a coordinate without powers.</param>
/// <param name="layerOf">
/// Layer of an exponent from its degree in every group, <see cref="Never"/> for none; a degree more never lowers it.
/// </param>
internal class GroupedLayers(int[] groups, Func<int[], int> layerOf) : ExponentLayers
{
    /// <summary>The layer of exponents that no layer has.</summary>
    public const int Never = int.MaxValue;

    protected override List<Exponent>? Enumerate(int first, int last, int limit)
    {
        var rows = new List<Exponent>();
        var current = new byte[groups.Length];
        var degrees = new int[Math.Max(1, groups.Max() + 1)];
        return Visit(0, 0, layerOf(degrees)) ? rows : null;

        bool Visit(int from, int degree, int layer)
        {
            if (layer >= first)
            {
                if (rows.Count == limit) return false;
                rows.Add(new Exponent([.. current], layer, degree));
            }
            // Coordinates in turn, so that every exponent is met once; what lies above one of a later layer is later too.
            int group = -1, next = 0;
            for (int j = from; j < current.Length; j++)
            {
                if (groups[j] < 0 || current[j] == byte.MaxValue) continue;
                if (groups[j] != group)
                {
                    group = groups[j];
                    degrees[group]++;
                    next = layerOf(degrees);
                    degrees[group]--;
                }
                if (next > last) continue;
                current[j]++;
                degrees[group]++;
                bool goesOn = Visit(j, degree + 1, next);
                current[j]--;
                degrees[group]--;
                if (!goesOn) return false;
            }
            return true;
        }
    }
}

/// <summary>The layers of total degree: layer n is degree n.</summary>
/// <param name="dimension">m.</param>
internal sealed class TotalDegreeLayers(int dimension) : GroupedLayers(new int[dimension], static degrees => degrees[0])
{
    protected override List<Exponent>? Enumerate(int first, int last, int limit)
        => first == last && Count(first) > limit ? null : base.Enumerate(first, last, limit);

    public override double Count(int layer) => layer > byte.MaxValue && dimension == 1 ? 0 : MomentSpace.CountOf(dimension - 1, layer);
}

/// <summary>
/// The layers around a given lower set: layer n holds the exponents n unit steps away from it, steps along some
/// coordinates only. Layer 0 is the set.
/// </summary>
/// <param name="given">The set.</param>
/// <param name="grows">Whether there are steps along a coordinate.</param>
internal sealed class MarginLayers(IReadOnlyList<byte[]> given, bool[] grows) : ExponentLayers
{
    protected override List<Exponent>? Enumerate(int first, int last, int limit)
    {
        var rows = new List<Exponent>();
        var known = given.Select(Convert.ToHexString).ToHashSet();
        IReadOnlyList<byte[]> outer = given;
        for (int layer = 0; layer <= last; layer++)
        {
            if (layer > 0)
            {
                var next = new List<byte[]>();
                foreach (byte[] inner in outer)
                {
                    for (int j = 0; j < inner.Length; j++)
                    {
                        if (!grows[j] || inner[j] == byte.MaxValue) continue;
                        byte[] step = [.. inner];
                        step[j]++;
                        if (known.Add(Convert.ToHexString(step))) next.Add(step);
                    }
                    if (next.Count > limit) return null;
                }
                outer = next;
            }
            if (layer < first) continue;
            foreach (byte[] e in outer) rows.Add(new Exponent(e, layer, e.Sum(static x => x)));
        }
        return rows;
    }
}
