namespace ResearchKit.Tasks;

/// <summary>
/// The data of Figs. 3 and 5a: a 2-50-1 ReLU teacher with every parameter uniform on (-1, 1), inputs uniform on
/// [-1, 1]^2, training labels with normal noise of standard deviation 3, clean test labels.
/// </summary>
/// <remarks>A training object is the triple (x1, x2, y), so m = 3. The noise is far above the signal: averaging matters.</remarks>
public sealed class TeacherRegressionTask
{
    private readonly double[] hidden;
    private readonly double[] output;

    private TeacherRegressionTask(double[] hidden, double[] output, double outputBias, int count, int seed, double noise)
    {
        this.hidden = hidden;
        this.output = output;
        OutputBias = outputBias;
        Noise = noise;
        Seed = seed;
        Train = Draw(count, 1, noise);
    }

    /// <summary>The training objects (x1, x2, y), m = 3, unit weights.</summary>
    public WeightedPoints Train { get; }

    /// <summary>Hidden neurons of the teacher as H rows (w1, w2, b).</summary>
    public ReadOnlySpan<double> Hidden => hidden;

    /// <summary>The H output weights of the teacher.</summary>
    public ReadOnlySpan<double> Output => output;

    /// <summary>The output bias of the teacher.</summary>
    public double OutputBias { get; }

    /// <summary>Standard deviation of the label noise, in units of y.</summary>
    public double Noise { get; }

    /// <summary>The seed of the teacher and of all data.</summary>
    public int Seed { get; }

    /// <summary>Draws a teacher and its training set; the teacher depends on the seed and width alone.</summary>
    /// <param name="count">d, the training objects, at least 1 (the paper: 10^4).</param>
    /// <param name="seed">Seed of everything.</param>
    /// <param name="noise">Standard deviation of the label noise, nonnegative (the paper: 3).</param>
    /// <param name="width">Hidden neurons of the teacher, at least 1 (the paper: 50).</param>
    public static TeacherRegressionTask Generate(int count, int seed, double noise = 3, int width = 50)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of training objects d must be at least 1.");
        if (!(noise >= 0) || double.IsInfinity(noise))
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "The noise's standard deviation must be finite and nonnegative; 0 gives clean labels.");
        if (width < 1)
            throw new ArgumentOutOfRangeException(nameof(width), width, "The teacher needs at least 1 hidden neuron.");
        var random = new SeededRandom(seed);
        var hidden = new double[3 * width];
        var output = new double[width];
        random.FillUniform(hidden, -1, 1);
        random.FillUniform(output, -1, 1);
        return new TeacherRegressionTask(hidden, output, random.Uniform(-1, 1), count, seed, noise);
    }

    /// <summary>The teacher's clean prediction at an input.</summary>
    public double Teacher(double x1, double x2)
    {
        double y = OutputBias;
        for (int h = 0; h < output.Length; h++)
            y += output[h] * Math.Max(0, hidden[3 * h] * x1 + hidden[3 * h + 1] * x2 + hidden[3 * h + 2]);
        return y;
    }

    /// <summary>Clean test objects (x1, x2, teacher(x)), drawn apart from the training set.</summary>
    /// <param name="count">At least 1 (the paper: 10^5).</param>
    public WeightedPoints Test(int count)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of test objects must be at least 1.");
        return Draw(count, 2, 0);
    }

    private WeightedPoints Draw(int count, int stream, double noise)
    {
        var random = new SeededRandom(Seed, stream);
        var rows = new double[checked(3 * count)];
        for (int i = 0; i < count; i++)
        {
            double x1 = rows[3 * i] = random.Uniform(-1, 1);
            double x2 = rows[3 * i + 1] = random.Uniform(-1, 1);
            rows[3 * i + 2] = Teacher(x1, x2) + (noise > 0 ? noise * random.NextNormal() : 0);
        }
        return new WeightedPoints(rows, 3);
    }
}
