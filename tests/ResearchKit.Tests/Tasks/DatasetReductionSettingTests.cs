using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Tests.Tasks;

public class DatasetReductionSettingTests
{
    private static readonly DatasetReductionSetting Small = DatasetReductionSetting.Full with { Count = 2000, Budget = 200, TestSamples = 500, Epochs = 4, EvaluateEvery = 4, Seed = 3 };

    [Fact]
    public void EveryKindKeepsBudgetAndMass()
    {
        TeacherRegressionTask task = Small.Task();
        Assert.Equal(7, DatasetReductionSetting.Kinds.Count);
        foreach (string kind in DatasetReductionSetting.Kinds)
        {
            ReducedDataset set = Small.Reduced(task, kind);
            if (kind == "original")
            {
                Assert.Same(task.Train, set.Points);
                continue;
            }
            Assert.InRange(set.Points.Count, 180, 200);
            // The authors' naive set has no weights: its mean loss is that of its objects.
            Assert.Equal(kind == "naive" ? 200 : 2000, set.Points.Mass, 1e-8);
            Assert.Equal(kind == "smoothed", set.LossOffset > 1);
        }
        // A budget of all objects changes nothing.
        Assert.Same(task.Train, (Small with { Budget = 2000 }).Reduced(task, "compressed").Points);
        Assert.Contains("there are original, compressed", Assert.Throws<ArgumentException>(() => Small.Reduced(task, "best")).Message);
        Assert.Throws<InvalidOperationException>(() => (Small with { Budget = 0 }).Reduced(task, "random"));
    }

    [Fact]
    public void TheLossOfTheCompressedSetIsThatOfTheOriginal()
    {
        DatasetReductionSetting setting = Small with { Count = 20_000, Budget = 1000 };
        TeacherRegressionTask task = setting.Task();
        TwoLayerNetwork start = setting.Start();
        double exact = start.Loss(setting.Reduced(task, "original").Samples());
        double Error(string kind)
        {
            ReducedDataset set = setting.Reduced(task, kind);
            return Math.Abs(start.Loss(set.Samples()) + set.LossOffset - exact) / exact;
        }
        Assert.InRange(Error("compressed"), 0, 1e-4);
        Assert.InRange(Error("smoothed"), 0, 1e-4);
        Assert.InRange(Error("random"), 1e-3, 1);
    }

    [Fact]
    public void TheStartHasNothingOfTheTeacher()
    {
        // Teacher and start are drawn by one generator: from the same stream the output weights would be proportional.
        TeacherRegressionTask task = Small.Task();
        double[] v = [.. Small.Start().Block("output.weight")];
        double dot = 0, a = 0, b = 0;
        for (int i = 0; i < v.Length; i++) (dot, a, b) = (dot + v[i] * task.Output[i], a + v[i] * v[i], b + task.Output[i] * task.Output[i]);
        Assert.InRange(Math.Abs(dot) / Math.Sqrt(a * b), 0, 0.5);
    }

    [Fact]
    public void ReducedSetsMakeAsManyStepsAsTheOriginal()
    {
        TeacherRegressionTask task = Small.Task();
        foreach (DatasetTraining training in DatasetReductionSetting.Trainings)
        {
            foreach (string kind in new[] { "original", "compressed", "naive" })
            {
                TrainingResult result = Trainer.Train(Small.Start(), Optimizers.Create(training.Optimizer), Small.Reduced(task, kind).Samples(), Small.Test(task), Small.Training(training));
                Assert.Equal(training.FullBatch ? 4 : 4 * 8, result.Steps);
            }
        }
    }

    [Fact]
    public void TheFirstPointOfFig3IsTheAuthorsPanels()
        => Assert.Equal(["GD lr 0.05 full batch", "AdamW lr 0.01 full batch", "SGD lr 0.01 batch 256", "AdamW lr 0.001 batch 256"], DatasetReductionSetting.Trainings.Select(t => t.Name));
}
