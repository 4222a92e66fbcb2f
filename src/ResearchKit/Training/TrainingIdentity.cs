using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Training;

/// <summary>What decides the bits of a training, as readable lines: two trainings with the same lines and the same start are the same.</summary>
internal sealed class TrainingIdentity
{
    private TrainingIdentity(string[] parts) => Parts = parts;

    /// <summary>One line each for model, optimiser, samples and options.</summary>
    public IReadOnlyList<string> Parts { get; }

    public static TrainingIdentity Of(WeightedModel model, Optimizer optimizer, Samples train, Samples? test, TrainingOptions options) => new(
    [
        $"model: {Describe(model)}",
        $"optimizer: {optimizer.Description}",
        $"training samples: {Describe(train)}",
        $"test samples: {(test is null ? "none" : Describe(test))}",
        string.Create(CultureInfo.InvariantCulture, $"options: Epochs = {options.Epochs}, LearningRate = {options.LearningRate:R}, BatchSize = {options.BatchSize ?? 0}, StepsPerEpoch = {options.StepsPerEpoch ?? 0}, Schedule = {options.Schedule}, Seed = {options.Seed}, EvaluateEvery = {options.EvaluateEvery}{ImportanceSampling.Identity(options)}"),
    ]);

    /// <summary>Hash of the parameters and the optimiser's state as they are now.</summary>
    public static byte[] HashState(WeightedModel model, Optimizer optimizer)
        => HashState(model.Parameters, optimizer.Export());

    /// <summary>The same of given parameters and state.</summary>
    public static byte[] HashState(ReadOnlySpan<double> parameters, OptimizerState state)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(parameters));
        hash.AppendData(MemoryMarshal.AsBytes([state.Steps]));
        foreach (double[] vector in state.Vectors) hash.AppendData(MemoryMarshal.AsBytes<double>(vector));
        return hash.GetHashAndReset();
    }

    private static string Describe(WeightedModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int set = 0; set < model.ObjectSets; set++) hash.AppendData(MemoryMarshal.AsBytes(model.ObjectWeights(set)));
        hash.AppendData(MemoryMarshal.AsBytes<float>(Probe(model)));
        return $"{model.Description}, with {string.Join(", ", model.Blocks.Select(b => $"{b.Name} [{string.Join(" x ", b.Shape)}]"))}, hash {Text(hash)}";
    }

    /// <summary>
    /// What the model predicts with fixed parameters at a fixed input: tells models of one shape apart, such as those of
    /// different activations. Single precision, so that another machine's last bits do not matter.
    /// </summary>
    private static float[] Probe(WeightedModel model)
    {
        WeightedModel copy = model.Clone();
        var random = new SeededRandom(0);
        random.FillUniform(copy.Parameters, 0.25, 0.75);
        var input = new double[copy.InputSize];
        random.FillUniform(input, 0.25, 0.75);
        var prediction = new double[copy.OutputSize];
        copy.Predict(input, prediction, 1);
        return [.. prediction.Select(p => (float)p)];
    }

    private static string Describe(Samples samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(samples.Inputs));
        hash.AppendData(MemoryMarshal.AsBytes(samples.Targets));
        hash.AppendData(MemoryMarshal.AsBytes(samples.Weights));
        return $"{samples.Count} of {samples.InputSize} + {samples.TargetSize} numbers{(samples.Weights.IsEmpty ? "" : ", weighted")}, hash {Text(hash)}";
    }

    private static string Text(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
}
