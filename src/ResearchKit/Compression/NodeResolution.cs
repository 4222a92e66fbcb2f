namespace ResearchKit.Networks;

/// <summary>How densely nodes shall stand among ReLU neurons, by the share of inputs that a neuron is on for.</summary>
/// <remarks>
/// What a narrow network cannot follow for long are the kinks: their sum over d' neurons has an error of c^2 v^2 each. A
/// neuron that is on for nearly all inputs is a linear function there, which few neurons carry together, and under optimisers
/// that scale gradients (Adam and its like) its v stays small; one that is on for none never moves. Thinning both out leaves
/// more nodes for the others. The numbers were chosen on Fig. 4 with AdamW; thinning out much more loses more than it gains.
/// </remarks>
internal sealed class NodeResolution
{
    /// <summary>Of neurons that are off for all inputs, against 1 for those on for few.</summary>
    private const double Off = 0.1;

    /// <summary>Of neurons that are on for nearly all inputs.</summary>
    private const double On = 0.25;

    /// <summary>Up to this share of inputs nothing is thinned out; from the second one on, fully.</summary>
    private const double From = 0.4, To = 0.95;

    /// <summary>More inputs say nothing new about a share.</summary>
    private const int MostInputs = 2048;

    private readonly double[] inputs;
    private readonly int size, count;

    /// <summary>Takes inputs from where the network will be used.</summary>
    /// <param name="inputs">Rows of the network's input size; null or empty for the same resolution everywhere.</param>
    /// <param name="size">The input size.</param>
    public NodeResolution(double[]? inputs, int size)
    {
        (this.inputs, this.size) = (inputs ?? [], size);
        count = Math.Min(this.inputs.Length / size, MostInputs);
    }

    /// <summary>The density of nodes at a neuron, 0.1 to 1.</summary>
    /// <param name="neuron">Its (w, b).</param>
    public double At(ReadOnlySpan<double> neuron)
    {
        if (count == 0) return 1;
        int on = 0;
        for (int i = 0; i < count; i++)
        {
            double z = neuron[size];
            for (int j = 0; j < size; j++) z += neuron[j] * inputs[i * size + j];
            if (z > 0) on++;
        }
        double share = (double)on / count;
        return on == 0 ? Off : share <= From ? 1 : Math.Max(On, 1 - (1 - On) * (share - From) / (To - From));
    }
}
