namespace ResearchKit.Notebooks;

/// <summary>Gives the pictures behind a slider the same axes: a curve that moves can be followed only on axes that stay.</summary>
internal static class SharedAxes
{
    public static void Apply(FigureSpec[] states)
    {
        int panels = states[0].Panels.Count;
        if (states.Any(s => s.Panels.Count != panels)) return;
        for (int p = 0; p < panels; p++)
        {
            PanelSpec[] all = [.. states.Select(s => s.Panels[p])];
            // Axes in space turn with the reader; names have no limits.
            if (all.Any(a => a.IsSpatial)) continue;
            bool x = all.All(a => a.Categories.Length == 0 && a.X.Log == all[0].X.Log), y = all.All(a => a.Y.Log == all[0].Y.Log);
            var across = Union(all.Select(SvgPanel.XLimits));
            var up = Union(all.Select(SvgPanel.YLimits));
            for (int s = 0; s < states.Length; s++)
            {
                PanelSpec same = all[s] with
                {
                    X = x ? all[s].X with { Min = across.Min, Max = across.Max } : all[s].X,
                    Y = y ? all[s].Y with { Min = up.Min, Max = up.Max } : all[s].Y,
                };
                states[s] = states[s] with { Panels = [.. states[s].Panels.Select((panel, i) => i == p ? same : panel)] };
            }
        }
    }

    private static (double Min, double Max) Union(IEnumerable<(double Min, double Max)> limits)
    {
        var all = limits.ToArray();
        return (all.Min(l => l.Min), all.Max(l => l.Max));
    }
}
