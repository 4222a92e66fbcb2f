using ResearchKit.Networks;

namespace ResearchKit.Training;

/// <summary>One step: batch, gradient, 1/c rule, optimiser, each checked for NaN and infinity before parameters change.</summary>
internal sealed class TrainingStep(WeightedModel model, Optimizer optimizer, BatchSequence batches, TrainingOptions options)
{
    private readonly double[] gradient = new double[model.Parameters.Length];

    /// <summary>Takes the next batch's step; allocates nothing.</summary>
    /// <returns>The batch's loss before the step.</returns>
    public double Take(int epoch, int step, double learningRate)
    {
        batches.Next(out ReadOnlySpan<double> inputs, out ReadOnlySpan<double> targets, out ReadOnlySpan<double> weights);
        double loss = model.Gradient(inputs, targets, gradient, weights, options.MaxDegreeOfParallelism);
        if (batches.Scale != 1)
        {
            loss *= batches.Scale;
            for (int i = 0; i < gradient.Length; i++) gradient[i] *= batches.Scale;
        }
        if (!double.IsFinite(loss))
            throw new TrainingDivergedException("The loss is not finite", epoch, step, loss, learningRate);
        model.DivideByObjectWeights(gradient);
        int bad = NonFinite.IndexOf(gradient);
        if (bad >= 0)
            throw new TrainingDivergedException($"The gradient of {NameOf(bad)} is {gradient[bad]}", epoch, step, loss, learningRate);
        optimizer.Step(model.Parameters, gradient, learningRate, options.MaxDegreeOfParallelism);
        return loss;
    }

    private string NameOf(int parameter)
    {
        ParameterBlock block = model.Blocks.Last(b => b.Offset <= parameter);
        return $"{block.Name}[{parameter - block.Offset}]";
    }
}
