using System.Numerics;

namespace ResearchKit.Tasks;

/// <summary>
/// The task of Fig. 2: f = (1/d) sum_i (1/10) sum_a sigmoid(w_i . x_a), with w_i and ten x_a uniform on [-1, 1]^m.
/// </summary>
public sealed class RidgeSigmoidTask : RidgeTask
{
    /// <summary>The number of directions x_a in the paper.</summary>
    public const int PaperDirections = 10;

    private RidgeSigmoidTask(WeightedPoints points, double[] directions) : base(points, directions) { }

    /// <summary>Draws a task; the same arguments give the same bits on every machine.</summary>
    /// <param name="dimension">m, at least 1.</param>
    /// <param name="count">d, at least 1.</param>
    /// <param name="seed">Seed of the directions (stream 1) and, apart from them, of the objects (stream 0).</param>
    /// <param name="directions">The number of x_a.</param>
    public static RidgeSigmoidTask Generate(int dimension, int count, int seed, int directions = PaperDirections)
    {
        RequireShape(dimension, count, directions);
        var objects = new SeededRandom(seed);
        var probes = new SeededRandom(seed, 1);
        return new RidgeSigmoidTask(
            new WeightedPoints(Uniform(ref objects, checked(count * dimension), -1, 1), dimension),
            Uniform(ref probes, checked(directions * dimension), -1, 1));
    }

    private protected override void Apply(Span<double> z)
    {
        for (int i = 0; i < z.Length; i += Vector<double>.Count)
        {
            var v = new Vector<double>(z[i..]);
            (Vector<double>.One / (Vector<double>.One + Vector.Exp(-v))).CopyTo(z[i..]);
        }
    }
}
