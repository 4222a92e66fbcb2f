using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

public class OptimizerTests
{
    [Fact]
    public void AdamsFirstStepIsTheLearningRateAgainstTheSign()
    {
        // m / (1 - beta1) = g and sqrt(v / (1 - beta2)) = |g|: the step is 0.1 g / (|g| + 1e-8).
        double[] w = [1, 1, 1];
        new Adam().Step(w, [2, -3, 0], 0.1);
        Assert.Equal([1 - 0.2 / (2 + 1e-8), 1 + 0.3 / (3 + 1e-8), 1], w, (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void RpropsStepIsSkippedAtAChangeOfSign()
    {
        double[] w = [0];
        var rule = new Rprop();
        rule.Step(w, [3], 0.5);
        Assert.Equal(-0.5, w[0]);
        rule.Step(w, [1], 0.5);
        Assert.Equal(-0.5 - 0.5 * 1.2, w[0]);
        rule.Step(w, [-1], 0.5);
        Assert.Equal(-1.1, w[0]);
        rule.Step(w, [-1], 0.5);
        Assert.Equal(-1.1 + 0.3, w[0], 1e-15);
    }
}
