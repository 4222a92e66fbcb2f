using System.Globalization;
using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Benchmarks;

/// <summary>
/// The trainings of Fig. 4, one after the other, each with a checkpoint: a run that was stopped goes on where it was.
/// Each leaves FOLDER/optimiser-seed-kind.csv; "collect" puts them together.
/// </summary>
internal static class Fig4Command
{
    private const string Usage = """
        fig4 --folder FOLDER [--optimizers AdamW,SGD,Rprop,RMSprop] [--seeds 1,2,3] [--kinds original,compressed,random,selected,degree5,kmeans,free,half,most,moved1..moved9]
          [--width 10000] [--budget 1000] [--samples 100000] [--test 100000] [--epochs 3000] [--stop 0] [--every 50] [--threads 1]
        fig4 collect --folder FOLDER --output FILE
        """;

    private const string Columns = "epoch,train_loss,test_loss,seconds";

    public static int Run(string[] args)
    {
        if (args is ["collect", "--folder", _, "--output", _]) return Collect(args[2], args[4]);
        WidthReductionSetting full = WidthReductionSetting.Full;
        var options = new Dictionary<string, string>
        {
            ["--folder"] = "", ["--optimizers"] = string.Join(',', WidthReductionSetting.Optimisers.Select(o => o.Optimizer)), ["--seeds"] = "1,2,3",
            ["--kinds"] = "original,compressed,random", ["--width"] = Text(full.Width), ["--budget"] = Text(full.Budget), ["--samples"] = Text(full.Samples),
            ["--test"] = Text(full.TestSamples), ["--epochs"] = Text(full.Epochs), ["--every"] = Text(full.EvaluateEvery), ["--threads"] = "1", ["--stop"] = "0",
        };
        for (int i = 0; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
        if (args.Length % 2 != 0 || options["--folder"].Length == 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        int Value(string name) => Number(options[name]);
        foreach (string optimizer in options["--optimizers"].Split(','))
        {
            foreach (int seed in options["--seeds"].Split(',').Select(Number))
            {
                foreach (string kind in options["--kinds"].Split(','))
                {
                    var setting = full with
                    {
                        Width = Value("--width"), Budget = Value("--budget"), Samples = Value("--samples"), TestSamples = Value("--test"),
                        Epochs = Value("--epochs"), EvaluateEvery = Value("--every"), Seed = seed,
                    };
                    Train(setting, optimizer, kind, options["--folder"], Value("--threads"), Value("--stop"), string.Join(' ', args));
                }
            }
        }
        return 0;
    }

    private static void Train(WidthReductionSetting setting, string optimizer, string kind, string folder, int threads, int stop, string arguments)
    {
        string name = Path.Combine(folder, $"{optimizer}-{setting.Seed}-{kind}"), output = name + ".csv";
        if (File.Exists(output)) return;
        Directory.CreateDirectory(folder);
        BesselTask task = setting.Task();
        TwoLayerNetwork network = NetworkOf(setting, kind, optimizer);
        using var cancellation = new CancellationTokenSource();
        int printed = 0;
        TrainingOptions options = setting.Training(optimizer) with
        {
            MaxDegreeOfParallelism = threads, CheckpointPath = name + ".checkpoint", CheckpointEvery = setting.EvaluateEvery,
            CancellationToken = cancellation.Token,
            Progress = new Reporter(p =>
            {
                if (stop > 0 && p.Epoch >= stop) cancellation.Cancel();
                if (p.Epoch % setting.EvaluateEvery != 0 || p.Epoch <= printed) return;
                printed = p.Epoch;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(name)} epoch {p.Epoch} of {p.Epochs}, test {p.TestLoss:G4}, {p.RemainingSeconds:F0} s left"));
            }),
        };
        TrainingResult result = Trainer.Train(network, Optimizers.Create(optimizer), task.Train, task.Test(setting.TestSamples), options);
        WholeFile.WriteText(output, file =>
        {
            file.Write(string.Create(CultureInfo.InvariantCulture, $"# command: dotnet run -c Release --project tests/ResearchKit.Benchmarks -- fig4 {arguments}\n{Columns}\n"));
            foreach (TrainingPoint p in result.Points)
                file.Write(string.Create(CultureInfo.InvariantCulture, $"{p.Epoch},{p.TrainLoss:G9},{p.TestLoss:G9},{p.Seconds:F1}\n"));
        });
    }

    /// <summary>One row per optimiser, seed, kind and epoch, with numbers for names; only trainings that have ended.</summary>
    private static int Collect(string folder, string output)
    {
        string[] optimizers = [.. WidthReductionSetting.Optimisers.Select(o => o.Optimizer)], kinds = ["original", .. WidthReductionSetting.Kinds, "moved2", "moved4", "half", "most"];
        var losses = new SortedDictionary<(int Optimizer, int Seed, int Kind, int Epoch), string>();
        foreach (string file in Directory.GetFiles(folder, "*.csv"))
        {
            string[] name = Path.GetFileNameWithoutExtension(file).Split('-');
            if (name.Length != 3 || Array.IndexOf(optimizers, name[0]) is not (>= 0 and int optimizer) || Array.IndexOf(kinds, name[2]) is not (>= 0 and int kind)) continue;
            foreach (string[] cells in File.ReadLines(file).Where(l => char.IsAsciiDigit(l[0])).Select(l => l.Split(',')))
                losses[(optimizer, Number(name[1]), kind, Number(cells[0]))] = double.Parse(cells[2], CultureInfo.InvariantCulture).ToString("G6", CultureInfo.InvariantCulture);
        }
        WholeFile.WriteText(output, text =>
        {
            text.Write("# command: dotnet run -c Release --project tests/ResearchKit.Benchmarks -- fig4 --folder FOLDER (and --kinds; hours), then fig4 collect --folder FOLDER --output FILE\n");
            text.Write($"# optimizer: {Names(optimizers)}; kind: {Names(kinds)}; seed: of data, start and batches; loss: mean squared error on the clean test samples\n");
            text.Write(string.Create(CultureInfo.InvariantCulture, $"# processor: {Machine.Processor()}; date: {DateTime.UtcNow:yyyy-MM-dd}\n"));
            text.Write("optimizer,seed,kind,epoch,loss\n");
            foreach (((int optimizer, int seed, int kind, int epoch), string loss) in losses)
                text.Write(string.Create(CultureInfo.InvariantCulture, $"{optimizer},{seed},{kind},{epoch},{loss}\n"));
        });
        return 0;
    }

    private static string Names(string[] names) => string.Join(", ", names.Select((name, i) => $"{i} = {name}"));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static TwoLayerNetwork NetworkOf(WidthReductionSetting setting, string kind, string optimizer) => kind switch
    {
        "original" => setting.Original(),
        ['m', 'o', 'v', 'e', 'd', >= '1' and <= '9' and char k] => Moved(setting.Original(), Math.Pow(10, '0' - k), setting.Seed),
        "half" => (setting with { Budget = setting.Width / 2 }).Reduced(setting.Original(), "compressed", optimizer).Network,
        "most" => (setting with { Budget = setting.Width / 10 * 9 }).Reduced(setting.Original(), "compressed", optimizer).Network,
        _ when WidthReductionSetting.Kinds.Contains(kind) => setting.Reduced(setting.Original(), kind, optimizer).Network,
        _ => NeuronCandidates.Named(kind).Compress(setting.Original(), new NetworkCompressionOptions { Budget = setting.Budget, Seed = setting.Seed }).Network,
    };

    /// <summary>The original with every parameter times 1 + size * N(0, 1): how far apart do trainings end that start as good as equal?</summary>
    private static TwoLayerNetwork Moved(TwoLayerNetwork network, double size, int seed)
    {
        var random = new SeededRandom(seed, 91);
        foreach (ref double parameter in network.Parameters) parameter *= 1 + size * random.NextNormal();
        return network;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed class Reporter(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
