namespace ResearchKit.Cli;

/// <summary>What the report's index adds to the style sheet of all pages. Verdicts differ by mark and word as well as by colour.</summary>
internal static class ReportStyle
{
    public const string Css = """

        :root { --good: #1a6b3a; --open: #8a5a00; }
        @media (prefers-color-scheme: dark) { :root { --good: #93cf9f; --open: #eab179; } }
        .page.plain { grid-template-columns: minmax(0, 62rem); }
        .lead { max-width: 46rem; color: var(--soft); }
        .verdict { margin: 1.8rem 0 1.4rem; padding: 0.9rem 1.2rem; border-left: 0.3rem solid; border-radius: 0 4px 4px 0; background: var(--code); font-size: 1.15rem; }
        .verdict strong { margin-right: 0.4rem; }
        .verdict.good { border-color: var(--good); } .verdict.bad { border-color: var(--bad); } .verdict.open { border-color: var(--open); }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 0.5rem 1.5rem; margin: 0; font: 0.875rem/1.45 var(--sans); }
        .facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
        .wide table { display: table; width: 100%; font: 0.875rem/1.5 var(--sans); font-variant-numeric: tabular-nums; }
        .wide { overflow-x: auto; }
        .wide td { border-bottom: 1px solid var(--line); padding-top: 0.5rem; padding-bottom: 0.5rem; }
        tr:target { background: var(--mark); }
        small { display: block; color: var(--soft); }
        span.good { color: var(--good); white-space: nowrap; } span.bad { color: var(--bad); font-weight: 600; white-space: nowrap; } span.open { color: var(--open); white-space: nowrap; }
        .problem td { color: var(--bad); background: var(--bad-paper); padding-left: 0.8rem; } .problem pre { margin: 0.4rem 0 0; color: var(--ink); }
        @media print { .page { padding: 0; } a { color: inherit; } }

        """;
}
