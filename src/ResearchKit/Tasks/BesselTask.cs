using MathNet.Numerics;
using ResearchKit.Networks;

namespace ResearchKit.Tasks;

/// <summary>
/// The data of Figs. 4 and 5b: f(x) = J6(20 r) cos(6 theta) in polar coordinates, inputs uniform on [-1, 1]^2, training
/// labels with normal noise of standard deviation 0.2, clean test labels.
/// </summary>
/// <remarks>J6 is the Bessel function of the first kind; f is smooth, at most 0.36, with twelve sectors and some four rings.</remarks>
public sealed class BesselTask
{
    private const int Order = 6;
    private const double Scale = 20;

    private BesselTask(int count, int seed, double noise)
    {
        (Seed, Noise) = (seed, noise);
        Train = Draw(count, 1, noise);
    }

    /// <summary>The training samples (x1, x2) with their noisy labels.</summary>
    public Samples Train { get; }

    /// <summary>Standard deviation of the label noise, in units of y.</summary>
    public double Noise { get; }

    /// <summary>The seed of all data.</summary>
    public int Seed { get; }

    /// <summary>Draws a training set.</summary>
    /// <param name="count">Training samples, at least 1 (the paper: 10^5, Fig. 5b 2*10^4).</param>
    /// <param name="seed">Seed of everything.</param>
    /// <param name="noise">Standard deviation of the label noise, nonnegative (the paper: 0.2).</param>
    public static BesselTask Generate(int count, int seed, double noise = 0.2)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of training samples must be at least 1.");
        if (!(noise >= 0) || double.IsInfinity(noise))
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "The noise's standard deviation must be finite and nonnegative; 0 gives clean labels.");
        return new BesselTask(count, seed, noise);
    }

    /// <summary>The clean target J6(20 r) cos(6 theta).</summary>
    public static double Target(double x1, double x2)
        => SpecialFunctions.BesselJ(Order, Scale * Math.Sqrt(x1 * x1 + x2 * x2)) * Math.Cos(Order * Math.Atan2(x2, x1));

    /// <summary>Clean test samples, drawn apart from the training set.</summary>
    /// <param name="count">At least 1 (the paper: 10^5).</param>
    public Samples Test(int count)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of test samples must be at least 1.");
        return Draw(count, 2, 0);
    }

    private Samples Draw(int count, int stream, double noise)
    {
        var random = new SeededRandom(Seed, stream);
        var inputs = new double[checked(2 * count)];
        var targets = new double[count];
        for (int i = 0; i < count; i++)
        {
            double x1 = inputs[2 * i] = random.Uniform(-1, 1);
            double x2 = inputs[2 * i + 1] = random.Uniform(-1, 1);
            targets[i] = Target(x1, x2) + (noise > 0 ? noise * random.NextNormal() : 0);
        }
        return new Samples(inputs, targets, 2);
    }
}
