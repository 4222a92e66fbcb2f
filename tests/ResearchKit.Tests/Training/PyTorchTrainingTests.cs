using ResearchKit.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

/// <summary>Whole trainings against PyTorch 1.13 in double precision: network, loss, gradient, optimiser and cosine schedule together.</summary>
/// <remarks>
/// A 2-5-1 ReLU network on nine samples, 40 epochs of one step, all values irrational: a sample on a
/// neuron's kink would fall to either side by round-off. The numbers were printed by:
/// <code>
/// import torch
/// from math import sin
/// torch.set_default_dtype(torch.float64)
/// d, n, epochs = 5, 9, 40
/// x = torch.tensor([[sin(5 * i + 2), sin(7 * i + 1)] for i in range(n)])
/// y = torch.tensor([[sin(4 * i + 3) / 2] for i in range(n)])
/// def run(name, rate, make):
///     model = torch.nn.Sequential(torch.nn.Linear(2, d), torch.nn.ReLU(), torch.nn.Linear(d, 1))
///     with torch.no_grad():
///         for k, p in enumerate([model[0].weight.t(), model[0].bias, model[2].weight, model[2].bias]):
///             p.copy_(torch.tensor([sin(3 * i + 5 * k + 1) for i in range(p.numel())]).reshape(p.shape))
///     rule = make(model.parameters(), rate)
///     schedule = torch.optim.lr_scheduler.CosineAnnealingLR(rule, epochs)
///     for _ in range(epochs):
///         rule.zero_grad()
///         loss = torch.nn.functional.mse_loss(model(x), y)
///         loss.backward()
///         rule.step()
///         schedule.step()
///     flat = torch.cat([p.detach().reshape(-1) for p in [model[0].weight.t(), model[0].bias, model[2].weight, model[2].bias]])
///     print(f'["{name}"] = ({rate}, {loss.item()!r}, {(flat * torch.arange(1, flat.numel() + 1)).sum().item()!r}),')
/// o = torch.optim
/// run("SGD", .1, lambda p, r: o.SGD(p, r))
/// run("Momentum", .02, lambda p, r: o.SGD(p, r, momentum=.9))
/// run("Adam", .02, lambda p, r: o.Adam(p, r))
/// run("AdamW", .02, lambda p, r: o.AdamW(p, r))
/// run("RMSprop", .005, lambda p, r: o.RMSprop(p, r))
/// run("Rprop", .01, lambda p, r: o.Rprop(p, r))
/// </code>
/// </remarks>
public class PyTorchTrainingTests
{
    private static readonly Dictionary<string, (double LearningRate, double LastLoss, double WeightedSum)> Reference = new()
    {
        ["SGD"] = (0.1, 0.08296712896309873, -49.46175818342194),
        ["Momentum"] = (0.02, 0.11658889898408988, -61.66376958650412),
        ["Adam"] = (0.02, 0.19372307050855786, -53.572734141072885),
        ["AdamW"] = (0.02, 0.1927353146454821, -53.353578915529965),
        ["RMSprop"] = (0.005, 0.230974653427949, -49.0819128741834),
        ["Rprop"] = (0.01, 0.07041840677014277, -81.47063834707235),
    };

    public static TheoryData<string> Names => [.. Reference.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void FortyEpochsAreThose(string name)
    {
        (double learningRate, double lastLoss, double weightedSum) = Reference[name];
        var model = new TwoLayerNetwork(2, 5);
        for (int k = 0; k < model.Blocks.Count; k++)
        {
            Span<double> block = model.Block(model.Blocks[k].Name);
            for (int i = 0; i < block.Length; i++) block[i] = Math.Sin(3 * i + 5 * k + 1);
        }
        var samples = new Samples(
            [.. Enumerable.Range(0, 9).SelectMany(i => new[] { Math.Sin(5 * i + 2), Math.Sin(7 * i + 1) })],
            [.. Enumerable.Range(0, 9).Select(i => Math.Sin(4 * i + 3) / 2)], 2);
        TrainingResult result = Trainer.Train(model, Optimizers.Create(name), samples, null, new TrainingOptions { Epochs = 40, LearningRate = learningRate, Schedule = LearningRateSchedule.Cosine });
        Assert.Equal(lastLoss, result.Last.TrainLoss, 1e-13);
        // Weights up to 21, each parameter with the round-off of 40 steps.
        Assert.Equal(weightedSum, model.Parameters.ToArray().Select((p, i) => (i + 1) * p).Sum(), 1e-11);
    }
}
