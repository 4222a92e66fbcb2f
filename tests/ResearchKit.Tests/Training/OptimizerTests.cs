using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

public class OptimizerTests
{
    private static readonly (string Name, Func<Optimizer> Make)[] Rules =
    [
        .. Optimizers.Names.Select(name => (name, (Func<Optimizer>)(() => Optimizers.Create(name)))),
        ("Nesterov", static () => new Sgd(momentum: 0.8, nesterov: true, weightDecay: 0.1)),
        ("RMSprop with all", static () => new RmsProp(momentum: 0.8, centered: true, weightDecay: 0.1)),
    ];

    public static TheoryData<string> RuleNames => [.. Rules.Select(r => r.Name)];

    /// <summary>More than two shares of 2^16 and a rest that fills no vector.</summary>
    private const int Many = 300_001;

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void BitsDependNeitherOnThreadsNorOnThePlaceInTheVector(string name)
    {
        double[] one = Train(Many, 1), two = Train(Many, 2), all = Train(Many, -1);
        Assert.Equal(one, two);
        Assert.Equal(one, all);
        // Each parameter alone, through the code for rests.
        foreach (int i in new[] { 0, 1, 65_535, 65_536, 131_073, Many - 2, Many - 1 })
        {
            double[] w = [Start(i)];
            Optimizer rule = Make(name);
            for (int t = 0; t < 4; t++) rule.Step(w, [Gradient(i, t)], 0.01);
            Assert.Equal(w[0], one[i]);
        }

        double[] Train(int count, int threads)
        {
            double[] w = [.. Enumerable.Range(0, count).Select(Start)];
            Optimizer rule = Make(name);
            for (int t = 0; t < 4; t++) rule.Step(w, [.. Enumerable.Range(0, count).Select(i => Gradient(i, t))], 0.01, threads);
            return w;
        }
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void ACloneGoesOnLikeTheOriginal(string name)
    {
        double[] w = [1, -2, 3];
        Optimizer rule = Make(name);
        rule.Step(w, [0.5, 0.25, -1], 0.1);
        rule.Step(w, [-0.5, 0.5, -2], 0.1);
        Optimizer clone = rule.Clone();
        double[] copy = [.. w];
        rule.Step(w, [1, 2, 3], 0.1);
        clone.Step(copy, [1, 2, 3], 0.1);
        Assert.Equal(w, copy);
        Assert.Equal(3, clone.Steps);
        Assert.Equal(rule.Description, clone.Description);
        // Neither shares its state with the other.
        clone.Step(copy, [7, 7, 7], 0.1);
        Assert.NotEqual(rule.Export().Steps, clone.Export().Steps);
        Assert.All(rule.Export().Vectors.Zip(clone.Export().Vectors), p => Assert.NotEqual(p.First, p.Second));
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void AResetRuleIsANewOne(string name)
    {
        double[] used = [1, -2, 3], fresh = [1, -2, 3];
        Optimizer rule = Make(name), other = Make(name);
        rule.Step([1.0, 2], [3, 4], 0.3);
        rule.Reset();
        for (int t = 0; t < 3; t++)
        {
            rule.Step(used, [1, t - 1, -2], 0.1);
            other.Step(fresh, [1, t - 1, -2], 0.1);
        }
        Assert.Equal(fresh, used);
    }

    [Fact]
    public void DescriptionsTellRulesApart()
    {
        string[] descriptions = [.. Rules.Select(r => r.Make().Description), new Adam(beta1: 0.8).Description, new RmsProp(centered: true).Description, new Rprop(maxStep: 1).Description];
        Assert.Equal(descriptions.Length, descriptions.Distinct().Count());
    }

    [Fact]
    public void NamesAreFoundInAnyCase()
    {
        Assert.IsType<AdamW>(Optimizers.Create("adamw"));
        Assert.Equal(0.9, Assert.IsType<Sgd>(Optimizers.Create("Momentum")).Momentum);
        string message = Assert.Throws<ArgumentException>(() => Optimizers.Create("Lion")).Message;
        Assert.Contains("Lion", message);
        Assert.Contains("RMSprop", message);
    }

    [Fact]
    public void ConstantsOutOfRangeAreNamed()
    {
        Refused("momentum", static () => new Sgd(momentum: -0.1));
        Refused("momentum", static () => new Sgd(momentum: double.NaN));
        Refused("dampening", static () => new Sgd(dampening: double.PositiveInfinity));
        Refused("weightDecay", static () => new Sgd(weightDecay: -1));
        Refused("beta1", static () => new Adam(beta1: 1));
        Refused("beta2", static () => new AdamW(beta2: -0.1));
        Refused("epsilon", static () => new Adam(epsilon: -1e-8));
        Refused("weightDecay", static () => new AdamW(weightDecay: double.NaN));
        Refused("alpha", static () => new RmsProp(alpha: 1));
        Refused("epsilon", static () => new RmsProp(epsilon: double.NaN));
        Refused("etaMinus", static () => new Rprop(etaMinus: 1));
        Refused("etaPlus", static () => new Rprop(etaPlus: 1));
        Refused("maxStep", static () => new Rprop(minStep: 0.1, maxStep: 0.01));
        Assert.Throws<ArgumentException>(static () => new Sgd(nesterov: true));
        Assert.Throws<ArgumentException>(static () => new Sgd(momentum: 0.9, dampening: 0.1, nesterov: true));

        static void Refused(string parameter, Func<Optimizer> make)
            => Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(make).ParamName);
    }

    [Fact]
    public void StepsThatDoNotFitAreRefused()
    {
        var rule = new Adam();
        rule.Step([1.0, 2], [1, 1], 0.1);
        Assert.Contains("Reset", Assert.Throws<ArgumentException>(() => rule.Step([1.0], [1], 0.1)).Message);
        Assert.Throws<ArgumentException>(() => rule.Step([1.0, 2], [1], 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => rule.Step([1.0, 2], [1, 1], -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => rule.Step([1.0, 2], [1, 1], double.NaN));
        Assert.Equal(1, rule.Steps);
    }

    [Fact]
    public void StatesThatDoNotFitAreRefused()
    {
        var rule = new Adam();
        rule.Step([1.0, 2], [1, 1], 0.1);
        OptimizerState state = rule.Export();
        Assert.Contains("AdamW", Assert.Throws<ArgumentException>(() => new AdamW().Import(state)).Message);
        Assert.Throws<ArgumentException>(() => new Adam(beta1: 0.8).Import(state));
        Assert.Throws<ArgumentException>(() => new Adam().Import(state with { Vectors = [state.Vectors[0]] }));
        Assert.Throws<ArgumentException>(() => new Adam().Import(state with { Vectors = [state.Vectors[0], [1]] }));
        Assert.Throws<ArgumentException>(() => new Adam().Import(state with { Steps = -1 }));
    }

    private static Optimizer Make(string name) => Rules.Single(r => r.Name == name).Make();

    private static double Start(int i) => new SeededRandom(i).Uniform(-1, 1);

    private static double Gradient(int i, int step) => new SeededRandom(i, 1 + step).NextNormal();
}
