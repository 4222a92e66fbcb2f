using ResearchKit.Networks;

namespace ResearchKit.Tests.Networks;

/// <summary>What every weighted model must satisfy, for the two-layer network: its tree of half-planes (ReLU, 2 inputs, 1 output) and its plain loops.</summary>
public class TwoLayerModelTests
{
    public static TheoryData<int, int, int, Activation> Shapes => new()
    {
        { 2, 7, 1, Activation.Relu }, { 2, 1, 1, Activation.Relu }, { 2, 300, 1, Activation.Relu }, { 3, 5, 2, Activation.Relu }, { 1, 9, 1, Activation.Tanh }, { 2, 3, 3, Activation.Sigmoid }, { 5, 257, 1, Activation.Gelu },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void GradientIsThatOfFiniteDifferences(int inputs, int width, int outputs, Activation activation)
    {
        var network = new TwoLayerNetwork(inputs, width, outputs, activation, [.. ModelCheck.WholeWeights(width, 1).Select(c => c / 3)]);
        ModelCheck.Randomise(network, seed: 4);
        // Off the kinks ReLU is polynomial in each parameter, so that a step too small to meet one has no error of its own.
        ModelCheck.FiniteDifferences(network, 9, seed: 5, activation == Activation.Relu ? 1e-5 : 1e-3, tolerance: 2e-8);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WholeWeightsAreCopies(int inputs, int width, int outputs, Activation activation)
    {
        double[] c = ModelCheck.WholeWeights(width, 2);
        var network = new TwoLayerNetwork(inputs, width, outputs, activation, c);
        ModelCheck.Randomise(network, seed: 6);
        int[] neurons = [.. c.SelectMany((count, j) => Enumerable.Repeat(j, (int)count))];
        var copies = new TwoLayerNetwork(inputs, neurons.Length, outputs, activation);
        int rows = inputs + 1 + outputs;
        int[] original = [.. Enumerable.Range(0, rows).SelectMany(row => neurons.Select(j => row * width + j)), .. Enumerable.Range(rows * width, outputs)];
        ModelCheck.Copies(network, copies, original, 40, seed: 7);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void TheDeepNetworkOfOneLayerIsTheSame(int inputs, int width, int outputs, Activation activation)
    {
        double[] c = ModelCheck.WholeWeights(width, 3);
        var network = new TwoLayerNetwork(inputs, width, outputs, activation, c);
        ModelCheck.Randomise(network, seed: 8);
        var deep = new DeepNetwork(inputs, [width], outputs, activation, [c]);
        int[] places = [.. Enumerable.Range(0, width).SelectMany(j => Enumerable.Range(0, inputs).Select(k => k * width + j)), .. Enumerable.Range(inputs * width, width * (outputs + 1) + outputs)];
        for (int i = 0; i < places.Length; i++) deep.Parameters[i] = network.Parameters[places[i]];
        (double[] x, double[] y, double[] w) = ModelCheck.Batch(network, 50, seed: 9);
        ModelCheck.Close(ModelCheck.Predict(deep, x), ModelCheck.Predict(network, x), 1e-13);
        double[] ours = new double[places.Length], theirs = new double[places.Length];
        network.Gradient(x, y, ours, w);
        deep.Gradient(x, y, theirs, w);
        ModelCheck.Close(theirs, [.. places.Select(i => ours[i])], 1e-12);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void BitsDoNotDependOnTheThreadsAndBatchesAddUp(int inputs, int width, int outputs, Activation activation)
    {
        var network = new TwoLayerNetwork(inputs, width, outputs, activation, ModelCheck.WholeWeights(width, 3));
        ModelCheck.Randomise(network, seed: 8);
        ModelCheck.Threads(network, 200, seed: 9);
        ModelCheck.PartsOfABatch(network, 100, seed: 10);
    }
}
