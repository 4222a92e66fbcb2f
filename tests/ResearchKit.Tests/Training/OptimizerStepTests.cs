using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

/// <summary>Three steps and more of every rule, with the arithmetic written out.</summary>
public class OptimizerStepTests
{
    private const double Rate = 0.1;

    [Fact]
    public void GradientDescentWithDecay()
    {
        // g + w/2: 1 + 1 = 2, 1 + 0.9 = 1.9, -1 + 0.805 = -0.195.
        Check(new Sgd(weightDecay: 0.5), 2, [1, 1, -1], [1.8, 1.61, 1.6295]);
    }

    [Fact]
    public void MomentumWithDampening()
    {
        // b: 2 (undamped at first), 2/2 + 0.8 * 1 = 1.8, 1.8/2 - 0.8 = 0.1.
        Check(new Sgd(momentum: 0.5, dampening: 0.2), 1, [2, 1, -1], [0.8, 0.62, 0.61]);
    }

    [Fact]
    public void NesterovsMomentum()
    {
        // b: 2, 1 + 1 = 2, 1 - 1 = 0; g + b/2: 3, 2, -1.
        Check(new Sgd(momentum: 0.5, nesterov: true), 1, [2, 1, -1], [0.7, 0.5, 0.6]);
    }

    /// <summary>
    /// beta1 = 1/2, beta2 = 3/4, epsilon = 1/2, g = 2, -2, 1. m: 1, -1/2, 1/4; over 1/2, 3/4, 7/8: 2, -2/3, 2/7.
    /// v: 1, 7/4, 25/16; over 1/4, 7/16, 37/64: 4, 4, 100/37.
    /// </summary>
    private static readonly double[] AdamSteps = [Rate * 2 / 2.5, Rate * (-2.0 / 3) / 2.5, Rate * (2.0 / 7) / (10 / Math.Sqrt(37) + 0.5)];

    [Fact]
    public void AdamWithoutBias()
    {
        double w1 = 1 - AdamSteps[0], w2 = w1 - AdamSteps[1];
        Check(new Adam(0.5, 0.75, 0.5), 1, [2, -2, 1], [w1, w2, w2 - AdamSteps[2]]);
    }

    [Fact]
    public void AdamsDecayIsPartOfTheGradient()
    {
        // g + w/2 at w = 2: 1 + 1 = 2, the step of the first row above.
        double w1 = 2 - AdamSteps[0];
        // So that g + w/2 is -2 and then 1 again.
        double g2 = -2 - w1 / 2, w2 = w1 - AdamSteps[1], g3 = 1 - w2 / 2;
        Check(new Adam(0.5, 0.75, 0.5, weightDecay: 0.5), 2, [1, g2, g3], [w1, w2, w2 - AdamSteps[2]]);
    }

    [Fact]
    public void AdamWsDecayShrinksTheParameters()
    {
        // w *= 1 - 0.1 * 0.5 before each step.
        double w1 = 0.95 - AdamSteps[0], w2 = 0.95 * w1 - AdamSteps[1];
        Check(new AdamW(0.5, 0.75, 0.5, weightDecay: 0.5), 1, [2, -2, 1], [w1, w2, 0.95 * w2 - AdamSteps[2]]);
    }

    /// <summary>alpha = 3/4, epsilon = 1/2, g = 2, -2, 1: v = 1, 7/4, 25/16.</summary>
    private static readonly double[] RmsSteps = [2 / 1.5, -2 / (Math.Sqrt(1.75) + 0.5), 1 / 1.75];

    [Fact]
    public void RmsPropAddsEpsilonToTheRoot()
    {
        double w1 = 1 - Rate * RmsSteps[0], w2 = w1 - Rate * RmsSteps[1];
        Check(new RmsProp(0.75, 0.5), 1, [2, -2, 1], [w1, w2, w2 - Rate * RmsSteps[2]]);
    }

    [Fact]
    public void RmsPropWithMomentum()
    {
        double b2 = RmsSteps[0] / 2 + RmsSteps[1], b3 = b2 / 2 + RmsSteps[2];
        double w1 = 1 - Rate * RmsSteps[0], w2 = w1 - Rate * b2;
        Check(new RmsProp(0.75, 0.5, momentum: 0.5), 1, [2, -2, 1], [w1, w2, w2 - Rate * b3]);
    }

    [Fact]
    public void CenteredRmsPropTakesTheVariance()
    {
        // a: 1/2, 3/8 - 1/2 = -1/8, -3/32 + 1/4 = 5/32; v - a^2: 3/4, 7/4 - 1/64, 25/16 - 25/1024.
        double w1 = 1 - Rate * 2 / (Math.Sqrt(0.75) + 0.5), w2 = w1 + Rate * 2 / (Math.Sqrt(1.734375) + 0.5);
        Check(new RmsProp(0.75, 0.5, centered: true), 1, [2, -2, 1], [w1, w2, w2 - Rate / (Math.Sqrt(1.5380859375) + 0.5)]);
    }

    [Fact]
    public void RpropForgetsTheGradientAtAChangeOfSign()
    {
        // Sizes 0.1, 0.12; the sign turns: 0.06, no step; then the last gradient counts as 0: 0.06 stays; 0.072;
        // a zero gradient leaves 0.072, and so does the one after it.
        Check(new Rprop(), 0, [3, 1, -2, -5, -0.1, 0, 4], [-0.1, -0.22, -0.22, -0.16, -0.088, -0.088, -0.16]);
    }

    [Fact]
    public void RpropKeepsItsStepSizesWithinTheLimits()
    {
        // 0.1 is raised to 0.2 at once; 0.24 is cut to 0.22; then half of it is raised to 0.2 and the step left out.
        Check(new Rprop(minStep: 0.2, maxStep: 0.22), 0, [1, 1, -1, -1], [-0.2, -0.42, -0.42, -0.22]);
    }

    [Fact]
    public void RpropIgnoresTheScheduleOfTheLearningRate()
    {
        double[] w = [0];
        var rule = new Rprop();
        rule.Step(w, [1], 0.1);
        rule.Step(w, [1], 1e-9);
        Assert.Equal(-0.22, w[0], 1e-15);
    }

    private static void Check(Optimizer rule, double start, double[] gradients, double[] expected)
    {
        double[] w = [start];
        for (int t = 0; t < gradients.Length; t++)
        {
            rule.Step(w, [gradients[t]], Rate);
            Assert.Equal(expected[t], w[0], 1e-15);
        }
        Assert.Equal(gradients.Length, rule.Steps);
    }
}
