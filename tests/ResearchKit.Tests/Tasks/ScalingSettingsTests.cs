using ResearchKit.Tasks;

namespace ResearchKit.Tests.Tasks;

public class ScalingSettingsTests
{
    [Fact]
    public void BudgetsAreThoseOfThePaper()
    {
        // d' = floor(16 sqrt d) as the authors list it.
        Assert.Equal([256, 362, 512, 724, 1024, 1448, 2048, 2896, 4096, 5792, 8192, 11585], DatasetScalingSetting.Counts.Select(d => DatasetScalingSetting.BudgetOf(d, 0.5)));
        Assert.Equal(2048, new DatasetScalingSetting { Count = 16384 }.Budget);
        // Cube and fourth roots begin at 256 too: 256 (d / 256)^(1/3) at d = 2^17 is 2048, (1/4) at 2^16 is 1024.
        Assert.Equal(2048, DatasetScalingSetting.BudgetOf(1 << 17, 1.0 / 3));
        Assert.Equal(1024, DatasetScalingSetting.BudgetOf(1 << 16, 0.25));
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetScalingSetting.BudgetOf(255, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetScalingSetting.BudgetOf(1024, 0));
    }

    [Fact]
    public void ALargerSetLearnsMoreAndTheCompressedOneAsMuch()
    {
        // Single seeds scatter (a naive set may be a lucky one): sums over three.
        double Loss(int count, string kind) => Enumerable.Range(1, 3).Sum(seed =>
        {
            var setting = new DatasetScalingSetting { Count = count, Seed = seed, SampleBudget = 1 << 17, TestSamples = 2000 };
            TeacherRegressionTask task = setting.Data.Task();
            return setting.Loss(task, setting.Data.Test(task), kind);
        });
        double original = Loss(8192, "original"), small = Loss(256, "original");
        Assert.InRange(Loss(8192, "compressed") / original, 0.8, 1.2);
        Assert.True(Loss(8192, "naive") > 1.5 * original);
        Assert.True(small > 2 * original);
        // At the first size nothing is left out.
        Assert.Equal(small, Loss(256, "compressed"));
    }

    [Fact]
    public void WidthsAreReducedOnlyWhereTheBudgetBinds()
    {
        WidthReductionSetting setting = WidthScalingSetting.Of(1024, 1) with { Samples = 200, TestSamples = 100, Epochs = 1, EvaluateEvery = 1 };
        Assert.Equal(512, setting.Budget);
        Assert.Equal(1024, WidthScalingSetting.Start(setting, "original").Width);
        Assert.InRange(WidthScalingSetting.Start(setting, "compressed").Width, 400, 512);
        Assert.Equal(512, WidthScalingSetting.Start(setting, "random").Width);
        Assert.Equal(256, WidthScalingSetting.Start(WidthScalingSetting.Of(256, 1), "compressed").Width);
        Assert.Equal((1e-3, 128), (WidthScalingSetting.Training(setting).LearningRate, WidthScalingSetting.Training(setting).BatchSize));
        Assert.Throws<ArgumentException>(() => WidthScalingSetting.Start(setting, "naive"));
    }
}
