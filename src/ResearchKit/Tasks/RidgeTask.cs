using System.Numerics;

namespace ResearchKit.Tasks;

/// <summary>
/// A symmetric function that averages ridge functions: f = (1/d) sum_i c_i (1/P) sum_a phi(w_i . x_a), with P fixed
/// directions x_a. It is the h = identity case of the paper's Assumption 1, so its error is that of plain moment matching.
/// </summary>
/// <remarks>
/// Sums are compensated and both sets go through the same vector code, so that differences near 1e-16 (relative to the
/// values of phi, which are of order 1) still mean something; smaller ones are round-off.
/// </remarks>
public abstract class RidgeTask
{
    private const int Block = 256;
    private readonly double[] directions;

    private protected RidgeTask(WeightedPoints points, double[] directions)
    {
        Points = points;
        this.directions = directions;
        DirectionCount = directions.Length / points.Dimension;
    }

    /// <summary>The original set of d objects w_i.</summary>
    public WeightedPoints Points { get; }

    /// <summary>P, the number of directions.</summary>
    public int DirectionCount { get; }

    /// <summary>The P x m row-major directions x_a.</summary>
    public ReadOnlySpan<double> Directions => directions;

    /// <summary>f of a set, normalised by the mass of the original (d), not by the set's own.</summary>
    /// <param name="set">Weighted objects of the same dimension m.</param>
    /// <exception cref="ArgumentException">Another dimension.</exception>
    public double Evaluate(WeightedPoints set)
    {
        var sum = new CompensatedSum();
        Accumulate(set, 1, ref sum);
        return sum.Total / (Points.Mass * DirectionCount);
    }

    /// <summary>f(compressed) - f(original), signed, all terms in one compensated sum.</summary>
    /// <param name="original">The set that was compressed; its mass normalises.</param>
    /// <param name="compressed">The set that stands for it.</param>
    /// <exception cref="ArgumentException">Another dimension.</exception>
    public double Error(WeightedPoints original, WeightedPoints compressed)
    {
        var sum = new CompensatedSum();
        Accumulate(compressed, 1, ref sum);
        Accumulate(original, -1, ref sum);
        return sum.Total / (original.Mass * DirectionCount);
    }

    /// <summary>f(compressed) - f(original) for a compression of <see cref="Points"/>.</summary>
    /// <param name="compressed">A selection from <see cref="Points"/>.</param>
    public double Error(CompressedSet compressed)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        return Error(Points, compressed.Points(Points));
    }

    /// <summary>Replaces every z = w . x_a by phi(z), in place; the length is a multiple of the vector width.</summary>
    private protected abstract void Apply(Span<double> z);

    private protected static double[] Uniform(ref SeededRandom random, int count, double low, double high)
    {
        var values = new double[count];
        random.FillUniform(values, low, high);
        return values;
    }

    private protected static void RequireShape(int dimension, int count, int directions)
    {
        if (dimension < 1)
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "The dimension m must be at least 1.");
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of objects d must be at least 1.");
        if (directions < 1)
            throw new ArgumentOutOfRangeException(nameof(directions), directions, "At least one direction is needed; the paper uses ten.");
    }

    private void Accumulate(WeightedPoints set, double sign, ref CompensatedSum total)
    {
        ArgumentNullException.ThrowIfNull(set);
        int m = Points.Dimension;
        if (set.Dimension != m)
            throw new ArgumentException($"The set has m = {set.Dimension} coordinates, the task has {m}; evaluate sets of the task's own objects.", nameof(set));
        var columns = new double[m * Block];
        var z = new double[Block];
        var perObject = new double[Block];
        ReadOnlySpan<double> rows = set.Coordinates, weights = set.Weights;
        for (int start = 0; start < set.Count; start += Block)
        {
            int count = Math.Min(Block, set.Count - start);
            // Column-major block, so that a vector runs along the objects; a short last block is padded by stale
            // but finite values, which are not summed.
            for (int i = 0; i < count; i++)
                for (int j = 0; j < m; j++)
                    columns[j * Block + i] = rows[(start + i) * m + j];
            SumOverDirections(columns, z, perObject, m);
            for (int i = 0; i < count; i++)
                total.Add(sign * perObject[i] * (weights.IsEmpty ? 1 : weights[start + i]));
        }
    }

    private void SumOverDirections(double[] columns, double[] z, double[] perObject, int m)
    {
        Array.Clear(perObject);
        for (int a = 0; a < DirectionCount; a++)
        {
            for (int i = 0; i < Block; i += Vector<double>.Count)
            {
                Vector<double> dot = Vector<double>.Zero;
                for (int j = 0; j < m; j++)
                    dot += new Vector<double>(columns, j * Block + i) * directions[a * m + j];
                dot.CopyTo(z, i);
            }
            Apply(z);
            for (int i = 0; i < Block; i += Vector<double>.Count)
                (new Vector<double>(perObject, i) + new Vector<double>(z, i)).CopyTo(perObject, i);
        }
    }
}
