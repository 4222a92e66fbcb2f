using System.Globalization;
using ResearchKit.Baselines;
using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Benchmarks;

/// <summary>The trainings of Fig. 7 as a CSV file: all 4000 heads, 800 by the default compression, and 800 at random.</summary>
internal static class Fig7Command
{
    private const int Heads = 4000, Budget = 800;

    private static readonly string[] Kinds = ["original", "compressed", "random"];

    /// <summary>Fig. 7's training: Adam 1e-4, 50 epochs of 5 batches of 256 sequences.</summary>
    public static TrainingOptions Training(int seed) => new()
    {
        Epochs = 50, LearningRate = 1e-4, BatchSize = 256, StepsPerEpoch = 5, Seed = seed, MaxDegreeOfParallelism = 1,
    };

    /// <summary>As many sequences as 50 epochs draw, so that every batch is new, and clean test sequences.</summary>
    public static (Samples Train, Samples Test) Data(int seed)
    {
        InContextRegressionTask task = InContextRegressionTask.Generate(64000, seed);
        return (task.Train, task.Test(2000));
    }

    public static int Run(string[] args)
    {
        if (args is not (["--output", _] or ["--output", _, "--seeds", _]))
        {
            Console.Error.WriteLine("fig7 --output FILE [--seeds 3]");
            return 2;
        }
        string output = args[1];
        int seeds = args.Length > 2 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 3;
        WholeFile.WriteText(output, text =>
        {
            text.Write($"# command: dotnet run -c Release --project tests/ResearchKit.Benchmarks -- fig7 {string.Join(' ', args)}\n");
            text.Write($"# kind: {string.Join(", ", Kinds.Select((kind, i) => $"{i} = {kind}"))}; seed: of data, start and batches; loss: mean squared error on 2000 clean test sequences\n");
            text.Write(string.Create(CultureInfo.InvariantCulture, $"# processor: {Machine.Processor()}; date: {DateTime.UtcNow:yyyy-MM-dd}\nseed,kind,epoch,loss\n"));
            for (int seed = 1; seed <= seeds; seed++)
            {
                (Samples train, Samples test) = Data(seed);
                AttentionLayer layer = AttentionLayer.Initialised(Heads, seed);
                var options = new NetworkCompressionOptions { Budget = Budget, Seed = seed };
                AttentionLayer[] models = [layer, NetworkCompressor.Compress(layer, options).Network, RandomNeurons.Compress(layer, options).Network];
                for (int kind = 0; kind < Kinds.Length; kind++)
                {
                    // All are made before the first is trained in place.
                    TrainingResult result = Trainer.Train(models[kind], Optimizers.Create("Adam"), train, test, Training(seed));
                    foreach (TrainingPoint p in result.Points)
                        text.Write(string.Create(CultureInfo.InvariantCulture, $"{seed},{kind},{p.Epoch},{p.TestLoss:G9}\n"));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {Kinds[kind]}: {result.Last.TestLoss:G6} in {result.Seconds:F0} s"));
                }
            }
        });
        return 0;
    }
}
