using ResearchKit.Tasks;

namespace ResearchKit;

/// <summary>Where a search for free nodes starts: the mass centres of equal parts of a cell, each with its part's mass.</summary>
internal sealed class GaussSeeds
{
    private readonly double[] keys;
    private readonly int[] order;
    private double[] positions = [];
    private double[] weights = [];

    /// <summary>Takes a cell's points in local coordinates.</summary>
    /// <param name="points">count x m row-major.</param>
    /// <param name="mass">Mass of each, summing to 1.</param>
    /// <param name="dimension">m.</param>
    public GaussSeeds(double[] points, double[] mass, int dimension)
    {
        Points = points;
        Mass = mass;
        Dimension = dimension;
        keys = new double[mass.Length];
        order = new int[mass.Length];
    }

    /// <summary>The points, count x m row-major.</summary>
    public double[] Points { get; }

    /// <summary>Their masses.</summary>
    public double[] Mass { get; }

    /// <summary>m.</summary>
    public int Dimension { get; }

    /// <summary>Number of points.</summary>
    public int Count => Mass.Length;

    /// <summary>n x m row-major, of the last cut.</summary>
    public ReadOnlySpan<double> Positions => positions;

    /// <summary>n masses, of the last cut.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>Cuts the points into n parts of about equal mass.</summary>
    /// <param name="nodes">n, at most the number of points.</param>
    /// <param name="random">Null cuts the widest coordinate; otherwise cuts go in random directions.</param>
    public void Cut(int nodes, SeededRandom? random)
    {
        positions = new double[nodes * Dimension];
        weights = new double[nodes];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        SeededRandom source = random ?? default;
        var direction = new double[Dimension];
        Split(0, order.Length, 0, nodes);

        void Split(int start, int count, int first, int parts)
        {
            if (parts == 1)
            {
                Centre(start, count, first);
                return;
            }
            Array.Clear(direction);
            if (random is null) direction[Widest(start, count)] = 1;
            else source.FillNormal(direction);
            for (int i = start; i < start + count; i++)
            {
                double key = 0;
                for (int c = 0; c < Dimension; c++) key += direction[c] * Points[order[i] * Dimension + c];
                keys[i] = key;
            }
            Array.Sort(keys, order, start, count);
            int low = parts / 2;
            double total = 0, sum = 0;
            for (int i = start; i < start + count; i++) total += Mass[order[i]];
            int nth = 0;
            while (nth < count && sum + 0.5 * Mass[order[start + nth]] < total * low / parts) sum += Mass[order[start + nth++]];
            // Every part needs a point.
            nth = Math.Clamp(nth, low, count - (parts - low));
            Split(start, nth, first, low);
            Split(start + nth, count - nth, first + low, parts - low);
        }
    }

    private int Widest(int start, int count)
    {
        int widest = 0;
        double side = -1;
        for (int c = 0; c < Dimension; c++)
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (int i = start; i < start + count; i++)
            {
                double x = Points[order[i] * Dimension + c];
                low = Math.Min(low, x);
                high = Math.Max(high, x);
            }
            if (high - low > side) (widest, side) = (c, high - low);
        }
        return widest;
    }

    private void Centre(int start, int count, int part)
    {
        double mass = 0;
        Span<double> centre = positions.AsSpan(part * Dimension, Dimension);
        for (int i = start; i < start + count; i++) mass += Mass[order[i]];
        for (int i = start; i < start + count; i++)
            for (int c = 0; c < Dimension; c++) centre[c] += Mass[order[i]] / mass * Points[order[i] * Dimension + c];
        weights[part] = mass;
    }
}
