using System.Text;

namespace ResearchKit.Notebooks;

internal enum Dash { Solid, Dashed, LongDash, DashDot, Dotted }

internal enum Marker { None, Circle, Square, Diamond, Triangle, TriangleDown, Cross }

/// <summary>A colour on white paper and the same colour's twin on black paper.</summary>
internal sealed record Ink(string Name, string Light, string Dark);

/// <summary>How a role looks.</summary>
internal sealed record Look(Ink Ink, Dash Dash, Marker Marker, bool Hollow, double Width);

/// <summary>
/// The project's one visual grammar: every colour, dash, marker and width of every figure comes from here.
/// Colours are Okabe and Ito's, checked for the three common colour deficiencies; no meaning rests on colour alone.
/// </summary>
internal static class Style
{
    public const string Font = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

    public static readonly Ink Paper = new("paper", "#ffffff", "#16181d");
    public static readonly Ink Text = new("text", "#1b1f24", "#e9ebee");
    public static readonly Ink Muted = new("muted", "#57606a", "#a4adb8");
    public static readonly Ink Axis = new("axis", "#6e7781", "#8a939e");
    public static readonly Ink Grid = new("grid", "#e3e6ea", "#30353d");
    public static readonly Ink GridMinor = new("minor", "#f1f3f5", "#22262c");

    private static readonly Ink s_original = new("original", "#000000", "#f4f4f4");
    private static readonly Ink s_compressed = new("compressed", "#0072b2", "#4aaef0");
    private static readonly Ink s_theory = new("theory", "#4d4d4d", "#c4c4c4");
    private static readonly Ink s_authors = new("authors", "#d55e00", "#ff8b3d");

    private static readonly Ink[] s_baselines =
    [
        new("base0", "#6f6f6f", "#a9a9a9"), new("base1", "#929292", "#8c8c8c"),
        new("base2", "#585858", "#c2c2c2"), new("base3", "#a6a6a6", "#787878"),
    ];

    // Okabe-Ito without its black (the original's) and with its yellow darkened until it can be read on white.
    private static readonly Ink[] s_series =
    [
        new("s0", "#e69f00", "#f2b233"), new("s1", "#56b4e8", "#7cc8f4"), new("s2", "#009e73", "#2fc79a"),
        new("s3", "#cc79a7", "#e49cc4"), new("s4", "#0072b3", "#4aaef1"), new("s5", "#d55e01", "#ff8b3e"),
        new("s6", "#a89b00", "#e8dc4a"),
    ];

    private static readonly Dash[] s_baselineDashes = [Dash.Dashed, Dash.LongDash, Dash.DashDot];

    private static readonly Marker[] s_markers =
        [Marker.Circle, Marker.Square, Marker.Diamond, Marker.Triangle, Marker.TriangleDown, Marker.Cross];

    /// <summary>Every ink there is; the theme change maps each light colour to its twin.</summary>
    public static IEnumerable<Ink> Inks =>
        [Paper, Text, Muted, Axis, Grid, GridMinor, s_original, s_compressed, s_theory, s_authors, .. s_baselines, .. s_series];

    public static Look Of(Role role)
    {
        int index = Math.Max(role.Index, 0);
        bool family = role.Index >= 0;
        return role.Kind switch
        {
            RoleKind.Original => new(s_original, Dash.Solid, Marker.Circle, false, 2.0),
            RoleKind.Compressed => new(s_compressed, Dash.Solid, Marker.Circle, false, 2.4),
            RoleKind.Baseline => new(Cycle(s_baselines, index), Cycle(s_baselineDashes, index), Cycle(s_markers, index + 1), false, 1.8),
            RoleKind.Theory => new(family ? Cycle(s_series, index) : s_theory, Dash.Dotted, Marker.None, false, 1.8),
            RoleKind.Authors => new(family ? Cycle(s_series, index) : s_authors, Dash.Solid, family ? Cycle(s_markers, index) : Marker.Diamond, true, 1.4),
            _ => new(Cycle(s_series, index), Dash.Solid, Cycle(s_markers, index), false, 2.0),
        };
    }

    private static T Cycle<T>(T[] items, int index) => items[index % items.Length];

    /// <summary>Colour of <paramref name="t"/> in [0, 1] on a scale even to the eye and safe for colour-blind readers (cividis).</summary>
    public static string Scale(double t)
    {
        t = double.IsFinite(t) ? Math.Clamp(t, 0, 1) : 0;
        double at = t * (s_cividis.Length - 1);
        int i = Math.Min((int)at, s_cividis.Length - 2);
        var (a, b) = (s_cividis[i], s_cividis[i + 1]);
        int Mix(int shift) => (int)Math.Round((((a >> shift) & 255) * (1 - (at - i))) + (((b >> shift) & 255) * (at - i)));
        return $"#{Mix(16):x2}{Mix(8):x2}{Mix(0):x2}";
    }

    private static readonly int[] s_cividis =
        [0x00224e, 0x123570, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678, 0xa59c74, 0xc3b369, 0xe1cc55, 0xfee838];

    /// <summary>SVG dash pattern for a stroke of the given width; empty for a solid line.</summary>
    public static string DashArray(Dash dash, double width) => dash switch
    {
        Dash.Dashed => "6 4",
        Dash.LongDash => "11 4",
        Dash.DashDot => "8 3 1.5 3",
        Dash.Dotted => FormattableString.Invariant($"0.1 {width * 2.1:0.#}"),
        _ => "",
    };

    /// <summary>The stylesheet shared by the static picture and the page around it.</summary>
    public static string Css()
    {
        var css = new StringBuilder();
        string Variables(Func<Ink, string> pick, int dark) =>
            string.Concat(Inks.Select(i => $"--rk-{i.Name}:{pick(i)};")) + $"--rk-dark:{dark}";
        string light = Variables(i => i.Light, 0), night = Variables(i => i.Dark, 1);
        css.Append(".rk-figure,.rk-svg{").Append(light).Append('}');
        css.Append("@media (prefers-color-scheme:dark){.rk-figure,.rk-svg{").Append(night).Append("}}");
        // A host that states its own theme wins over the operating system's.
        css.Append(Hosts("[data-theme=dark]", ".vscode-dark", ".vscode-high-contrast:not(.vscode-high-contrast-light)", "[data-jp-theme-light=false]")).Append('{').Append(night).Append('}');
        css.Append(Hosts("[data-theme=light]", ".vscode-light", "[data-jp-theme-light=true]")).Append('{').Append(light).Append('}');
        foreach (Ink ink in Inks)
            css.Append(".rk-svg .rk-").Append(ink.Name).Append("{fill:var(--rk-").Append(ink.Name).Append(");stroke:var(--rk-").Append(ink.Name).Append(")}");
        css.Append(".rk-svg text{stroke:none!important}");
        return css.ToString();
    }

    private static string Hosts(params string[] hosts) =>
        string.Join(',', hosts.SelectMany(h => new[] { $"{h} .rk-figure", $"{h} .rk-svg" }));
}
