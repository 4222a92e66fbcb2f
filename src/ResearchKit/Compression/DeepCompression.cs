namespace ResearchKit.Networks;

/// <summary>One compression of a deep network, layer by layer, each on what the compressed ones before it give.</summary>
internal sealed unsafe class DeepCompression : IDisposable
{
    private readonly DeepNetwork network;
    private readonly double[] probes;
    private readonly int coordinates;
    private readonly NetworkCompressionOptions options;
    private readonly MatrixProduct product = new();

    public DeepCompression(DeepNetwork network, double[] probes, int coordinates, NetworkCompressionOptions options)
        => (this.network, this.probes, this.coordinates, this.options) = (network, probes, coordinates, options);

    public CompressedNetwork<DeepNetwork> Run()
    {
        int layers = network.ObjectSets;
        var sets = new CompressedSet[layers];
        // From the kept neurons of each layer to all neurons of the next, refitted or not.
        var onward = new double[layers][];
        double[] weight = network.Block("layers.0.weight").ToArray();
        // Values c h of the layer before: of the compressed network on the probes, and of both networks on the refit's inputs.
        double[] seen = probes, fitted = options.Refit?.Inputs ?? [], original = fitted;
        for (int l = 0; l < layers; l++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            double[] bias = network.Block($"layers.{l}.bias").ToArray(), c = network.ObjectWeights(l).ToArray();
            double[] next = network.Block($"layers.{l + 1}.weight").ToArray();
            double[] z = Affine(seen, weight, bias);
            sets[l] = Select(z, c);
            int[] kept = [.. sets[l].Indices];
            double[] few = [.. sets[l].Weights], thin = Columns(next, c.Length, kept);
            seen = Values(Columns(z, c.Length, kept), few);
            if (options.Refit is { } refit)
            {
                original = Values(Affine(original, network.Block($"layers.{l}.weight").ToArray(), bias), c);
                fitted = Values(Columns(Affine(fitted, weight, bias), c.Length, kept), few);
                if (kept.Length < c.Length) Refit(thin, fitted, few, Affine(original, next, new double[next.Length / c.Length]), refit);
            }
            onward[l] = weight = thin;
            options.Progress?.Report(new CompressionProgress("layers", (l + 1.0) / layers));
        }
        CompressedNetwork<DeepNetwork> result = NetworkSelection.Make(NetworkKind<DeepNetwork>.Instance, network, sets);
        for (int l = 0; l < layers; l++)
        {
            // The next layer has the rows of its own kept neurons.
            double[] rows = l + 1 < layers ? sets[l + 1].Gather<double>(onward[l], sets[l].Count) : onward[l];
            rows.CopyTo(result.Network.Block($"layers.{l + 1}.weight"));
        }
        return result;
    }

    public void Dispose() => product.Dispose();

    private CompressedSet Select(double[] z, double[] c)
    {
        double[] rows = PrincipalCoordinates.Of(z, c, Math.Min(coordinates, c.Length), product, options.MaxDegreeOfParallelism);
        var order = new CanonicalOrder(new WeightedPoints(rows, rows.Length / c.Length, c));
        return order.Restore((options.Space ?? ObjectSpace.TotalDegree(2, standardised: false)).Compress(order.Sorted, 0, options with { Progress = null }));
    }

    /// <summary>Changes weights onto the next layer so that its pre-activations are the wanted ones.</summary>
    /// <param name="weights">next x kept, changed in place.</param>
    /// <param name="values">c h of the kept neurons, samples x kept.</param>
    /// <param name="c">Their weights.</param>
    /// <param name="wanted">samples x next.</param>
    /// <param name="refit">Gives the ridge.</param>
    private void Refit(double[] weights, double[] values, double[] c, double[] wanted, OutputRefit refit)
    {
        int kept = c.Length, next = weights.Length / kept, samples = values.Length / kept;
        double[] have = Affine(values, weights, new double[next]);
        for (int i = 0; i < wanted.Length; i++) have[i] = wanted[i] - have[i];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = options.CancellationToken };
        double[] change = RidgeFit.Solve(Transposed(values, samples, kept), kept, c, Transposed(have, samples, next), next, refit.Ridge, parallel);
        for (int i = 0; i < weights.Length; i++) weights[i] += change[i];
    }

    /// <summary>X W^T + b, one row per row of X.</summary>
    private double[] Affine(double[] x, double[] weight, double[] bias)
    {
        int n = bias.Length, k = weight.Length / n, rows = x.Length / k;
        var result = new double[checked(rows * n)];
        fixed (double* source = x, w = weight, target = result)
            product.Multiply(new Operand(source, k), new Operand(w, k).Transposed, target, n, rows, n, k, add: false, options.MaxDegreeOfParallelism);
        for (int i = 0; i < result.Length; i++) result[i] += bias[i % n];
        return result;
    }

    /// <summary>c sigma(z) in place.</summary>
    private double[] Values(double[] z, double[] c)
    {
        fixed (double* p = z) ActivationKernel.Apply(network.Activation, p, p, z.Length);
        for (int i = 0; i < z.Length; i++) z[i] *= c[i % c.Length];
        return z;
    }

    private static double[] Columns(double[] matrix, int width, int[] columns)
    {
        int rows = matrix.Length / width;
        var result = new double[rows * columns.Length];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns.Length; j++) result[i * columns.Length + j] = matrix[i * width + columns[j]];
        return result;
    }

    private static double[] Transposed(double[] matrix, int rows, int columns)
    {
        var result = new double[matrix.Length];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j];
        return result;
    }
}
