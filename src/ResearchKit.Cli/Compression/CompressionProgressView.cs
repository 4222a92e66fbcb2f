using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>A bar on a terminal; elsewhere a line per stage and per quarter.</summary>
internal static class CompressionProgressView
{
    public static T Show<T>(CliContext context, Func<IProgress<CompressionProgress>, T> work)
    {
        if (!context.IsLive)
            return work(new PlainLines(context));
        return context.Out.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(display =>
            {
                ProgressTask task = display.AddTask("compress", maxValue: 1);
                return work(new Callback(p =>
                {
                    task.Description = Markup.Escape(p.Stage);
                    task.Value = p.Fraction;
                }));
            });
    }

    private sealed class Callback(Action<CompressionProgress> report) : IProgress<CompressionProgress>
    {
        public void Report(CompressionProgress value) => report(value);
    }

    private sealed class PlainLines(CliContext context) : IProgress<CompressionProgress>
    {
        private readonly Lock gate = new();
        private string stage = "";
        private int quarter = -1;

        public void Report(CompressionProgress value)
        {
            lock (gate)
            {
                int q = (int)(value.Fraction * 4);
                if (value.Stage == stage && q <= quarter) return;
                (stage, quarter) = (value.Stage, q);
                context.Out.WriteLine($"{value.Stage}: {value.Fraction * 100:0}%");
            }
        }
    }
}
