using ResearchKit.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

/// <summary>T5 where it is exact: neurons with integer weights train like that many copies, under every rule.</summary>
public class WeightedTrainingTests
{
    private static readonly int[] Copies = [1, 3, 2, 4];

    public static TheoryData<string, Activation> Cases
    {
        get
        {
            var cases = new TheoryData<string, Activation>();
            foreach (string name in Optimizers.Names)
            {
                cases.Add(name, Activation.Relu);
                cases.Add(name, Activation.Tanh);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void WeightedNeuronsTrainLikeTheirCopies(string name, Activation activation)
    {
        (Samples train, Samples test) = TrainerTests.Plane(60, 12);
        TwoLayerNetwork few = new(2, Copies.Length, activation: activation, weights: [.. Copies.Select(c => (double)c)]), many = new(2, Copies.Sum(), activation: activation);
        TwoLayerNetwork.Initialised(2, Copies.Length, 5).Parameters.CopyTo(few.Parameters);
        int[] origin = [.. Copies.SelectMany((c, j) => Enumerable.Repeat(j, c))];
        foreach (string block in new[] { "hidden.weight", "hidden.bias", "output.weight", "output.bias" }) Spread(block, few, many.Block(block));

        var options = new TrainingOptions { Epochs = 15, BatchSize = 16, LearningRate = 0.01, Schedule = LearningRateSchedule.Cosine };
        double[] start = few.Parameters.ToArray();
        TrainingResult one = Trainer.Train(few, Optimizers.Create(name), train, test, options);
        TrainingResult all = Trainer.Train(many, Optimizers.Create(name), train, test, options);

        Assert.NotEqual(start, few.Parameters.ToArray());
        Assert.All(one.Points.Zip(all.Points), p => Assert.Equal(p.Second.TestLoss, p.First.TestLoss, 1e-11));
        foreach (string block in new[] { "hidden.weight", "hidden.bias", "output.weight", "output.bias" })
        {
            double[] expected = many.Block(block).ToArray(), actual = new double[expected.Length];
            Spread(block, few, actual);
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-11);
        }

        // Rows that run along the neurons are repeated; the output bias stays.
        void Spread(string block, TwoLayerNetwork from, Span<double> to)
        {
            Span<double> values = from.Block(block);
            if (values.Length % Copies.Length != 0)
            {
                values.CopyTo(to);
                return;
            }
            for (int i = 0; i < to.Length; i++) to[i] = values[i / origin.Length * Copies.Length + origin[i % origin.Length]];
        }
    }
}
