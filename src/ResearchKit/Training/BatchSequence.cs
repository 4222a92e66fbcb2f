using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Training;

/// <summary>Which samples each step of an epoch sees: a function of seed, epoch and samples alone, whatever model is trained.</summary>
internal sealed class BatchSequence
{
    /// <summary>Keeps the streams of batches apart from those that tasks draw data from with the same seed.</summary>
    private const long Streams = 1L << 40;

    private readonly Samples samples;
    private readonly int seed, batch;
    private readonly bool runsOn;
    private readonly int[] order = [];
    private readonly double[] cumulative = [], inputs = [], targets = [], ratios = [], batchWeights = [];
    private SeededRandom random;
    private long pass;
    private int next;

    public BatchSequence(Samples samples, TrainingOptions options)
    {
        this.samples = samples;
        seed = options.Seed;
        runsOn = options.StepsPerEpoch is not null;
        batch = options.BatchSize ?? 0;
        bool byImportance = options.WeightedBatches == WeightedBatches.ByImportance, weighted = byImportance || !samples.Weights.IsEmpty;
        // All samples at once need no order, unless draws stand for weights or batches run on over the end of an order.
        if (!weighted && !runsOn && batch >= samples.Count) batch = 0;
        Steps = options.StepsPerEpoch ?? (batch == 0 ? 1 : (samples.Count - 1) / batch + 1);
        if (batch == 0) return;
        inputs = new double[checked(batch * samples.InputSize)];
        targets = new double[checked(batch * samples.TargetSize)];
        if (byImportance)
        {
            double[] probabilities = ImportanceSampling.Probabilities(samples, options.SamplingProbabilities);
            cumulative = Cumulate(probabilities);
            ratios = ImportanceSampling.Ratios(samples, probabilities);
            batchWeights = new double[batch];
        }
        else if (weighted) cumulative = Cumulate(samples.Weights);
        else order = new int[samples.Count];
    }

    /// <summary>Steps per epoch.</summary>
    public int Steps { get; }

    /// <summary>Starts an epoch.</summary>
    public void Start(int epoch)
    {
        if (cumulative.Length > 0) random = new SeededRandom(seed, Streams + epoch);
        else if (order.Length > 0)
        {
            // Batches that run on go through one order after the other, across epochs; otherwise each epoch has its own.
            long done = runsOn ? (long)epoch * Steps * batch : (long)epoch * order.Length;
            Shuffle(done / order.Length);
            next = (int)(done % order.Length);
        }
    }

    /// <summary>
    /// What the mean that a model takes, weighted and over the batch's own mass, is to be multiplied by: 1 but for importance
    /// sampling, where dividing by what the batch happens to weigh would bias it.
    /// </summary>
    public double Scale { get; private set; } = 1;

    /// <summary>The next batch; weights are given only with all samples at once and by importance. The spans hold until the next call.</summary>
    public void Next(out ReadOnlySpan<double> inputs, out ReadOnlySpan<double> targets, out ReadOnlySpan<double> weights)
    {
        if (batch == 0)
        {
            inputs = samples.Inputs;
            targets = samples.Targets;
            weights = samples.Weights;
            return;
        }
        int count = cumulative.Length > 0 || runsOn ? batch : Math.Min(batch, samples.Count - next);
        int width = samples.InputSize, outputs = samples.TargetSize;
        for (int i = 0; i < count; i++)
        {
            int row = cumulative.Length > 0 ? Draw() : NextInOrder();
            samples.Inputs.Slice(row * width, width).CopyTo(this.inputs.AsSpan(i * width));
            samples.Targets.Slice(row * outputs, outputs).CopyTo(this.targets.AsSpan(i * outputs));
            if (ratios.Length > 0) batchWeights[i] = ratios[row];
        }
        inputs = this.inputs.AsSpan(0, count * width);
        targets = this.targets.AsSpan(0, count * outputs);
        weights = batchWeights;
        if (ratios.Length == 0) return;
        double mass = 0;
        foreach (double w in batchWeights) mass += w;
        Scale = mass / batch;
    }

    private int NextInOrder()
    {
        if (next == order.Length)
        {
            Shuffle(pass + 1);
            next = 0;
        }
        return order[next++];
    }

    private void Shuffle(long pass)
    {
        this.pass = pass;
        for (int i = 0; i < order.Length; i++) order[i] = i;
        new SeededRandom(seed, Streams + pass).Shuffle(order.AsSpan());
    }

    /// <summary>The first sample whose cumulated weight exceeds a uniform share of the mass: one of weight 0 never does.</summary>
    private int Draw()
    {
        double share = random.NextDouble() * cumulative[^1];
        int low = 0, high = cumulative.Length - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (cumulative[middle] > share) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    private static double[] Cumulate(ReadOnlySpan<double> weights)
    {
        var cumulative = new double[weights.Length];
        var sum = new CompensatedSum();
        for (int i = 0; i < weights.Length; i++)
        {
            sum.Add(weights[i]);
            // The compensation must not let the sum fall.
            cumulative[i] = i == 0 ? sum.Total : Math.Max(cumulative[i - 1], sum.Total);
        }
        return cumulative;
    }
}
