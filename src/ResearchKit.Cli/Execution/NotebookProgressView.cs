using System.Diagnostics;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>
/// Shows which cell of which notebook runs and for how long: one line that redraws itself on a terminal, elsewhere a plain
/// line per notebook and one every ten seconds.
/// </summary>
internal sealed class NotebookProgressView(CliContext context)
{
    private const double QuietSeconds = 10;

    /// <summary>Runs one notebook under the display.</summary>
    /// <param name="label">E.g. "2/9 fig2-error-scaling".</param>
    /// <param name="run">Gets the callback for cells.</param>
    public async Task<NotebookOutcome> ShowAsync(string label, Func<Action<int, int>, Task<NotebookOutcome>> run)
    {
        var clock = Stopwatch.StartNew();
        if (!context.IsLive)
        {
            double shown = 0;
            context.Out.WriteLine($"{label} ...");
            return await run((cell, total) =>
            {
                if (clock.Elapsed.TotalSeconds < shown + QuietSeconds) return;
                shown = clock.Elapsed.TotalSeconds;
                context.Out.WriteLine($"{label}: cell {cell}/{total}, {Duration.Text(clock.Elapsed.TotalSeconds)}");
            });
        }

        return await context.Out.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(label), async status =>
        {
            string cells = "";
            using var timer = new Timer(_ => Show(), null, 0, 500);
            return await run((cell, total) =>
            {
                cells = $"cell {cell}/{total}";
                Show();
            });

            void Show() => status.Status($"{Markup.Escape(label)}  {cells}  [grey]{Duration.Text(clock.Elapsed.TotalSeconds)}[/]");
        });
    }
}
