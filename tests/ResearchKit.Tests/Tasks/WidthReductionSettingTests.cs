using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Tests.NetworkCompression;
using ResearchKit.Training;

namespace ResearchKit.Tests.Tasks;

public class WidthReductionSettingTests
{
    private static readonly WidthReductionSetting Small = new() { Width = 400, Budget = 60, Samples = 500, TestSamples = 300, Epochs = 6, EvaluateEvery = 2, BatchSize = 100, Seed = 5 };

    public static TheoryData<string> Kinds => [.. WidthReductionSetting.Kinds];

    [Fact]
    public void TheFullOneIsThePapers()
    {
        WidthReductionSetting full = WidthReductionSetting.Full;
        Assert.Equal((10_000, 1000, 100_000, 3000, 512), (full.Width, full.Budget, full.Samples, full.Epochs, full.BatchSize));
        Assert.Equal(1e-4, full.Training("AdamW").LearningRate);
        Assert.Equal(1e-3, full.Training("SGD").LearningRate);
        Assert.True(WidthReductionSetting.Quick.Width < full.Width && WidthReductionSetting.Quick.Budget < WidthReductionSetting.Quick.Width);
    }

    [Fact]
    public void TrainingTakesTheSettingAndTheOptimisersRate()
    {
        foreach ((string name, double rate) in WidthReductionSetting.Optimisers)
        {
            TrainingOptions training = Small.Training(name);
            Assert.Equal((6, rate, 100, 5, 2, LearningRateSchedule.Cosine), (training.Epochs, training.LearningRate, training.BatchSize ?? 0, training.Seed, training.EvaluateEvery, training.Schedule));
            Assert.Contains(name, ResearchKit.Training.Optimizers.Names);
        }
        var e = Assert.Throws<ArgumentException>(() => Small.Training("Adagrad"));
        Assert.All(WidthReductionSetting.Optimisers, o => Assert.Contains(o.Optimizer, e.Message, StringComparison.Ordinal));
        Assert.Contains("Adagrad", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASeedGivesTheDataAndTheStartAndAnotherSeedOthers()
    {
        Assert.Equal(Small.Original().Parameters.ToArray(), Small.Original().Parameters.ToArray());
        Assert.Equal(Small.Task().Train.Targets.ToArray(), Small.Task().Train.Targets.ToArray());
        WidthReductionSetting other = Small with { Seed = 6 };
        Assert.NotEqual(Small.Original().Parameters.ToArray(), other.Original().Parameters.ToArray());
        Assert.NotEqual(Small.Task().Train.Targets.ToArray(), other.Task().Train.Targets.ToArray());
        Assert.Equal((400, 2, 1, Activation.Relu), (Small.Original().Width, Small.Original().InputSize, Small.Original().OutputSize, Small.Original().Activation));
        Assert.Equal(500, Small.Task().Train.Count);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void EveryReductionKeepsTheMassInAtMostTheBudgetAndRepeatsItsBits(string kind)
    {
        // The paper's total degree 5 has 126 moments of (v, w1, w2, b).
        WidthReductionSetting setting = Small with { Budget = 130 };
        TwoLayerNetwork original = setting.Original(), few = setting.Reduced(original, kind).Network, again = setting.Reduced(original, kind).Network;
        Assert.Equal(130, few.Width);
        Assert.Equal(400, few.ObjectWeights().ToArray().Sum(), 1e-10);
        Assert.Equal(few.Parameters.ToArray(), again.Parameters.ToArray());
        Assert.Equal(setting.Original().Parameters.ToArray(), original.Parameters.ToArray());
    }

    [Fact]
    public void TheCompressedOneIsRefittedToTheFunction()
    {
        TwoLayerNetwork original = Small.Original();
        double[] inputs = Nets.Inputs(400, 2, 1), expected = Nets.Predict(original, inputs);
        double Error(TwoLayerNetwork network) => Nets.Distance(Nets.Predict(network, inputs), expected);
        double refitted = Error(Small.Compressed(original).Network), plain = Error(FreeNeurons.Compress(original, new() { Budget = 60, Seed = 5 }).Network);
        Assert.True(refitted < 0.5 * plain, $"seed 5: {refitted} against {plain}");
        Assert.Equal(Small.Compressed(original).Network.Parameters.ToArray(), Small.Reduced(original, "compressed").Network.Parameters.ToArray());
    }

    [Theory, InlineData("AdamW", true), InlineData("RMSprop", true), InlineData("SGD", false), InlineData("Rprop", false)]
    public void OptimisersThatScaleGradientsGetMoreNodesWhereNeuronsAreSeldomOn(string optimizer, bool denser)
    {
        TwoLayerNetwork original = Small.Original();
        double[] inputs = Nets.Inputs(500, 2, 2);
        // Share of nodes that are on for fewer than 40% of the inputs.
        double Seldom(TwoLayerNetwork network)
        {
            ReadOnlySpan<double> w1 = network.Block("hidden.weight")[..network.Width], w2 = network.Block("hidden.weight")[network.Width..], b = network.Block("hidden.bias");
            int seldom = 0;
            for (int j = 0; j < network.Width; j++)
            {
                int on = 0;
                for (int i = 0; i < 500; i++)
                    if (w1[j] * inputs[2 * i] + w2[j] * inputs[2 * i + 1] + b[j] > 0) on++;
                if (on is > 0 and < 200) seldom++;
            }
            return (double)seldom / network.Width;
        }
        double plain = Seldom(Small.Compressed(original).Network), chosen = Seldom(Small.Reduced(original, "compressed", optimizer).Network);
        Assert.True(denser ? chosen > 1.1 * plain : chosen == plain, $"seed 5, {optimizer}: {chosen} of the nodes against {plain}");
    }

    [Fact]
    public void UnknownKindsAndImpossibleBudgetsAreNamed()
    {
        var e = Assert.Throws<ArgumentException>(() => Small.Reduced(Small.Original(), "best"));
        Assert.Contains("'best'", e.Message, StringComparison.Ordinal);
        Assert.All(WidthReductionSetting.Kinds, k => Assert.Contains(k, e.Message, StringComparison.Ordinal));
        // Total degree 5 does not fit 60 neurons.
        Assert.Contains("126", Assert.ThrowsAny<ArgumentException>(() => Small.Reduced(Small.Original(), "degree5")).Message, StringComparison.Ordinal);
        Assert.Contains("0", Assert.ThrowsAny<ArgumentException>(() => (Small with { Budget = 0 }).Reduced(Small.Original(), "random")).Message, StringComparison.Ordinal);
    }
}
