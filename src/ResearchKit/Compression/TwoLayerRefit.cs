namespace ResearchKit.Networks;

/// <summary>Fits the output weights of a compressed two-layer network to the original's function (<see cref="OutputRefit"/>).</summary>
internal static unsafe class TwoLayerRefit
{
    /// <summary>Changes <paramref name="smaller"/>'s output weights in place.</summary>
    public static void Apply(TwoLayerNetwork original, TwoLayerNetwork smaller, OutputRefit refit, NetworkCompressionOptions options)
    {
        int inputs = original.InputSize, outputs = original.OutputSize, width = smaller.Width, samples = refit.Inputs.Length / inputs;
        double[] wanted = Predictions(original), have = Predictions(smaller);
        var missing = new double[wanted.Length];
        for (int i = 0; i < samples; i++)
            for (int o = 0; o < outputs; o++) missing[o * samples + i] = wanted[i * outputs + o] - have[i * outputs + o];
        double[] c = smaller.ObjectWeights().ToArray();
        double[] features = Activations(smaller, refit.Inputs, samples);
        for (int j = 0; j < width; j++)
            foreach (ref double value in features.AsSpan(j * samples, samples)) value *= c[j];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = options.CancellationToken };
        double[] change = RidgeFit.Solve(features, width, c, missing, outputs, refit.Ridge, parallel);
        Span<double> v = smaller.Block("output.weight");
        for (int i = 0; i < v.Length; i++) v[i] += change[i];

        double[] Predictions(TwoLayerNetwork network)
        {
            var values = new double[samples * outputs];
            network.Predict(refit.Inputs, values, options.MaxDegreeOfParallelism);
            return values;
        }
    }

    /// <summary>sigma(w_j . x + b_j), one row of samples per neuron.</summary>
    private static double[] Activations(TwoLayerNetwork network, double[] inputs, int samples)
    {
        int n = network.InputSize, width = network.Width;
        var values = new double[checked(width * samples)];
        ReadOnlySpan<double> w = network.Block("hidden.weight"), b = network.Block("hidden.bias");
        for (int j = 0; j < width; j++)
        {
            Span<double> row = values.AsSpan(j * samples, samples);
            for (int i = 0; i < samples; i++)
            {
                double z = b[j];
                for (int k = 0; k < n; k++) z += w[k * width + j] * inputs[i * n + k];
                row[i] = z;
            }
        }
        fixed (double* z = values) ActivationKernel.Apply(network.Activation, z, z, values.Length);
        return values;
    }
}
