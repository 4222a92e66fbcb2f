namespace ResearchKit.Networks;

/// <summary>
/// Neurons (v, w, b) as rows of order one, and back: under ReLU direction, length and v; otherwise (w, b) and v,
/// standardised.
/// </summary>
internal sealed class NeuronCoordinates
{
    /// <summary>One for each sign of v.</summary>
    public const int Groups = 2;

    /// <summary>A neuron with so many times a node's share of lengths stands alone.</summary>
    private const double HeavyLength = 3;

    private readonly WeightedPoints neurons;
    private readonly int outputs, inputs;
    private readonly bool relu;
    private readonly double inputScale, typical;
    private readonly double[] units;
    private readonly double[][] rows;

    public NeuronCoordinates(WeightedPoints neurons, int outputs, bool relu, double inputScale)
    {
        (this.neurons, this.outputs, this.relu, this.inputScale) = (neurons, outputs, relu, inputScale);
        inputs = neurons.Dimension - outputs;
        units = [.. PartitionMetric.Standardised(neurons).Scales];
        for (int j = 0; j < units.Length; j++) units[j] = units[j] > 0 && double.IsFinite(1 / units[j]) ? 1 / units[j] : 1;
        double[] lengths = [.. Enumerable.Range(0, neurons.Count).Select(i => Length(Scaled(i)))];
        double largest = lengths.Max(), sum = 0;
        if (largest > 0)
            for (int i = 0; i < lengths.Length; i++) sum += neurons.WeightOf(i) / neurons.Mass * (lengths[i] / largest) * (lengths[i] / largest);
        typical = largest > 0 ? largest * Math.Sqrt(sum) : 1;
        rows = [.. Enumerable.Range(0, neurons.Count).Select(i => relu ? Polar(i, lengths[i]) : Standardised(i))];
    }

    /// <summary>Coordinates of a row: position, under ReLU the length, v.</summary>
    private int Width => inputs + (relu ? 1 : 0) + outputs;

    public double[] Row(int neuron) => [.. rows[neuron]];

    /// <summary>Which sign v has; with several outputs all are one group.</summary>
    public int GroupOf(int neuron) => outputs == 1 && neurons[neuron][0] < 0 ? 1 : 0;

    /// <summary>The energy: positions of all; positions with length and v within a group.</summary>
    public EnergyTerm[] Terms(double outputScale)
    {
        double[] positions = new double[Width], full = new double[Width];
        positions.AsSpan(0, inputs).Fill(1);
        full.AsSpan(0, Width - outputs).Fill(1);
        full.AsSpan(Width - outputs).Fill(outputScale);
        return [new(positions, false), new(full, true)];
    }

    /// <summary>The metric of the cells in which the first nodes are drawn: positions count most.</summary>
    public double[] StartScales(double outputScale)
    {
        var scales = new double[Width];
        scales.AsSpan(0, inputs).Fill(1);
        if (relu) scales[inputs] = outputScale;
        scales.AsSpan(Width - outputs).Fill(outputScale * outputScale);
        return scales;
    }

    /// <summary>Neurons that no node of equal weight can stand for, at most half of the budget.</summary>
    /// <param name="budget">d'.</param>
    /// <returns>Them, and all the others, both in order.</returns>
    public (int[] Alone, int[] Others) Heavy(int budget)
    {
        var alone = new List<int>();
        int[] others = [.. Enumerable.Range(0, neurons.Count)];
        double[] length = [.. rows.Select(r => relu ? r[inputs] : Length(r.AsSpan(0, inputs)))];
        double[] strength = [.. rows.Select((r, i) => length[i] * Length(r.AsSpan(Width - outputs)))];
        while (alone.Count < budget / 2)
        {
            double mass = 0, lengths = 0, strengths = 0;
            foreach (int i in others)
            {
                double c = neurons.WeightOf(i);
                (mass, lengths, strengths) = (mass + c, lengths + c * length[i], strengths + c * strength[i]);
            }
            int nodes = budget - alone.Count;
            double Shares(int i) => nodes * neurons.WeightOf(i) *
                Math.Max(1 / mass, Math.Max(Part(length[i], lengths), Part(strength[i], strengths)) / HeavyLength);
            // A share of 1 up to rounding is what equal weights have.
            int[] heavy = [.. others.Select(i => (Neuron: i, Shares: Shares(i))).Where(n => n.Shares > 1 + 1e-6)
                .OrderByDescending(n => n.Shares).Take(budget / 2 - alone.Count).Select(n => n.Neuron)];
            if (heavy.Length == 0) break;
            alone.AddRange(heavy);
            others = [.. others.Except(heavy)];
        }
        alone.Sort();
        return ([.. alone], others);

        static double Part(double of, double all) => all > 0 ? of / all : 0;
    }

    /// <summary>Puts a moved row back among neurons: a unit direction, a nonnegative length, the group's sign of v.</summary>
    public void Project(double[] row, int group, bool signs)
    {
        if (relu)
        {
            double length = Length(row.AsSpan(0, inputs));
            if (length > 0)
                foreach (ref double x in row.AsSpan(0, inputs)) x /= length;
            row[inputs] = Math.Max(0, row[inputs]);
        }
        if (outputs == 1 && signs) row[^1] = group == 0 ? Math.Max(0, row[^1]) : Math.Min(0, row[^1]);
    }

    /// <summary>The neuron (v, w, b) of a row.</summary>
    public double[] Neuron(double[] row)
    {
        var neuron = new double[neurons.Dimension];
        for (int o = 0; o < outputs; o++) neuron[o] = row[Width - outputs + o] * units[o];
        for (int j = 0; j < inputs; j++)
        {
            neuron[outputs + j] = relu ? row[j] * row[inputs] * typical : row[j] * units[outputs + j];
            if (relu && j < inputs - 1) neuron[outputs + j] /= inputScale;
        }
        return neuron;
    }

    private double[] Scaled(int neuron)
    {
        double[] x = neurons[neuron][outputs..].ToArray();
        for (int j = 0; j < inputs - 1; j++) x[j] *= inputScale;
        return x;
    }

    private double[] Polar(int neuron, double length)
    {
        var row = new double[Width];
        if (length > 0)
        {
            double[] x = Scaled(neuron);
            for (int j = 0; j < inputs; j++) row[j] = x[j] / length;
        }
        row[inputs] = length / typical;
        for (int o = 0; o < outputs; o++) row[inputs + 1 + o] = neurons[neuron][o] / units[o];
        return row;
    }

    private double[] Standardised(int neuron)
    {
        var row = new double[Width];
        for (int j = 0; j < inputs; j++) row[j] = neurons[neuron][outputs + j] / units[outputs + j];
        for (int o = 0; o < outputs; o++) row[inputs + o] = neurons[neuron][o] / units[o];
        return row;
    }

    /// <summary>The Euclidean norm, without overflow.</summary>
    internal static double Length(ReadOnlySpan<double> x)
    {
        double largest = 0, sum = 0;
        foreach (double value in x) largest = Math.Max(largest, Math.Abs(value));
        if (!(largest > 0)) return 0;
        foreach (double value in x) sum += value / largest * (value / largest);
        return largest * Math.Sqrt(sum);
    }
}
