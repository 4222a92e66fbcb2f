using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

/// <summary>The rules against PyTorch 1.13 in double precision: six steps with signs that turn, zeros and a falling learning rate.</summary>
/// <remarks>
/// The numbers were printed by:
/// <code>
/// import torch
/// G = [[1, -2, .5, 0, 3], [.5, -1, -.25, .125, -3], [-.25, -.5, 1, 0, 2], [-1, .5, .75, -.125, 1], [2, 0, -1, .25, -.5], [.125, 1, -2, .5, .25]]
/// RATES = [.1, .1, .08, .06, .04, .02]
/// def run(name, make):
///     w = torch.tensor([.5, -1.25, 2, -.003, 40], dtype=torch.float64, requires_grad=True)
///     rule = make([w])
///     for rate, g in zip(RATES, G):
///         for group in rule.param_groups: group['lr'] = rate
///         w.grad = torch.tensor(g, dtype=torch.float64)
///         rule.step()
///     print(f'["{name}"] = [{", ".join(map(repr, w.tolist()))}],')
/// o = torch.optim
/// run("SGD", lambda p: o.SGD(p, lr=.1))
/// run("SGD decay", lambda p: o.SGD(p, lr=.1, weight_decay=.1))
/// run("SGD momentum", lambda p: o.SGD(p, lr=.1, momentum=.9))
/// run("SGD momentum dampening decay", lambda p: o.SGD(p, lr=.1, momentum=.8, dampening=.3, weight_decay=.1))
/// run("SGD Nesterov", lambda p: o.SGD(p, lr=.1, momentum=.7, nesterov=True, weight_decay=.05))
/// run("Adam", lambda p: o.Adam(p))
/// run("Adam decay", lambda p: o.Adam(p, betas=(.8, .95), eps=1e-3, weight_decay=.2))
/// run("AdamW", lambda p: o.AdamW(p))
/// run("AdamW strong", lambda p: o.AdamW(p, betas=(.8, .95), eps=1e-3, weight_decay=.2))
/// run("RMSprop", lambda p: o.RMSprop(p))
/// run("RMSprop momentum decay", lambda p: o.RMSprop(p, alpha=.9, eps=1e-4, momentum=.8, weight_decay=.1))
/// run("RMSprop centered", lambda p: o.RMSprop(p, centered=True))
/// run("RMSprop centered momentum", lambda p: o.RMSprop(p, alpha=.9, eps=1e-4, momentum=.8, centered=True))
/// run("Rprop", lambda p: o.Rprop(p, lr=.1))
/// run("Rprop limits", lambda p: o.Rprop(p, lr=.1, etas=(.3, 1.5), step_sizes=(.05, .16)))
/// </code>
/// </remarks>
public class PyTorchReferenceTests
{
    private static readonly double[][] Gradients = [[1, -2, .5, 0, 3], [.5, -1, -.25, .125, -3], [-.25, -.5, 1, 0, 2], [-1, .5, .75, -.125, 1], [2, 0, -1, .25, -.5], [.125, 1, -2, .5, .25]];
    private static readonly double[] Rates = [.1, .1, .08, .06, .04, .02];

    private static readonly Dictionary<string, double[]> Reference = new()
    {
        ["SGD"] = [0.34750000000000003, -0.9600000000000001, 1.93, -0.028000000000000004, 39.795],
        ["SGD decay"] = [0.3313379697509632, -0.919010408926016, 1.8534023483033089, -0.02765858947180908, 38.22556579993548],
        ["SGD momentum"] = [0.07091019999999999, -0.29954040000000004, 1.7302936, -0.04633525, 39.32870460000001],
        ["SGD momentum dampening decay"] = [0.12982188685522122, -0.4434143381173812, 1.6638355028831273, -0.030366462944583793, 36.64913099076456],
        ["SGD Nesterov"] = [0.10855131198583362, -0.4349106692250404, 1.7035914798992462, -0.05312058520129101, 37.61925804479078],
        ["Adam"] = [0.23941949544649202, -0.9344718945080452, 1.77213809904677, -0.14761510019897403, 39.855572893616994],
        ["Adam decay"] = [0.23860455340137143, -0.9302758577866284, 1.6828103542886543, -0.09925824648831083, 39.617445569534155],
        ["AdamW"] = [0.23796483052414985, -0.9300702533814542, 1.7645962534141522, -0.147398747487841, 39.69615324932085],
        ["AdamW strong"] = [0.22449584710665668, -0.8648786601406953, 1.6334403650950762, -0.14241139120050417, 36.769559756581856],
        ["RMSprop"] = [-0.7052466716044639, 0.16551551709147783, 0.8096766518040953, -1.0752400099487032, 39.270759085226025],
        ["RMSprop momentum decay"] = [-0.5221040563238732, 0.025651929029093, 0.6909863272621822, -0.22766014889472488, 38.384142618005285],
        ["RMSprop centered"] = [-0.714586749740716, 0.1754324292329123, 0.7978701729592542, -1.0827643987565976, 39.26520755430351],
        ["RMSprop centered momentum"] = [-0.6139862666521866, 0.09587045605129492, 0.8555760861482333, -0.7386264726036341, 39.28277930972453],
        ["Rprop"] = [0.31000000000000005, -0.9579999999999997, 1.8199999999999998, -0.053000000000000005, 39.76],
        ["Rprop limits"] = [0.25, -0.8899999999999999, 1.825, -0.053000000000000005, 39.725],
    };

    private static Optimizer Make(string name) => name switch
    {
        "SGD" => new Sgd(),
        "SGD decay" => new Sgd(weightDecay: .1),
        "SGD momentum" => new Sgd(momentum: .9),
        "SGD momentum dampening decay" => new Sgd(momentum: .8, dampening: .3, weightDecay: .1),
        "SGD Nesterov" => new Sgd(momentum: .7, nesterov: true, weightDecay: .05),
        "Adam" => new Adam(),
        "Adam decay" => new Adam(.8, .95, 1e-3, weightDecay: .2),
        "AdamW" => new AdamW(),
        "AdamW strong" => new AdamW(.8, .95, 1e-3, weightDecay: .2),
        "RMSprop" => new RmsProp(),
        "RMSprop momentum decay" => new RmsProp(.9, 1e-4, momentum: .8, weightDecay: .1),
        "RMSprop centered" => new RmsProp(centered: true),
        "RMSprop centered momentum" => new RmsProp(.9, 1e-4, momentum: .8, centered: true),
        "Rprop" => new Rprop(),
        "Rprop limits" => new Rprop(.3, 1.5, .05, .16),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    public static TheoryData<string> Names => [.. Reference.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void SixStepsAreThose(string name)
    {
        double[] w = [.5, -1.25, 2, -.003, 40];
        Optimizer rule = Make(name);
        for (int t = 0; t < Rates.Length; t++) rule.Step(w, Gradients[t], Rates[t]);
        double[] expected = Reference[name];
        for (int i = 0; i < w.Length; i++)
            // Round-off of six steps: units in the last place of the parameter, or of a step of size 1 where it is smaller.
            Assert.True(Math.Abs(w[i] - expected[i]) <= 4 * (Math.BitIncrement(Math.Max(1, Math.Abs(expected[i]))) - Math.Max(1, Math.Abs(expected[i]))), $"parameter {i}: {w[i]:R} against {expected[i]:R}");
    }
}
