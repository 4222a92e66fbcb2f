using ResearchKit.Training;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>The token by which a host stops calls whose author gave none.</summary>
public class AmbientCancellationTests
{
    [Fact]
    public void Options_without_a_token_follow_the_ambient_one_and_a_given_token_wins()
    {
        using var ambient = new CancellationTokenSource();
        using var given = new CancellationTokenSource();
        var before = new CompressionOptions { Budget = 10 };
        Assert.False(before.CancellationToken.CanBeCanceled);
        using (AmbientCancellation.Enter(ambient.Token))
        {
            // Options made earlier are stopped too, and those of an interrupted cell are good for the next.
            Assert.Equal(ambient.Token, before.CancellationToken);
            Assert.Equal(ambient.Token, (before with { Budget = 20 }).CancellationToken);
            Assert.Equal(ambient.Token, new FreeNodeOptions { Budget = 10 }.CancellationToken);
            Assert.Equal(ambient.Token, new TrainingOptions { Epochs = 1, LearningRate = 1 }.CancellationToken);
            Assert.Equal(given.Token, (before with { CancellationToken = given.Token }).CancellationToken);
        }
        Assert.False(before.CancellationToken.CanBeCanceled);
    }

    [Fact]
    public async Task It_flows_into_tasks_and_stops_a_compression_in_one()
    {
        using var source = new CancellationTokenSource();
        using IDisposable entered = AmbientCancellation.Enter(source.Token);
        await source.CancelAsync();
        var set = new WeightedPoints([.. Enumerable.Range(0, 3000).Select(i => Math.Sin(i))], 3);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Task.Run(() => Compressor.Compress(set, new CompressionOptions { Budget = 100 }), CancellationToken.None));
    }
}
