namespace ResearchKit.Cli;

/// <summary>The report's style sheet. Verdicts differ by mark and word as well as by colour.</summary>
internal static class ReportStyle
{
    public const string Css = """

        :root { color-scheme: light dark; --ink:#1b1f24; --soft:#59636e; --paper:#fff; --line:#d8dee4; --band:#f6f8fa; --link:#0b57d0; --good:#1a7f37; --bad:#b42318; --open:#8a5a00; }
        @media (prefers-color-scheme: dark) { :root { --ink:#e6edf3; --soft:#9aa5b1; --paper:#0d1117; --line:#30363d; --band:#161b22; --link:#79b8ff; --good:#56d364; --bad:#ff7b72; --open:#e3b341; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 68rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
        h1 { font-size: 2.1rem; line-height: 1.2; letter-spacing: -.02em; margin: 0 0 .75rem; }
        h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; }
        .lead { max-width: 46rem; color: var(--soft); margin: 0; }
        a { color: var(--link); text-underline-offset: .15em; }
        .verdict { margin: 2rem 0 1.5rem; padding: 1rem 1.25rem; border-left: .35rem solid; border-radius: .25rem; background: var(--band); font-size: 1.15rem; }
        .verdict strong { margin-right: .4rem; }
        .verdict.good { border-color: var(--good); } .verdict.bad { border-color: var(--bad); } .verdict.open { border-color: var(--open); }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .5rem 1.5rem; margin: 0; font-size: .9rem; }
        .facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .93rem; font-variant-numeric: tabular-nums; }
        th { text-align: left; font-weight: 600; color: var(--soft); white-space: nowrap; }
        th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        tr:target { background: var(--band); }
        small { display: block; color: var(--soft); }
        span.good { color: var(--good); white-space: nowrap; } span.bad { color: var(--bad); font-weight: 600; white-space: nowrap; } span.open { color: var(--open); white-space: nowrap; }
        .problem td { color: var(--bad); } .problem pre { margin: .4rem 0 0; overflow-x: auto; color: var(--ink); }
        code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: .9em; }
        footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
        @media print { main { padding: 0; max-width: none; } a { color: inherit; } }

        """;
}
