using System.Numerics;

namespace ResearchKit.Tasks;

/// <summary>
/// The task of Fig. 8: f = (1/d) sum_i (1/P) sum_a 1 / (A + w_i . x_a), with w_i and x_a uniform on [-1, 1]^m. The pole
/// lies A - m beyond the cube, so the Taylor series converges slowly and high degrees pay: the polylogarithmic regime.
/// </summary>
/// <remarks>The paper takes A = 1.05 at m = 1 and A = 2.05 at m = 2. How many x_a it averages is not stated; here ten, as in Fig. 2.</remarks>
public sealed class RationalTask : RidgeTask
{
    private RationalTask(WeightedPoints points, double[] directions, double offset) : base(points, directions) => Offset = offset;

    /// <summary>A, the constant of the denominator.</summary>
    public double Offset { get; }

    /// <summary>Draws a task; the same arguments give the same bits on every machine.</summary>
    /// <param name="dimension">m, at least 1.</param>
    /// <param name="count">d, at least 1.</param>
    /// <param name="seed">Seed of the directions (stream 1) and, apart from them, of the objects (stream 0).</param>
    /// <param name="offset">A, above m so that no denominator can vanish; m + 0.05, as in the paper, when null.</param>
    /// <param name="directions">The number of x_a.</param>
    public static RationalTask Generate(int dimension, int count, int seed, double? offset = null, int directions = 10)
    {
        RequireShape(dimension, count, directions);
        double a = offset ?? dimension + 0.05;
        if (!(a > dimension) || double.IsInfinity(a))
            throw new ArgumentOutOfRangeException(nameof(offset), a, $"A must be finite and above m = {dimension}: |w . x| can reach m, where the denominator would vanish.");
        var objects = new SeededRandom(seed);
        var probes = new SeededRandom(seed, 1);
        return new RationalTask(
            new WeightedPoints(Uniform(ref objects, checked(count * dimension), -1, 1), dimension),
            Uniform(ref probes, checked(directions * dimension), -1, 1), a);
    }

    private protected override void Apply(Span<double> z)
    {
        var a = new Vector<double>(Offset);
        for (int i = 0; i < z.Length; i += Vector<double>.Count)
            (Vector<double>.One / (a + new Vector<double>(z[i..]))).CopyTo(z[i..]);
    }
}
